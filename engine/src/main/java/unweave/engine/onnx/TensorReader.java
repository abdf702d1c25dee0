package unweave.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code TensorProto}: the values lie in {@code raw_data}, in a field of their type, or in a second file. */
final class TensorReader {
    /** What a real tensor has at most; a bound on what a damaged file makes us allocate. */
    private static final int MOST_DIMS = 32;

    private final Path file;

    private String name = "";
    private ElementType type = ElementType.UNDEFINED;
    private final List<Long> dims = new ArrayList<>();
    private ByteBuffer raw;
    private final Map<String, String> external = new HashMap<>();
    private boolean isExternal;
    /** Varints of int32_data, int64_data and uint64_data, before the type is known. */
    private long[] typed = new long[0];

    private int typedCount;
    /** Bytes of float_data and double_data. */
    private final List<ByteBuffer> fixed = new ArrayList<>();

    private TensorReader(Path file) {
        this.file = file;
    }

    static OnnxTensor read(Path file, ProtobufMessage message) throws IOException {
        TensorReader reader = new TensorReader(file);
        while (message.next()) {
            reader.field(message);
        }
        try {
            return reader.tensor();
        } catch (Malformed e) {
            throw new Malformed("tensor \"" + shortened(reader.name) + "\" " + e.getMessage());
        }
    }

    private void field(ProtobufMessage message) {
        switch (message.field()) {
            case 1 -> message.varints(this::addDim);
            case 2 -> type = ElementType.of(message.varint());
            case 3 -> throw new Malformed("has a tensor in segments, which no version of ONNX writes");
            case 4 -> fixed.add(message.fixed(Float.BYTES));
            case 5, 7, 11 -> message.varints(this::addTyped);
            case 8 -> name = message.text();
            case 9 -> raw = message.bytes();
            case 10 -> fixed.add(message.fixed(Double.BYTES));
            case 13 -> {
                Map.Entry<String, String> entry = entry(message.message());
                external.put(entry.getKey(), entry.getValue());
            }
            case 14 -> isExternal = message.varint() == 1;
            default -> {}
        }
    }

    private void addDim(long dim) {
        if (dims.size() == MOST_DIMS) {
            throw new Malformed("has a tensor of more than " + MOST_DIMS + " dims");
        }
        dims.add(dim);
    }

    private void addTyped(long value) {
        if (typedCount == typed.length) {
            typed = Arrays.copyOf(typed, Math.max(16, 2 * typedCount));
        }
        typed[typedCount++] = value;
    }

    /** A {@code StringStringEntryProto}. */
    static Map.Entry<String, String> entry(ProtobufMessage message) {
        String key = "";
        String value = "";
        while (message.next()) {
            if (message.field() == 1) {
                key = message.text();
            } else if (message.field() == 2) {
                value = message.text();
            }
        }
        return Map.entry(key, value);
    }

    private OnnxTensor tensor() throws IOException {
        int[] shape = new int[dims.size()];
        long size = 1;
        for (int i = 0; i < shape.length; i++) {
            long dim = dims.get(i);
            if (dim < 0 || dim > Integer.MAX_VALUE || size * dim > Integer.MAX_VALUE) {
                throw new Malformed("declares dims " + dims + ", which is more than any array holds");
            }
            shape[i] = (int) dim;
            size *= dim;
        }
        if (isExternal) {
            return external(shape, (int) size);
        }
        if (type.bytes() == 0) {
            // Nothing that is computed here reads text; its values are passed over.
            return OnnxTensor.inside(file, name, type, shape, (int) size, ByteBuffer.allocate(0));
        }
        ByteBuffer bytes = raw != null ? raw : fixed.isEmpty() ? fromVarints() : joined();
        if (bytes.remaining() != size * type.bytes()) {
            throw new Malformed("declares dims " + dims + " of " + type + ", which are " + size * type.bytes()
                    + " bytes, but holds " + bytes.remaining());
        }
        return OnnxTensor.inside(file, name, type, shape, (int) size, bytes);
    }

    private ByteBuffer fromVarints() {
        if (typedCount > 0 && !type.isInteger() && type != ElementType.FLOAT16 && type != ElementType.BFLOAT16) {
            throw new Malformed("is of type " + type + ", but holds whole numbers");
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(typedCount, type.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < typedCount; i++) {
            switch (type.bytes()) {
                case 1 -> bytes.put((byte) typed[i]);
                case 2 -> bytes.putShort((short) typed[i]);
                case 4 -> bytes.putInt((int) typed[i]);
                default -> bytes.putLong(typed[i]);
            }
        }
        return bytes.flip();
    }

    private ByteBuffer joined() {
        if (type != ElementType.FLOAT && type != ElementType.DOUBLE) {
            throw new Malformed("is of type " + type + ", but holds real numbers");
        }
        if (fixed.size() == 1) {
            return fixed.get(0);
        }
        ByteBuffer all = ByteBuffer.allocate(
                fixed.stream().mapToInt(ByteBuffer::remaining).sum());
        fixed.forEach(all::put);
        return all.flip();
    }

    private OnnxTensor external(int[] shape, int size) throws IOException {
        String location = external.getOrDefault("location", "");
        Path second = secondFile(location);
        long offset = number("offset", 0);
        long length = (long) size * type.bytes();
        if (type.bytes() == 0 || number("length", length) != length) {
            throw new Malformed("declares dims " + dims + " of " + type + ", which are " + length + " bytes, but "
                    + external.get("length") + " of " + shortened(location));
        }
        if (offset < 0 || offset > Files.size(second) - length) {
            throw new Malformed("lies at bytes " + offset + " to " + (offset + length) + " of " + shortened(location)
                    + ", which holds " + Files.size(second) + "; is it the file that was exported with this one?");
        }
        return OnnxTensor.external(file, name, type, shape, size, second, offset);
    }

    /** A file in the folder of the model or in one below; a file may not make us read another place. */
    private Path secondFile(String location) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path second;
        try {
            second = folder.resolve(location).normalize();
        } catch (InvalidPathException e) {
            throw new Malformed("has its values in a file of the impossible name \"" + shortened(location) + "\"");
        }
        if (location.isEmpty() || Path.of(location).isAbsolute() || !second.startsWith(folder.normalize())) {
            throw new Malformed("has its values in \"" + shortened(location)
                    + "\", which is not a file in the folder of the model");
        }
        if (!Files.exists(second)) {
            throw new Malformed("has its values in a second file, " + shortened(location)
                    + ", which is missing (looked for it at " + second + "); put it beside the model");
        }
        if (!second.toRealPath().startsWith(folder.toRealPath()) || !Files.isRegularFile(second)) {
            throw new Malformed("has its values in " + shortened(location)
                    + ", which leads out of the folder of the model; put the file itself there");
        }
        return second;
    }

    private long number(String key, long otherwise) {
        String value = external.get(key);
        try {
            return value == null ? otherwise : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new Malformed("has external data with " + key + " \"" + shortened(value) + "\", which is no number");
        }
    }

    /** Text of a file as part of a message. */
    static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= 80
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 80)) + "...";
    }
}
