package unweave.explain.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import unweave.engine.file.AtomicFile;

/** Results in files that appear whole or not at all; a failure is told with the free space that is left. */
public final class ResultFile {

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to the stream; need not close it. An exception removes what was written. */
        void writeTo(OutputStream out) throws IOException;
    }

    private ResultFile() {}

    /** Writes the bytes. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, out -> out.write(bytes));
    }

    /**
     * Writes a file, replacing one of the same name; its folder must exist. After a failure neither a part of the file
     * nor the temporary one is left, and an older file of the name is as it was.
     *
     * @throws IOException with one line that names the file, the cause and the free space, for example when the disk is
     *     full
     */
    public static void write(Path file, Content content) throws IOException {
        try {
            AtomicFile.replace(file, channel -> {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
            });
        } catch (IOException e) {
            throw new IOException(file + ": cannot be written: " + reason(e) + freeSpace(file), e);
        }
    }

    /**
     * What went wrong in a few words; the file system's exceptions carry the file name first, which the message has
     * already.
     */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such folder";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String freeSpace(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            double mebibytes = Files.getFileStore(folder).getUsableSpace() / (1024.0 * 1024.0);
            return String.format(Locale.ROOT, " (%.1f MiB free in %s)", mebibytes, folder);
        } catch (IOException e) {
            return "";
        }
    }
}
