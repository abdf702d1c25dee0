package unweave.explain.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads labels for the fuzzer, which lies in another package. */
public final class LabelFile {
    private LabelFile() {}

    public static List<String> read(Path file) throws IOException {
        return Labels.read(file);
    }
}
