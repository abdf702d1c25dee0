package unweave.engine.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that appear whole or not at all: written beside their place under a temporary name, then renamed. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Fills an existing, empty file. */
    public interface Content {
        void writeTo(Path temporary) throws IOException;
    }

    /**
     * Replaces {@code file}. Readers see the old or the new content, even if the program is killed in between; a
     * temporary file may then remain. If writing fails, the temporary file is removed and the old content stays.
     *
     * @throws ModelFileException naming the file, when it cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        try {
            replace(file, content);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(
                    file,
                    "cannot be written, there is no folder "
                            + file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new ModelFileException(
                    file, "cannot be written to " + file.toAbsolutePath().getParent() + " (" + reason(e) + ")", e);
        }
    }

    /** As {@link #write}, with the file system's own exceptions. */
    public static void replace(Path file, Content content) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        boolean done = false;
        try {
            Files.write(temporary, new byte[0]);
            content.writeTo(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    private static String reason(IOException e) {
        String name = e.getClass().getSimpleName();
        if (name.equals("AccessDeniedException")) {
            return "no permission";
        }
        return e.getMessage() == null
                ? name
                : e.getMessage().lines().findFirst().orElse(name);
    }
}
