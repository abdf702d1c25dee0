package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * {@link MicroKernel} in plain Java, the scalar twin. One row at a time; the sums of a row are independent local
 * variables, which stay in registers and do not wait for one another.
 */
final class ScalarMicroKernel implements MicroKernel {
    private static final int LANES = 4;

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public int wideRows() {
        return 1;
    }

    @Override
    public int narrowRows() {
        return 1;
    }

    @Override
    public void multiplyWide(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        float[] bias = product.bias;
        int aStart = product.aStart + product.rowStart[row];
        int j = product.biasStart;
        float s0 = bias[j];
        float s1 = bias[j + 1];
        float s2 = bias[j + 2];
        float s3 = bias[j + 3];
        float s4 = bias[j + 4];
        float s5 = bias[j + 5];
        float s6 = bias[j + 6];
        float s7 = bias[j + 7];
        for (int k = 0, i = product.bStart; k < product.depth; k++, i += product.bStride) {
            float x = a[aStart + product.offset[k]];
            s0 += x * b[i];
            s1 += x * b[i + 1];
            s2 += x * b[i + 2];
            s3 += x * b[i + 3];
            s4 += x * b[i + 4];
            s5 += x * b[i + 5];
            s6 += x * b[i + 6];
            s7 += x * b[i + 7];
        }
        store(s0, s1, s2, s3, product.floor, c, cStart);
        store(s4, s5, s6, s7, product.floor, c, cStart + LANES);
    }

    @Override
    public void multiplyNarrow(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        float[] bias = product.bias;
        int aStart = product.aStart + product.rowStart[row];
        int j = product.biasStart;
        float s0 = bias[j];
        float s1 = bias[j + 1];
        float s2 = bias[j + 2];
        float s3 = bias[j + 3];
        for (int k = 0, i = product.bStart; k < product.depth; k++, i += product.bStride) {
            float x = a[aStart + product.offset[k]];
            s0 += x * b[i];
            s1 += x * b[i + 1];
            s2 += x * b[i + 2];
            s3 += x * b[i + 3];
        }
        store(s0, s1, s2, s3, product.floor, c, cStart);
    }

    private static void store(float s0, float s1, float s2, float s3, float floor, float[] c, int i) {
        c[i] = Math.max(s0, floor);
        c[i + 1] = Math.max(s1, floor);
        c[i + 2] = Math.max(s2, floor);
        c[i + 3] = Math.max(s3, floor);
    }

    @Override
    public void sumRows(TableProduct product, float[] c, int cStart) {
        Arrays.fill(c, cStart, cStart + LANES, 0f);
        for (int k = 0; k < product.depth; k++) {
            for (int j = 0; j < LANES; j++) {
                c[cStart + j] += product.b[product.bStart + k * product.bStride + j];
            }
        }
    }
}
