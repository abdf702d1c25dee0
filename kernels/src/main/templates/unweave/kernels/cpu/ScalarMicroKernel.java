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

    //: each name in Wide Narrow, sums in 8 4
    @Override
    public void multiply$name(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int aStart = product.aStart + product.rowStart[row];
        //: each s < $sums
        float s$s = product.bias[product.biasStart + $s];
        //: end
        for (int k = 0, i = product.bStart; k < product.depth; k++, i += product.bStride) {
            float x = a[aStart + product.offset[k]];
            //: each s < $sums
            s$s += x * b[i + $s];
            //: end
        }
        //: each s < $sums
        c[cStart + $s] = Math.max(s$s, product.floor);
        //: end
    }

    //: end
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
