package unweave.engine.file;

import java.nio.file.Files;
import java.nio.file.Path;

/** What readers of files ask before they open one. */
public final class InputFile {
    private InputFile() {}

    /**
     * Refuses what is there but is no file. To open a pipe is to wait for whoever writes to it, perhaps for ever, and a
     * device may have no end. A file that is missing is left to the reader's own message.
     *
     * @throws ModelFileException in one line
     */
    public static void require(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ModelFileException(
                    file,
                    Files.isDirectory(file)
                            ? "is a folder, not a file"
                            : "is a pipe or a device, not a file; save what it gives to a file first");
        }
    }
}
