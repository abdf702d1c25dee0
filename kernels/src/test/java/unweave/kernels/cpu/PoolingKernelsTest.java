package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import unweave.kernels.PoolShape;
import unweave.kernels.reference.ReferencePooling;

/** Pooling against its definition over many shapes, scalar and SIMD. */
class PoolingKernelsTest {
    private static final int[] CHANNELS = {1, 2, 3, 4, 7, 8, 16, 17, 33, 64};
    private static final List<Boolean> KINDS = VectorSupport.available() ? List.of(false, true) : List.of(false);

    @Tag("vector-width")
    @Test
    void maxPoolingComputesTheDefinition() {
        for (boolean vectors : KINDS) {
            try (WorkerPool pool = new WorkerPool(2)) {
                PoolingKernels kernels = new PoolingKernels(pool, new CpuMemory(), vectors);
                Random random = new Random(2);
                for (int i = 0; i < 200; i++) {
                    checkMax(kernels, randomShape(random), random);
                    checkMax(kernels, uncommonShape(random), random);
                }
                checkMax(kernels, PoolShape.square(3, 64, 64, 32, 2), random);
            }
        }
    }

    @Test
    void averagePoolingComputesTheDefinition() {
        try (WorkerPool pool = new WorkerPool(2)) {
            PoolingKernels kernels = new PoolingKernels(pool, new CpuMemory(), false);
            Random random = new Random(3);
            for (int i = 0; i < 200; i++) {
                checkAverage(kernels, randomShape(random), random);
                checkAverage(kernels, uncommonShape(random), random);
            }
        }
    }

    @Tag("vector-width")
    @Test
    void theFirstNotANumberWins() {
        PoolShape shape = new PoolShape(1, 2, 2, 16, 2, 2, 2, 2, 0, 0);
        for (boolean vectors : KINDS) {
            try (WorkerPool pool = new WorkerPool(1)) {
                float[] x = new float[64];
                Arrays.fill(x, 16, 32, Float.NaN);
                Arrays.fill(x, 32, 48, Float.POSITIVE_INFINITY);
                Arrays.fill(x, 48, 64, Float.NaN);
                float[] y = new float[16];
                int[] winners = new int[16];
                new PoolingKernels(pool, new CpuMemory(), vectors).maxPoolForward(shape, x, y, winners);
                for (int c = 0; c < 16; c++) {
                    assertEquals(Float.NaN, y[c]);
                    assertEquals(1, winners[c]);
                }
            }
        }
    }

    /** Values are drawn from few numbers, so that windows often hold the largest one more than once. */
    private static void checkMax(PoolingKernels kernels, PoolShape shape, Random random) {
        float[] x = new float[(int) shape.inputSize()];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(200) == 0 ? Float.NaN : random.nextInt(5) - 2;
        }
        double[] y = new double[(int) shape.outputSize()];
        int[] winners = new int[y.length];
        ReferencePooling.maxPoolForward(shape, doubles(x), y, winners);
        float[] yResult = new float[y.length];
        int[] winnersResult = new int[y.length];
        kernels.maxPoolForward(shape, x, yResult, winnersResult);
        assertArrayEquals(y, doubles(yResult), shape + " largest");
        assertArrayEquals(winners, winnersResult, shape + " winners");

        PoolShape threeMaps = shape.withBatch(3 * shape.batch());
        float[] dy = gaussian(random, threeMaps.outputSize());
        double[] dx = new double[(int) threeMaps.inputSize()];
        ReferencePooling.maxPoolBackward(threeMaps, doubles(dy), winners, dx);
        float[] dxResult = new float[dx.length];
        Arrays.fill(dxResult, 7f);
        kernels.maxPoolBackward(threeMaps, dy, winners, dxResult);
        assertArrayEquals(dx, doubles(dxResult), 1e-5, shape + " backward");
    }

    private static void checkAverage(PoolingKernels kernels, PoolShape shape, Random random) {
        float[] x = gaussian(random, shape.inputSize());
        float[] dy = gaussian(random, shape.outputSize());
        double[] y = new double[dy.length];
        double[] dx = new double[x.length];
        ReferencePooling.avgPoolForward(shape, doubles(x), y);
        ReferencePooling.avgPoolBackward(shape, doubles(dy), dx);
        float[] yResult = new float[y.length];
        float[] dxResult = new float[dx.length];
        Arrays.fill(dxResult, 7f);
        kernels.avgPoolForward(shape, x, yResult);
        kernels.avgPoolBackward(shape, dy, dxResult);
        assertArrayEquals(y, doubles(yResult), 1e-6, shape + " forward");
        assertArrayEquals(dx, doubles(dxResult), 1e-5, shape + " backward");
    }

    /** Half of the shapes have windows that touch without overlap and padding, since these take another path. */
    private static PoolShape randomShape(Random random) {
        int kernelHeight = 1 + random.nextInt(4);
        int kernelWidth = 1 + random.nextInt(4);
        boolean touching = random.nextBoolean();
        return new PoolShape(
                1 + random.nextInt(3),
                4 + random.nextInt(12),
                4 + random.nextInt(12),
                CHANNELS[random.nextInt(CHANNELS.length)],
                kernelHeight,
                kernelWidth,
                touching ? kernelHeight : 1 + random.nextInt(3),
                touching ? kernelWidth : 1 + random.nextInt(3),
                touching ? 0 : random.nextInt(kernelHeight / 2 + 1),
                touching ? 0 : random.nextInt(kernelWidth / 2 + 1));
    }

    /** Any padding, dilation and windows beyond the padding, as far as every window holds a cell. */
    private static PoolShape uncommonShape(Random random) {
        while (true) {
            int[] padding = random.ints(4, 0, 4).toArray();
            try {
                return new PoolShape(
                        1 + random.nextInt(2),
                        1 + random.nextInt(12),
                        1 + random.nextInt(12),
                        CHANNELS[random.nextInt(CHANNELS.length)],
                        1 + random.nextInt(4),
                        1 + random.nextInt(4),
                        1 + random.nextInt(4),
                        1 + random.nextInt(4),
                        padding[0],
                        padding[1],
                        padding[2],
                        padding[3],
                        1 + random.nextInt(3),
                        1 + random.nextInt(3),
                        random.nextBoolean(),
                        random.nextBoolean());
            } catch (IllegalArgumentException noWindows) {
                // Draw another.
            }
        }
    }

    private static float[] gaussian(Random random, long size) {
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }
}
