package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/** Convolutions and matrix products against their definitions, in float64, over many shapes. */
class ConvolutionKernelsTest {
    private static final int[] CHANNELS = {1, 2, 3, 7, 8, 16, 17, 33};

    @Test
    void scalarKernelsComputeTheDefinition() {
        checkShapes(false, 60);
    }

    @Tag("vector-width")
    @Test
    void vectorKernelsComputeTheDefinition() {
        assumeTrue(VectorSupport.available());
        checkShapes(true, 400);
    }

    @Test
    void resultsAreTheSameBytesForAnyNumberOfThreads() {
        List<ConvShape> shapes = List.of(
                ConvShape.same(4, 32, 32, 16, 32, 3),
                ConvShape.same(4, 32, 32, 1, 8, 3),
                ConvShape.same(4, 32, 32, 1, 16, 3),
                ConvShape.same(3, 20, 17, 64, 96, 3),
                ConvShape.dense(16, 512, 130),
                new ConvShape(3, 31, 29, 8, 12, 3, 5, 2, 1, 1, 2, 1, 1, 4));
        for (ConvShape shape : shapes) {
            float[][] one = compute(shape, 1);
            for (int threads = 2; threads <= 3; threads++) {
                float[][] more = compute(shape, threads);
                for (int i = 0; i < one.length; i++) {
                    assertArrayEquals(one[i], more[i], shape + " result " + i);
                }
            }
        }
    }

    @Tag("vector-width")
    @Test
    void smallProductsInPlainJavaAreTheSameBytes() {
        assumeTrue(VectorSupport.available());
        for (ConvShape shape : List.of(
                ConvShape.same(2, 16, 32, 16, 64, 3),
                ConvShape.same(3, 9, 11, 1, 8, 3),
                ConvShape.same(2, 9, 11, 64, 64, 3),
                ConvShape.dense(16, 130, 10),
                ConvShape.dense(100, 64, 40),
                new ConvShape(3, 31, 29, 8, 12, 3, 5, 2, 1, 1, 2, 1, 1, 4))) {
            float[][] simd = compute(shape, 1, 0);
            float[][] plain = compute(shape, 1, Integer.MAX_VALUE);
            for (int i = 0; i < simd.length; i++) {
                assertArrayEquals(simd[i], plain[i], shape + " result " + i);
            }
        }
    }

    @Tag("vector-width")
    @Test
    void firstLayersAreTheSameBytesAsConvolutionAndThenPooling() {
        assumeTrue(VectorSupport.available());
        Random random = new Random(8);
        for (int[] size : new int[][] {{16, 16}, {2, 2}, {13, 18}, {18, 13}, {64, 128}}) {
            for (int channels : new int[] {16, 32}) {
                ConvShape shape = ConvShape.same(2, size[0], size[1], 1, channels, 3);
                float[] x = gaussian(random, shape.inputSize());
                x[random.nextInt(x.length)] = Float.NaN;
                Arrays.fill(x, 0, x.length / 4, 0f); // ties
                float[] bias = gaussian(random, channels);
                assertFirstLayerIsExact(
                        shape, x, gaussian(random, shape.weightSize()), random.nextBoolean() ? bias : null);
            }
        }
    }

    private static void assertFirstLayerIsExact(ConvShape shape, float[] x, float[] w, float[] bias) {
        PoolShape halves = PoolShape.square(shape.batch(), shape.outHeight(), shape.outWidth(), shape.outChannels(), 2);
        float[] expected = new float[(int) halves.outputSize()];
        int[] expectedWinners = new int[expected.length];
        float[] actual = new float[expected.length];
        int[] actualWinners = new int[expected.length];
        try (WorkerPool pool = new WorkerPool(2)) {
            ConvolutionKernels kernels = new ConvolutionKernels(pool, new CpuMemory(), true, 0);
            float[] activation = new float[(int) shape.outputSize()];
            kernels.forward(shape, x, w, bias, true, activation);
            new PoolingKernels(pool, new CpuMemory(), true)
                    .maxPoolForward(halves, activation, expected, expectedWinners);
            assertTrue(
                    kernels.firstLayer(shape, halves, x, w, bias, actual, actualWinners), shape + " has no fast form");
        }
        assertArrayEquals(expected, actual, shape.toString());
        assertArrayEquals(expectedWinners, actualWinners, shape.toString());
    }

    @Tag("vector-width")
    @Test
    void matrixProductsComputeTheDefinition() {
        for (boolean vectors : kernelKinds()) {
            try (WorkerPool pool = new WorkerPool(2)) {
                ConvolutionKernels kernels = new ConvolutionKernels(pool, new CpuMemory(), vectors, 0);
                Random random = new Random(5);
                for (int[] size :
                        new int[][] {{1, 1, 1}, {5, 7, 3}, {64, 32, 100}, {33, 17, 1000}, {130, 64, 12}, {300, 3, 2}}) {
                    for (int transposes = 0; transposes < 4; transposes++) {
                        checkProduct(
                                kernels,
                                random,
                                (transposes & 1) != 0,
                                (transposes & 2) != 0,
                                size[0],
                                size[1],
                                size[2]);
                    }
                }
            }
        }
    }

    @Tag("vector-width")
    @Test
    void notANumberPassesThroughConvolutionAndRelu() {
        for (boolean vectors : kernelKinds()) {
            try (WorkerPool pool = new WorkerPool(1)) {
                float[] y = new float[2 * 32];
                float[] x = {1, Float.NaN};
                new ConvolutionKernels(pool, new CpuMemory(), vectors, 0)
                        .forward(ConvShape.dense(2, 1, 32), x, filled(32, -1f), null, true, y);
                assertArrayEquals(filled(32, 0f), Arrays.copyOf(y, 32));
                assertArrayEquals(filled(32, Float.NaN), Arrays.copyOfRange(y, 32, 64));
            }
        }
    }

    private static List<Boolean> kernelKinds() {
        return VectorSupport.available() ? List.of(false, true) : List.of(false);
    }

    private static void checkShapes(boolean vectors, int count) {
        Random random = new Random(1);
        try (WorkerPool pool = new WorkerPool(2)) {
            ConvolutionKernels kernels = new ConvolutionKernels(pool, new CpuMemory(), vectors, 0);
            for (int i = 0; i < count; i++) {
                checkShape(kernels, randomShape(random), random);
            }
            checkShape(kernels, ConvShape.same(4, 40, 40, 16, 32, 3), random);
            checkShape(kernels, ConvShape.dense(16, 700, 128), random);
            checkShape(kernels, ConvShape.same(1, 3, 5, 4, 4, 1), random);
            checkShape(kernels, new ConvShape(2, 5, 6, 3, 4, 1, 1, 1, 1, 2, 1, 1, 1, 1), random);
        }
    }

    private static ConvShape randomShape(Random random) {
        while (true) {
            int in = CHANNELS[random.nextInt(CHANNELS.length)];
            int out = CHANNELS[random.nextInt(CHANNELS.length)];
            int groups = 1;
            if (random.nextInt(3) == 0) {
                groups = 1 + random.nextInt(3);
                in = groups * (1 + random.nextInt(5));
                out = groups * (1 + random.nextInt(9));
            }
            try {
                return new ConvShape(
                        1 + random.nextInt(5),
                        1 + random.nextInt(20),
                        1 + random.nextInt(20),
                        in,
                        out,
                        1 + random.nextInt(5),
                        1 + random.nextInt(5),
                        1 + random.nextInt(3),
                        1 + random.nextInt(3),
                        random.nextInt(4),
                        random.nextInt(4),
                        1 + random.nextInt(3),
                        1 + random.nextInt(3),
                        groups);
            } catch (IllegalArgumentException kernelLargerThanInput) {
                // Draw again.
            }
        }
    }

    private static void checkShape(ConvolutionKernels kernels, ConvShape shape, Random random) {
        float[] x = gaussian(random, shape.inputSize());
        float[] w = gaussian(random, shape.weightSize());
        float[] bias = gaussian(random, shape.outChannels());
        float[] dy = gaussian(random, shape.outputSize());
        double[] y = new double[dy.length];
        double[] dx = new double[x.length];
        double[] dw = new double[w.length];
        double[] dbias = new double[bias.length];
        define(shape, x, w, bias, dy, y, dx, dw, dbias);

        float[] result = new float[y.length];
        kernels.forward(shape, x, w, bias, false, result);
        assertClose(y, result, shape + " forward");
        kernels.forward(shape, x, w, bias, true, result);
        assertClose(relu(y), result, shape + " forward with ReLU");
        float[] dxResult = filled(dx.length, 7f);
        kernels.backwardInput(shape, dy, w, dxResult);
        assertClose(dx, dxResult, shape + " towards the input");
        float[] dwResult = filled(dw.length, 7f);
        float[] dbiasResult = filled(dbias.length, 7f);
        kernels.backwardWeights(shape, x, dy, dwResult, dbiasResult);
        assertClose(dw, dwResult, shape + " weight gradient");
        assertClose(dbias, dbiasResult, shape + " bias gradient");
        kernels.backwardWeights(shape, x, dy, dwResult, null);
        assertClose(dw, dwResult, shape + " weight gradient alone");
    }

    /** The formulas of {@link unweave.kernels.Convolutions}, all at once. */
    private static void define(
            ConvShape s,
            float[] x,
            float[] w,
            float[] bias,
            float[] dy,
            double[] y,
            double[] dx,
            double[] dw,
            double[] dbias) {
        int groupOut = s.outChannels() / s.groups();
        for (int p = 0; p < s.batch() * s.outHeight() * s.outWidth(); p++) {
            int image = p / (s.outHeight() * s.outWidth());
            int top = p / s.outWidth() % s.outHeight() * s.strideY() - s.padY();
            int left = p % s.outWidth() * s.strideX() - s.padX();
            for (int o = 0; o < s.outChannels(); o++) {
                int yi = p * s.outChannels() + o;
                y[yi] += bias[o];
                dbias[o] += dy[yi];
                for (int tap = 0; tap < s.kernelHeight() * s.kernelWidth(); tap++) {
                    int row = top + tap / s.kernelWidth() * s.dilationY();
                    int column = left + tap % s.kernelWidth() * s.dilationX();
                    if (row < 0 || row >= s.inHeight() || column < 0 || column >= s.inWidth()) {
                        continue;
                    }
                    for (int i = 0; i < s.groupChannels(); i++) {
                        int xi = ((image * s.inHeight() + row) * s.inWidth() + column) * s.inChannels()
                                + o / groupOut * s.groupChannels()
                                + i;
                        int wi = (tap * s.groupChannels() + i) * s.outChannels() + o;
                        y[yi] += (double) x[xi] * w[wi];
                        dx[xi] += (double) dy[yi] * w[wi];
                        dw[wi] += (double) dy[yi] * x[xi];
                    }
                }
            }
        }
    }

    private static void checkProduct(
            ConvolutionKernels kernels, Random random, boolean transposeA, boolean transposeB, int m, int n, int k) {
        float[] a = gaussian(random, 3 + m * k);
        float[] b = gaussian(random, 5 + k * n);
        float[] c = filled(2 + m * n, 7f);
        double[] product = new double[c.length];
        product[0] = 7;
        product[1] = 7;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    product[2 + i * n + j] += (double) a[3 + (transposeA ? l * m + i : i * k + l)]
                            * b[5 + (transposeB ? j * k + l : l * n + j)];
                }
            }
        }
        kernels.gemm(transposeA, transposeB, m, n, k, a, 3, b, 5, c, 2);
        assertClose(product, c, m + " x " + n + " x " + k + " " + transposeA + " " + transposeB);
    }

    private static float[][] compute(ConvShape shape, int threads) {
        return compute(shape, threads, 0);
    }

    private static float[][] compute(ConvShape shape, int threads, int leastWork) {
        Random random = new Random(3);
        float[] x = gaussian(random, shape.inputSize());
        float[] w = gaussian(random, shape.weightSize());
        float[] bias = gaussian(random, shape.outChannels());
        float[] dy = gaussian(random, shape.outputSize());
        float[][] results = {new float[dy.length], new float[x.length], new float[w.length], new float[bias.length]};
        try (WorkerPool pool = new WorkerPool(threads)) {
            ConvolutionKernels kernels =
                    new ConvolutionKernels(pool, new CpuMemory(), VectorSupport.available(), leastWork);
            kernels.forward(shape, x, w, bias, true, results[0]);
            kernels.backwardInput(shape, dy, w, results[1]);
            kernels.backwardWeights(shape, x, dy, results[2], results[3]);
        }
        return results;
    }

    /** Within 1e-6 of the largest value, times the root of a few hundred terms. */
    private static void assertClose(double[] expected, float[] actual, String what) {
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 3e-6 * largest + 1e-6, what + " at " + i);
        }
    }

    private static double[] relu(double[] y) {
        return Arrays.stream(y).map(value -> Math.max(0, value)).toArray();
    }

    private static float[] gaussian(Random random, long size) {
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }
}
