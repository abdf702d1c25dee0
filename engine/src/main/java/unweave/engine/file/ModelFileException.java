package unweave.engine.file;

import java.nio.file.Path;
import unweave.kernels.BadInputException;

/** A file that is missing, damaged, or of another kind than it should be; the message begins with its name. */
public final class ModelFileException extends BadInputException {
    private static final long serialVersionUID = 1L;

    public ModelFileException(Path file, String what) {
        super(file.getFileName() + ": " + what);
    }

    /** As {@link #ModelFileException(Path, String)}, with what caused it. */
    public ModelFileException(Path file, String what, Throwable cause) {
        super(file.getFileName() + ": " + what, cause);
    }
}
