package unweave.audio.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file under a temporary name in the same folder and renames it when it is complete. The name is
 * {@code .unweave-(32 random digits).part}, as the engine's temporary files have it, so that whoever cleans a folder
 * knows both.
 */
final class AtomicFile {

    /** What goes into the file. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /** @throws SoundFormatException when anything fails: one line; the temporary file is gone by then */
    static void write(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new SoundFormatException(file + ": cannot be written, there is no folder " + folder);
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) { // as root, a rename would replace even /dev/null
            throw new SoundFormatException(file + ": cannot be written, it is a "
                    + (Files.isDirectory(file) ? "folder" : "pipe or a device, not a file"));
        }
        // Not Files.createTempFile: its files are readable by their owner only, and stay so after the rename.
        Path unfinished =
                folder.resolve(".unweave-" + UUID.randomUUID().toString().replace("-", "") + ".part");
        boolean created = false;
        try {
            try (OutputStream out =
                    Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                created = true;
                content.writeTo(out);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SoundFormatException(file + ": could not be written, nothing was kept: " + reason(e), e);
        } finally {
            if (created) {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    /** "No space left on device", without the names that file system exceptions put around it. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "the folder takes no new files";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
