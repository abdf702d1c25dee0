package unweave.kernels.cpu;

import unweave.kernels.Attention;
import unweave.kernels.Floats;

/** {@link Attention} on arrays. Products run one after the other, each on all threads. */
final class AttentionKernels implements Attention {
    private final WorkerPool pool;
    private final CpuMemory memory;
    private final ConvolutionKernels convolutions;

    AttentionKernels(WorkerPool pool, CpuMemory memory, ConvolutionKernels convolutions) {
        this.pool = pool;
        this.memory = memory;
        this.convolutions = convolutions;
    }

    @Override
    public void softmax(int width, Floats x, Floats y) {
        float[] in = memory.array(x);
        float[] out = memory.array(y);
        int rows = in.length / width;
        Elements.requireSize(rows * width, in, out);
        Elements.forEachRow(pool, rows, width, (from, to) -> {
            for (int r = from; r < to; r++) {
                softmax(width, r * width, in, out);
            }
        });
    }

    /** One row, which begins at {@code at}. */
    private static void softmax(int width, int at, float[] x, float[] y) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + width; i++) {
            largest = Math.max(largest, x[i]);
        }
        double sum = 0;
        for (int i = at; i < at + width; i++) {
            double power = Math.exp((double) x[i] - largest);
            y[i] = (float) power;
            sum += power;
        }
        double factor = 1 / sum;
        for (int i = at; i < at + width; i++) {
            y[i] = (float) (y[i] * factor);
        }
    }

    @Override
    public void softmaxBackward(int width, Floats y, Floats dy, Floats dx) {
        float[] out = memory.array(y);
        float[] gradient = memory.array(dy);
        float[] result = memory.array(dx);
        int rows = gradient.length / width;
        int rowsOfY = out.length / width;
        Elements.requireSize(rows * width, gradient, result);
        Elements.requireSize(rowsOfY * width, out);
        if (rowsOfY == 0 || rows % rowsOfY != 0) {
            throw new IllegalArgumentException(rowsOfY + " rows do not repeat in " + rows + " rows");
        }
        Elements.forEachRow(pool, rows, width, (from, to) -> {
            for (int r = from; r < to; r++) {
                softmaxBackward(width, r % rowsOfY * width, out, r * width, gradient, result);
            }
        });
    }

    private static void softmaxBackward(int width, int atY, float[] y, int at, float[] dy, float[] dx) {
        double sum = 0;
        for (int c = 0; c < width; c++) {
            sum += (double) y[atY + c] * dy[at + c];
        }
        for (int c = 0; c < width; c++) {
            dx[at + c] = (float) (y[atY + c] * (dy[at + c] - sum));
        }
    }

    @Override
    public void matmul(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        int products = Math.toIntExact(c.size() / ((long) m * n));
        int ofA = Attention.matrices(a, (long) m * k, products);
        int ofB = Attention.matrices(b, (long) k * n, products);
        float[] first = memory.array(a);
        float[] second = memory.array(b);
        float[] result = memory.array(c, (long) products * m * n);
        for (int i = 0; i < products; i++) {
            int fromA = i % ofA * m * k;
            int fromB = i % ofB * k * n;
            convolutions.gemm(transposeA, transposeB, m, n, k, first, fromA, second, fromB, result, i * m * n);
        }
    }
}
