package unweave.engine.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import unweave.kernels.BadInputException;

/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors): 8 bytes little-endian header length, a JSON
 * header, raw little-endian tensors. The header is checked when the file is opened, tensors are read when asked for;
 * {@link SafeTensorsWriter} writes such files.
 */
public final class SafeTensors implements StateDict {
    /** The longest header that is believed, as in the reference implementation. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final int CHUNK = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final long dataStart;
    private final SafeTensorsHeader header;

    private SafeTensors(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        long length = headerLength();
        this.dataStart = 8 + length;
        String json = StandardCharsets.UTF_8.decode(bytes(8, (int) length)).toString();
        try {
            this.header = new SafeTensorsHeader(json, channel.size() - dataStart);
        } catch (SafeTensorsHeader.Malformed e) {
            throw new ModelFileException(file, "not a valid safetensors file (" + e.getMessage() + ")");
        }
    }

    /** What may be meant by a folder: the one such file in it. */
    private static String inside(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(
                            entry -> String.valueOf(entry.getFileName()).endsWith(".safetensors"))
                    .toList();
            return files.size() == 1 ? "; give " + files.get(0) : "";
        }
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws ModelFileException if the file is missing, or anything but a complete safetensors file
     */
    public static SafeTensors open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(file, "is a folder, not a safetensors file" + inside(file));
        }
        InputFile.require(file);
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "no such file (looked for it at " + file.toAbsolutePath() + ")");
        }
        try {
            return new SafeTensors(file, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private long headerLength() throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw new ModelFileException(file, "not a safetensors file (only " + size + " bytes long)");
        }
        long length = bytes(0, 8).getLong();
        if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
            throw new ModelFileException(
                    file,
                    "not a safetensors file (the header length would be " + Long.toUnsignedString(length)
                            + " in a file of " + size + " bytes)");
        }
        return length;
    }

    @Override
    public Path file() {
        return file;
    }

    /** What the file says about itself, in the order of the file. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata);
    }

    /** The names of the tensors, in the order of the header. */
    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries.keySet());
    }

    @Override
    public boolean contains(String name) {
        return header.entries.containsKey(name);
    }

    /** Type and shape of a tensor. */
    public TensorEntry entry(String name) throws IOException {
        TensorEntry entry = header.entries.get(name);
        if (entry == null) {
            throw new ModelFileException(file, "has no tensor \"" + name + "\"; it holds " + some(names()));
        }
        return entry;
    }

    @Override
    public List<Integer> shape(String name) throws IOException {
        return entry(name).shape();
    }

    @Override
    public float[] floats(String name) throws IOException {
        TensorEntry entry = entry(name);
        float[] values = new float[entry.size()];
        if (entry.type() == DataType.F32) {
            read(entry, (chunk, start) -> chunk.asFloatBuffer().get(values, start, chunk.remaining() / Float.BYTES));
        } else {
            read(entry, (chunk, start) -> {
                for (int i = start; chunk.hasRemaining(); i++) {
                    values[i] = (float) entry.type().readDouble(chunk);
                }
            });
        }
        return values;
    }

    /** The values of a tensor of any type; I64 beyond 2^53 is rounded. */
    public double[] doubles(String name) throws IOException {
        TensorEntry entry = entry(name);
        double[] values = new double[entry.size()];
        read(entry, (chunk, start) -> {
            for (int i = start; chunk.hasRemaining(); i++) {
                values[i] = entry.type().readDouble(chunk);
            }
        });
        return values;
    }

    /** The values of a tensor of a type without fractions. */
    public long[] longs(String name) throws IOException {
        TensorEntry entry = entry(name);
        if (entry.type().floating()) {
            throw new ModelFileException(file, "tensor \"" + name + "\" holds " + entry.type() + ", not whole numbers");
        }
        long[] values = new long[entry.size()];
        try {
            read(entry, (chunk, start) -> {
                for (int i = start; chunk.hasRemaining(); i++) {
                    values[i] = entry.type().readLong(chunk);
                }
            });
        } catch (BadInputException e) {
            throw new ModelFileException(file, "tensor \"" + name + "\" " + e.getMessage(), e);
        }
        return values;
    }

    /** As {@link #longs}, for values that fit 32 bits. */
    public int[] ints(String name) throws IOException {
        long[] wide = longs(name);
        int[] values = new int[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) wide[i];
            if (values[i] != wide[i]) {
                throw new ModelFileException(file, "tensor \"" + name + "\" holds " + wide[i] + ", more than 32 bits");
            }
        }
        return values;
    }

    /** Hands the bytes of a tensor in pieces to {@code target}, with the index of the first value of each. */
    private void read(TensorEntry entry, BiConsumer<ByteBuffer, Integer> target) throws IOException {
        long position = entry.begin();
        while (position < entry.end()) {
            int length = (int) Math.min(CHUNK, entry.end() - position);
            target.accept(bytes(dataStart + position, length), (int)
                    ((position - entry.begin()) / entry.type().bytes()));
            position += length;
        }
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException(file.getFileName() + ": became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private static String some(Set<String> names) {
        List<String> first = names.stream().limit(8).toList();
        return names.isEmpty()
                ? "none"
                : String.join(", ", first) + (names.size() > first.size() ? ", ... (" + names.size() + ")" : "");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
