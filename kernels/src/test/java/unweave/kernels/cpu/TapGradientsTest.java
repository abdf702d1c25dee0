package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import unweave.kernels.ConvShape;
import unweave.kernels.reference.ReferenceConvolutions;

/** The gradient of large kernels towards the input, against its definition. */
class TapGradientsTest {
    /** Several blocks of rows and of columns; the others are one block each. */
    private static final List<ConvShape> SHAPES = List.of(
            new ConvShape(1, 1, 3100, 1, 3, 1, 400, 1, 1, 0, 150, 0, 150, 1, 1, 1),
            new ConvShape(2, 45, 70, 2, 2, 20, 9, 1, 1, 0, 3, 1, 5, 1, 1, 1),
            new ConvShape(2, 1, 500, 1, 24, 1, 64, 1, 16, 0, 0, 0, 0, 1, 1, 1),
            new ConvShape(1, 13, 40, 3, 19, 4, 8, 3, 5, 2, 1, 0, 3, 2, 3, 1));

    @Tag("vector-width")
    @Test
    void itIsTheDefinitionWithAnyNumberOfThreads() {
        Random random = new Random(4);
        for (ConvShape shape : SHAPES) {
            float[] dy = gaussian(random, shape.outputSize());
            float[] w = gaussian(random, shape.weightSize());
            double[] expected = new double[(int) shape.inputSize()];
            ReferenceConvolutions.convBackwardInput(shape, doubles(dy), doubles(w), expected);
            float[] first = null;
            for (int threads = 1; threads <= 3; threads++) {
                try (WorkerPool pool = new WorkerPool(threads)) {
                    ConvolutionKernels kernels =
                            new ConvolutionKernels(pool, new CpuMemory(), VectorSupport.available(), 0);
                    TapGradients gradients = new TapGradients(pool, kernels);
                    float[] dx = new float[expected.length];
                    Arrays.fill(dx, Float.NaN);
                    gradients.compute(shape, dy, w, dx);
                    double sums = Math.sqrt(shape.weightSize() / (double) shape.inChannels());
                    assertArrayEquals(expected, doubles(dx), 1e-5 * sums, shape.toString());
                    first = first == null ? dx : first;
                    assertArrayEquals(first, dx, shape + " with " + threads + " threads");

                    float[] read = new float[expected.length];
                    Arrays.fill(read, Float.NaN);
                    int rowValues = shape.inWidth() * shape.inChannels();
                    gradients.compute(
                            shape,
                            dy,
                            w,
                            (values, start, firstRow, rows) -> System.arraycopy(
                                    values,
                                    firstRow * rowValues - start,
                                    read,
                                    firstRow * rowValues,
                                    rows * rowValues));
                    assertArrayEquals(first, read, shape + " read in pieces");
                }
            }
        }
    }

    @Test
    void itIsTakenWhereACorrelationWouldComputeGapsOrIdleLanes() {
        assertTrue(suits(new ConvShape(1, 1, 160_000, 1, 513, 1, 1024, 1, 512, 0, 0, 1, 1, 1)), "a Fourier transform");
        assertTrue(suits(new ConvShape(1, 96, 188, 1, 204, 86, 7, 1, 1, 0, 3, 1, 1, 1)), "timbre filters");
        assertTrue(suits(new ConvShape(16, 1, 1024, 1, 128, 1, 512, 1, 4, 0, 254, 1, 1, 1)), "a pitch tracker");
        assertTrue(
                suits(new ConvShape(8, 128, 128, 3, 32, 3, 3, 2, 2, 1, 1, 1, 1, 1)), "a first layer of three channels");
        assertTrue(
                suits(new ConvShape(8, 28, 28, 128, 256, 3, 3, 2, 2, 1, 1, 1, 1, 1)), "halves of a residual network");
    }

    @Test
    void layersOfTheThesisStayCorrelations() {
        int[] channels = {1, 32, 32, 64, 64, 128};
        for (int layer = 0; layer < 5; layer++) {
            int side = 128 >> layer;
            assertFalse(suits(ConvShape.same(16, side, side, channels[layer], channels[layer + 1], 3)));
            assertFalse(suits(ConvShape.same(1, side / 2, side / 2, Math.max(1, channels[layer] / 4), 8, 3)));
        }
        assertFalse(suits(new ConvShape(2, 20, 20, 64, 64, 5, 5, 1, 1, 2, 2, 1, 1, 1)));
        assertFalse(suits(new ConvShape(2, 20, 20, 64, 64, 5, 5, 4, 4, 2, 2, 1, 1, 64)), "groups");
    }

    private static boolean suits(ConvShape shape) {
        return TapGradients.suits(Correlation.towardsInput(shape, 16), 16);
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
        Arrays.setAll(result, i -> values[i]);
        return result;
    }
}
