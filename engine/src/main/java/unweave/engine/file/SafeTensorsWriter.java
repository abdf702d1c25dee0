package unweave.engine.file;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a safetensors file. Tensors keep the order in which they were added, and equal content gives equal bytes.
 *
 * <pre>{@code
 * new SafeTensorsWriter().metadata("format", "...").add("a", values, rows, columns).write(file);
 * }</pre>
 */
public final class SafeTensorsWriter {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final int CHUNK = 1 << 20;

    private final JsonObject metadata = new JsonObject();
    private final JsonObject header = new JsonObject();
    private final List<Tensor> tensors = new ArrayList<>();
    private long offset;

    /** Puts value number {@code index} of a tensor into a buffer. */
    private interface Values {
        void put(ByteBuffer buffer, int index);
    }

    private record Tensor(DataType type, int size, Values values) {}

    /** Adds a text about the file. */
    public SafeTensorsWriter metadata(String key, String value) {
        metadata.addProperty(key, value);
        return this;
    }

    /** Adds an F32 tensor; {@code values} must not change before the file is written. */
    public SafeTensorsWriter add(String name, float[] values, int... shape) {
        return add(name, DataType.F32, values.length, shape, (buffer, i) -> buffer.putFloat(values[i]));
    }

    /** Adds an F64 tensor. */
    public SafeTensorsWriter add(String name, double[] values, int... shape) {
        return add(name, DataType.F64, values.length, shape, (buffer, i) -> buffer.putDouble(values[i]));
    }

    /** Adds an I32 tensor. */
    public SafeTensorsWriter add(String name, int[] values, int... shape) {
        return add(name, DataType.I32, values.length, shape, (buffer, i) -> buffer.putInt(values[i]));
    }

    /** Adds an I64 tensor. */
    public SafeTensorsWriter add(String name, long[] values, int... shape) {
        return add(name, DataType.I64, values.length, shape, (buffer, i) -> buffer.putLong(values[i]));
    }

    private SafeTensorsWriter add(String name, DataType type, int size, int[] shape, Values values) {
        long expected = 1;
        JsonArray lengths = new JsonArray();
        for (int length : shape) {
            expected *= length;
            lengths.add(length);
        }
        if (expected != size || header.has(name)) {
            throw new IllegalArgumentException("tensor " + name + ": "
                    + (header.has(name)
                            ? "was added already"
                            : "shape " + Arrays.toString(shape) + " does not hold " + size + " values"));
        }
        JsonArray offsets = new JsonArray();
        offsets.add(offset);
        offset += (long) size * type.bytes();
        offsets.add(offset);
        JsonObject entry = new JsonObject();
        entry.addProperty("dtype", type.name());
        entry.add("shape", lengths);
        entry.add("data_offsets", offsets);
        header.add(name, entry);
        tensors.add(new Tensor(type, size, values));
        return this;
    }

    /**
     * Writes to a temporary file beside {@code file}, which then replaces it in one step; on failure nothing is left
     * behind.
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, channel -> {
            writeFully(channel, ByteBuffer.wrap(headerBytes()));
            for (Tensor tensor : tensors) {
                writeTensor(channel, tensor);
            }
            channel.force(true);
        });
    }

    /** Length and JSON, padded with spaces so that the data begins at a multiple of 8 bytes. */
    private byte[] headerBytes() {
        JsonObject whole = new JsonObject();
        if (metadata.size() > 0) {
            whole.add("__metadata__", metadata);
        }
        header.entrySet().forEach(entry -> whole.add(entry.getKey(), entry.getValue()));
        byte[] json = GSON.toJson(whole).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return ByteBuffer.allocate(8 + padded.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length)
                .put(padded)
                .array();
    }

    private static void writeTensor(FileChannel channel, Tensor tensor) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.values().put(buffer, i);
            if (!buffer.hasRemaining()) {
                writeFully(channel, buffer.flip());
                buffer.clear();
            }
        }
        writeFully(channel, buffer.flip());
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
