package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranspositionTest {
    private static final float UNTOUCHED = -7f;

    /** With gaps between the rows on either side, which stay as they are. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "16, 16", "3, 33", "33, 3"})
    void rowsBecomeColumns(int rows, int columns) {
        int from = 3;
        int stride = columns + 2;
        int to = 5;
        int outStride = rows + 1;
        float[] x = random(from + rows * stride);
        float[] out = new float[to + columns * outStride];
        Arrays.fill(out, UNTOUCHED);
        Transposition.transpose(rows, columns, x, from, stride, out, to, outStride);
        for (int i = 0; i < out.length; i++) {
            int column = (i - to) / outStride;
            int row = (i - to) % outStride;
            boolean written = i >= to && row < rows;
            assertEquals(written ? x[from + row * stride + column] : UNTOUCHED, out[i], "value " + i);
        }
    }

    private static float[] random(int size) {
        Random random = new Random(1);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
