package unweave.explain.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import unweave.kernels.BadInputException;

/** Says in one line why a file cannot be used. */
public final class UnreadableFile {
    private UnreadableFile() {}

    /** The problem as a mistake of whoever named the file. */
    public static BadInputException because(IOException problem) {
        return new BadInputException(reason(problem), problem);
    }

    /** One line; the JDK's own exceptions often carry nothing but the path. */
    public static String reason(IOException problem) {
        String message =
                String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
        boolean pathOnly = !message.contains(" ");
        if (pathOnly && (problem instanceof NoSuchFileException || problem instanceof FileNotFoundException)) {
            return message + ": no such file or folder";
        }
        if (pathOnly && problem instanceof AccessDeniedException) {
            return message + ": permission denied";
        }
        if (problem instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": " + file.getReason();
        }
        return message;
    }
}
