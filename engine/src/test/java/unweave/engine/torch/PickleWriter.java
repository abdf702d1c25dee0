package unweave.engine.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes files as {@code torch.save} does: maps, lists, texts, numbers and {@link Values}. */
final class PickleWriter {
    /** A tensor with a storage of its own, which says that it holds {@code count} values. */
    record Values(float[] values, List<Integer> shape, List<Long> stride, long offset, long count) {
        Values(float[] values, List<Integer> shape, List<Long> stride, long offset) {
            this(values, shape, stride, offset, values.length);
        }

        static Values of(float[] values, Integer... shape) {
            Long[] stride = new Long[shape.length];
            long next = 1;
            for (int i = shape.length - 1; i >= 0; i--) {
                stride[i] = next;
                next *= shape[i];
            }
            return new Values(values, List.of(shape), List.of(stride), 0);
        }
    }

    /** A function or class by its names. */
    record Name(String module, String name) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, float[]> storages = new LinkedHashMap<>();

    private byte[] pickle(Object value) throws IOException {
        out.reset();
        out.write(new byte[] {(byte) 0x80, 2});
        write(value);
        out.write('.');
        return out.toByteArray();
    }

    private void write(Object value) throws IOException {
        if (value == null) {
            out.write('N');
        } else if (value instanceof Boolean flag) {
            out.write(flag ? 0x88 : 0x89);
        } else if (value instanceof Integer number) {
            out.write('J');
            out.write(little(4).putInt(number).array());
        } else if (value instanceof BigInteger number) {
            byte[] bytes = number.toByteArray();
            out.write(new byte[] {(byte) 0x8a, (byte) bytes.length});
            for (int i = bytes.length - 1; i >= 0; i--) {
                out.write(bytes[i]);
            }
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write('X');
            out.write(little(4).putInt(bytes.length).array());
            out.write(bytes);
        } else if (value instanceof Name name) {
            out.write(("c" + name.module() + "\n" + name.name() + "\n").getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Map<?, ?> map) {
            out.write("}(".getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                write(entry.getKey());
                write(entry.getValue());
            }
            out.write('u');
        } else if (value instanceof List<?> list) {
            out.write("](".getBytes(StandardCharsets.UTF_8));
            for (Object item : list) {
                write(item);
            }
            out.write('e');
        } else {
            tensor((Values) value);
        }
    }

    private void tensor(Values tensor) throws IOException {
        String key = String.valueOf(storages.size());
        storages.put(key, tensor.values());
        write(new Name("torch._utils", "_rebuild_tensor_v2"));
        out.write("((".getBytes(StandardCharsets.UTF_8));
        write("storage");
        write(new Name("torch", "FloatStorage"));
        write(key);
        write("cpu");
        write(BigInteger.valueOf(tensor.count()));
        out.write("tQ".getBytes(StandardCharsets.UTF_8));
        write((int) tensor.offset());
        tuple(tensor.shape());
        tuple(tensor.stride());
        write(false);
        write(Map.of());
        out.write("tR".getBytes(StandardCharsets.UTF_8));
    }

    private void tuple(List<? extends Number> numbers) throws IOException {
        out.write('(');
        for (Number number : numbers) {
            write(number.intValue());
        }
        out.write('t');
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = little(Float.BYTES * values.length);
        for (float value : values) {
            bytes.putFloat(value);
        }
        byte[] array = new byte[bytes.position()];
        bytes.flip().get(array);
        return array;
    }

    /** As since PyTorch 1.6. */
    static Path zip(Path file, Object value) throws IOException {
        PickleWriter writer = new PickleWriter();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("net/data.pkl", writer.pickle(value));
        entries.put("net/byteorder", "little".getBytes(StandardCharsets.UTF_8));
        writer.storages.forEach((key, values) -> entries.put("net/data/" + key, bytes(values)));
        return zip(file, entries, ZipEntry.STORED);
    }

    static Path zip(Path file, Map<String, byte[]> entries, int method) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                CRC32 crc = new CRC32();
                crc.update(content.getValue());
                entry.setMethod(method);
                entry.setSize(content.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    /** As before PyTorch 1.6. */
    static Path legacy(Path file, Object value) throws IOException {
        PickleWriter writer = new PickleWriter();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(writer.pickle(new BigInteger("1950a86a20f9469cfc6c", 16)));
        all.write(writer.pickle(1001));
        all.write(writer.pickle(Map.of("little_endian", true)));
        all.write(writer.pickle(value));
        all.write(writer.pickle(List.copyOf(writer.storages.keySet())));
        for (float[] values : writer.storages.values()) {
            all.write(little(Long.BYTES).putLong(values.length).array());
            all.write(bytes(values));
        }
        return Files.write(file, all.toByteArray());
    }
}
