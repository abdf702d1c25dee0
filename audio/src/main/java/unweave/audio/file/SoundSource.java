package unweave.audio.file;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** An open sound file, or its bytes in memory: bytes by position, and errors that begin with its name. */
final class SoundSource implements Closeable {
    private final String name;
    private final Bytes bytes;
    private final long length;
    private final Closeable opened;

    /** Bytes by position. */
    @FunctionalInterface
    private interface Bytes {
        /** Reads some bytes from a position on. @return their number, below 0 at the end */
        int read(ByteBuffer target, long position) throws IOException;
    }

    private SoundSource(String name, Bytes bytes, long length, Closeable opened) {
        this.name = name;
        this.bytes = bytes;
        this.length = length;
        this.opened = opened;
    }

    /** A sound file that lies in memory. */
    static SoundSource of(String name, byte[] content) {
        Bytes bytes = (target, position) -> {
            int count = (int) Math.min(target.remaining(), content.length - position);
            if (count <= 0) {
                return -1;
            }
            target.put(content, (int) position, count);
            return count;
        };
        return new SoundSource(name, bytes, content.length, () -> {});
    }

    static SoundSource open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new SoundFormatException(path + ": no such file");
        }
        if (Files.isDirectory(path)) {
            throw new SoundFormatException(path + ": is a folder, not a sound file");
        }
        if (!Files.isRegularFile(path)) {
            throw new SoundFormatException(
                    path + ": is a pipe or device, not a file; save what it gives to a file first");
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new SoundSource(path.toString(), channel::read, channel.size(), channel);
        } catch (AccessDeniedException e) {
            throw new SoundFormatException(path + ": cannot be read, permission denied", e);
        }
    }

    /** The same from a byte on; closing either closes both. */
    SoundSource from(long start) {
        return start == 0
                ? this
                : new SoundSource(
                        name, (target, position) -> bytes.read(target, start + position), length - start, opened);
    }

    /** The same up to a byte. */
    SoundSource upTo(long end) {
        Bytes shorter = (target, position) -> {
            ByteBuffer part = target.slice();
            part.limit((int) Math.max(0, Math.min(part.limit(), end - position)));
            int count = part.hasRemaining() ? bytes.read(part, position) : -1;
            target.position(target.position() + Math.max(0, count));
            return count;
        };
        return new SoundSource(name, shorter, Math.min(end, length), opened);
    }

    /** Its bytes from a position on, one after the other. Closing the stream does nothing. */
    InputStream stream(long start) {
        return new BufferedInputStream(
                new InputStream() {
                    private long position = start;

                    @Override
                    public int read() throws IOException {
                        byte[] one = new byte[1];
                        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                    }

                    @Override
                    public int read(byte[] target, int offset, int count) throws IOException {
                        if (count == 0) {
                            return 0;
                        }
                        int read =
                                position < length ? bytes.read(ByteBuffer.wrap(target, offset, count), position) : -1;
                        position += Math.max(0, read);
                        return read;
                    }
                },
                1 << 16);
    }

    /** The file as it was named. */
    String name() {
        return name;
    }

    /** Bytes in the file. */
    long length() {
        return length;
    }

    /** The bytes [position, position + count), in a buffer of the given order. */
    ByteBuffer read(long position, int count, ByteOrder order) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(count).order(order);
        while (block.hasRemaining()) {
            if (bytes.read(block, position + block.position()) < 0) {
                throw error("truncated: the file ends after " + length + " bytes, inside its header");
            }
        }
        return block.flip();
    }

    /**
     * Four bytes as the ASCII text that names a chunk; others, which may come into messages, as \\x and their number.
     */
    static String tag(ByteBuffer in) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            int value = in.get() & 0xFF;
            boolean plain = value >= ' ' && value < 0x7F;
            text.append(plain ? Character.toString(value) : String.format(Locale.ROOT, "\\x%02X", value));
        }
        return text.toString();
    }

    /** Refuses rates that are none of a sound, and would ask for gigabytes elsewhere. */
    void requireRate(long rate) throws SoundFormatException {
        if (rate < SoundStream.LOWEST_RATE || rate > SoundStream.HIGHEST_RATE) {
            throw error("its header says a sample rate of " + rate + " Hz; expected " + SoundStream.LOWEST_RATE + " to "
                    + SoundStream.HIGHEST_RATE + " Hz");
        }
    }

    /** As {@link #error}, of a sound that FFmpeg may read. */
    ForeignSoundException foreign(String text) {
        return new ForeignSoundException(name + ": " + text);
    }

    /** An exception whose message is the file name and the given text. */
    SoundFormatException error(String text) {
        return new SoundFormatException(name + ": " + text);
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
