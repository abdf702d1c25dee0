package unweave.explain.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Arrays as NPY files, version 1.0, 32-bit little-endian floats in C order, as NumPy's {@code numpy.load} reads them.
 * Format: bytes {@code 0x93 N U M P Y 1 0}, the header's length (16 bits), a header in Python syntax padded with spaces
 * so that the data starts at a multiple of 64 bytes, the data. See numpy.lib.format.
 */
public final class NpyWriter {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int CHUNK_FLOATS = 1 << 14;

    private NpyWriter() {}

    /**
     * Writes a file atomically.
     *
     * @param values the last dimension fastest. Not modified
     * @param shape none for a single value
     * @throws IllegalArgumentException when the shape does not hold as many values
     */
    public static void write(Path file, float[] values, int... shape) throws IOException {
        requireShape(values.length, shape);
        ResultFile.write(file, out -> write(out, values, shape));
    }

    /** As {@link #write(Path, float[], int...)}, to a stream that is not closed. */
    public static void write(OutputStream out, float[] values, int... shape) throws IOException {
        requireShape(values.length, shape);
        out.write(header(shape));
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
            int count = Math.min(CHUNK_FLOATS, values.length - from);
            chunk.asFloatBuffer().put(values, from, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }

    /** Rows of equal length as one array, for example a map [mels][frames]. */
    public static float[] flatten(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] flat = new float[rows.length * columns];
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != columns) {
                throw new IllegalArgumentException(
                        "row " + row + " has " + rows[row].length + " values, row 0 has " + columns);
            }
            System.arraycopy(rows[row], 0, flat, row * columns, columns);
        }
        return flat;
    }

    private static byte[] header(int[] shape) {
        StringBuilder tuple = new StringBuilder();
        for (int size : shape) {
            tuple.append(size).append(shape.length == 1 ? "," : ", ");
        }
        if (shape.length > 1) {
            tuple.setLength(tuple.length() - 2);
        }
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + tuple + "), }";
        int prefix = MAGIC.length + Short.BYTES;
        int total = (prefix + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putShort((short) (total - prefix)).put(text.getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(header.array(), header.position(), total - 1, (byte) ' ');
        header.put(total - 1, (byte) '\n');
        return header.array();
    }

    private static void requireShape(int values, int[] shape) {
        long product = 1;
        for (int size : shape) {
            product *= size;
        }
        if (product != values) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " does not hold " + values + " values");
        }
    }
}
