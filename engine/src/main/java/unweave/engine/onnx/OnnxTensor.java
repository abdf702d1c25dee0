package unweave.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import unweave.engine.file.ModelFileException;

/** A constant tensor of a file. Its values are decoded when asked for, those of a second file are read then. */
public final class OnnxTensor {
    private final Path file;
    private final String name;
    private final ElementType type;
    private final int[] dims;
    private final int size;
    /** The values as the file holds them, little-endian; null if they lie in a second file. */
    private final ByteBuffer bytes;
    /** The second file, or null. */
    private final Path external;

    private final long offset;

    private OnnxTensor(
            Path file,
            String name,
            ElementType type,
            int[] dims,
            int size,
            ByteBuffer bytes,
            Path external,
            long offset) {
        this.file = file;
        this.name = name;
        this.type = type;
        this.dims = dims;
        this.size = size;
        this.bytes = bytes;
        this.external = external;
        this.offset = offset;
    }

    static OnnxTensor inside(Path file, String name, ElementType type, int[] dims, int size, ByteBuffer bytes) {
        return new OnnxTensor(file, name, type, dims, size, bytes, null, 0);
    }

    static OnnxTensor external(
            Path file, String name, ElementType type, int[] dims, int size, Path external, long offset) {
        return new OnnxTensor(file, name, type, dims, size, null, external, offset);
    }

    /** The tensor's name; may be empty where it is the value of an attribute. */
    public String name() {
        return name;
    }

    /** The type of its numbers. */
    public ElementType type() {
        return type;
    }

    /** Its dims. Not to be modified. */
    public int[] dims() {
        return dims;
    }

    /** The number of its values. */
    public int size() {
        return size;
    }

    /**
     * The values.
     *
     * @throws ModelFileException if they are no numbers, or cannot be read
     */
    public NdArray values() {
        ByteBuffer from = numbers();
        if (type.isInteger()) {
            long[] integers = new long[size];
            Arrays.setAll(integers, i -> type.readLong(from));
            return NdArray.of(type, dims, integers);
        }
        double[] numbers = new double[size];
        Arrays.setAll(numbers, i -> type.readDouble(from));
        return NdArray.of(type, dims, numbers);
    }

    /**
     * The values, rounded to float32.
     *
     * @throws ModelFileException if they are no numbers, or cannot be read
     */
    public float[] floats() {
        ByteBuffer from = numbers();
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (type.isInteger() ? type.readLong(from) : type.readDouble(from));
        }
        return values;
    }

    private ByteBuffer numbers() {
        if (!type.isFloat() && !type.isInteger()) {
            throw new ModelFileException(file, "tensor \"" + name + "\" holds " + type + ", not numbers");
        }
        NdArray.size(dims);
        return (bytes != null ? bytes.duplicate() : readExternal()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer readExternal() {
        try (FileChannel channel = FileChannel.open(external, StandardOpenOption.READ)) {
            ByteBuffer read = ByteBuffer.allocate(Math.multiplyExact(size, type.bytes()));
            while (read.hasRemaining() && channel.read(read, offset + read.position()) >= 0) {}
            if (read.hasRemaining()) {
                throw new IOException("it became shorter");
            }
            return read.flip();
        } catch (IOException e) {
            throw new ModelFileException(
                    file,
                    "tensor \"" + name + "\" cannot be read from " + external.getFileName() + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(dims);
    }
}
