package unweave.engine.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that is not what it should be. The message is one line: which file, what is wrong with it and, where it helps,
 * what would be right.
 */
public final class ModelFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public ModelFileException(Path file, String what) {
        super(file.getFileName() + ": " + what);
    }
}
