package unweave.engine.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that appear whole or not at all: written beside their place under a temporary name, then renamed.
 *
 * <p>Each attempt has a temporary name of its own, {@code .unweave-(32 random digits).part}, whatever the program, the
 * process and the machine. It is created only if nothing of that name is there, so it never leads through a link. It
 * does not hold the file's name, which may be as long as the file system allows. {@code unweave.audio.file} has the
 * same rule.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Fills a new, empty file. */
    public interface Content {
        void writeTo(FileChannel out) throws IOException;
    }

    /**
     * Replaces {@code file}; a link is replaced, not followed. Readers see the old or the new content, even if the
     * program is killed in between; a temporary file may then remain. If writing fails, the temporary file is removed
     * and the old content stays. Of several writers the last to finish wins.
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

    /**
     * As {@link #write}, with the file system's own exceptions.
     *
     * @throws FileSystemException if the place is taken by something else than a file: a folder, a device, a pipe
     */
    public static void replace(Path file, Content content) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) { // as root, a rename would replace even /dev/null
            throw new FileSystemException(
                    file.toString(),
                    null,
                    Files.isDirectory(file) ? "a folder has that name" : "it is a pipe or a device, not a file");
        }
        Path temporary = file.resolveSibling(temporaryName());
        boolean done = false;
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    private static String temporaryName() {
        return ".unweave-" + UUID.randomUUID().toString().replace("-", "") + ".part";
    }

    /**
     * Whether a file is one that a writer had not finished when it was killed, by its name; also one of before 0.1.0.
     */
    public static boolean isTemporary(String name) {
        return name.matches("\\.unweave-[0-9a-f]{32}\\.part|\\.(checkpoint|model|subspaces)\\.safetensors\\.tmp");
    }

    private static String reason(IOException e) {
        String name = e.getClass().getSimpleName();
        if (name.equals("AccessDeniedException")) {
            return "no permission";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return e.getMessage() == null
                ? name
                : e.getMessage().lines().findFirst().orElse(name);
    }
}
