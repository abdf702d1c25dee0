package unweave.kernels.cuda;

import unweave.kernels.Attention;
import unweave.kernels.Floats;

/** {@link Attention} on the GPU: {@code softmax.cu}, and cuBLAS for the products. */
final class CudaAttention implements Attention {
    private final CudaDevice device;

    CudaAttention(CudaDevice device) {
        this.device = device;
    }

    @Override
    public void softmax(int width, Floats x, Floats y) {
        int rows = ElementLaunches.rows(width, x);
        ElementLaunches.requireSize(x.size(), y);
        int lanes = lanes(width);
        device.kernel("softmax")
                .value(width)
                .value(lanes)
                .in(x)
                .in(y)
                .value(rows)
                .over((long) rows * lanes)
                .work(12.0 * x.size(), 2.0 * Float.BYTES * x.size())
                .run();
    }

    @Override
    public void softmaxBackward(int width, Floats y, Floats dy, Floats dx) {
        int rows = ElementLaunches.rows(width, dy);
        ElementLaunches.requireSize(dy.size(), dx);
        ElementLaunches.period(y, dy.size());
        int lanes = lanes(width);
        device.kernel("softmaxBackward")
                .value(width)
                .value(lanes)
                .in(y)
                .value(ElementLaunches.rows(width, y))
                .in(dy)
                .in(dx)
                .value(rows)
                .over((long) rows * lanes)
                .work(4.0 * dy.size(), Float.BYTES * (2.0 * dy.size() + y.size()))
                .run();
    }

    private static int lanes(int width) {
        return Math.min(32, ElementLaunches.powerOfTwoFrom(width));
    }

    @Override
    public void matmul(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        long sizeA = (long) m * k;
        long sizeB = (long) k * n;
        long sizeC = (long) m * n;
        int products = Math.toIntExact(c.size() / sizeC);
        ElementLaunches.requireSize(products * sizeC, c);
        int ofA = Attention.matrices(a, sizeA, products);
        int ofB = Attention.matrices(b, sizeB, products);
        int run = run(ofA, ofB);
        for (int first = 0; first < products; first += run) {
            device.blas()
                    .sgemmStridedBatched(
                            transposeA,
                            transposeB,
                            m,
                            n,
                            k,
                            1f,
                            device.own(a).address() + Float.BYTES * (first % ofA * sizeA),
                            transposeA ? m : k,
                            ofA == 1 ? 0 : sizeA,
                            device.own(b).address() + Float.BYTES * (first % ofB * sizeB),
                            transposeB ? k : n,
                            ofB == 1 ? 0 : sizeB,
                            0f,
                            device.own(c).address() + Float.BYTES * (first * sizeC),
                            n,
                            sizeC,
                            run);
        }
    }

    /** How many products one call takes: the matrices of both operands lie at equal distances, or are the same one. */
    private static int run(int ofA, int ofB) {
        int fewer = Math.min(ofA, ofB);
        int more = Math.max(ofA, ofB);
        if (fewer == 1) {
            return more;
        }
        return more % fewer == 0 ? fewer : 1;
    }
}
