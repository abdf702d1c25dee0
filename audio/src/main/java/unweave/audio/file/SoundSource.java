package unweave.audio.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open sound file: bytes by position, and errors that begin with its name. */
final class SoundSource implements Closeable {
    private final Path path;
    private final FileChannel channel;
    private final long length;

    private SoundSource(Path path, FileChannel channel, long length) {
        this.path = path;
        this.channel = channel;
        this.length = length;
    }

    static SoundSource open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new SoundFormatException(path + ": no such file");
        }
        if (Files.isDirectory(path)) {
            throw new SoundFormatException(path + ": is a folder, not a sound file");
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new SoundSource(path, channel, channel.size());
        } catch (AccessDeniedException e) {
            throw new SoundFormatException(path + ": cannot be read, permission denied", e);
        }
    }

    /** Bytes in the file. */
    long length() {
        return length;
    }

    /** The bytes [position, position + count), in a buffer of the given order. */
    ByteBuffer read(long position, int count, ByteOrder order) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(order);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw error("truncated: the file ends after " + length + " bytes, inside its header");
            }
        }
        return bytes.flip();
    }

    /** Four bytes as the ASCII text that names a chunk. */
    static String tag(ByteBuffer in) {
        byte[] text = new byte[4];
        in.get(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** An exception whose message is the file name and the given text. */
    SoundFormatException error(String text) {
        return new SoundFormatException(path + ": " + text);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
