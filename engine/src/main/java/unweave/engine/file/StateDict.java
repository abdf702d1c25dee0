package unweave.engine.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A file of named tensors, which are read when asked for. */
public interface StateDict extends AutoCloseable {
    /** The file, which messages name. */
    Path file();

    /** The names of the tensors, in the order of the file. */
    Set<String> names();

    /** Whether there is a tensor of this name. */
    boolean contains(String name);

    /**
     * The shape of a tensor.
     *
     * @throws ModelFileException if there is none of this name
     */
    List<Integer> shape(String name) throws IOException;

    /**
     * The values of a tensor of any type, the last index running fastest, rounded to float32.
     *
     * @throws ModelFileException if there is none of this name
     */
    float[] floats(String name) throws IOException;

    @Override
    void close() throws IOException;
}
