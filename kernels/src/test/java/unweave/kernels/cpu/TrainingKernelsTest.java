package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.kernels.Training;

/** Small cases with numbers worked out by hand, from PyTorch's documented formulas. */
class TrainingKernelsTest {
    private final WorkerPool pool = new WorkerPool(1);
    private final TrainingKernels training = new TrainingKernels(pool, new CpuMemory());
    private final BatchNormKernels batchNorm =
            new BatchNormKernels(pool, ElementLoops.choose(VectorSupport.available()));

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void theFirstStepOfAdamIsTheLearningRateInTheDirectionOfTheSign() {
        float[] w = {1f, 1f, 1f};
        float[] step = new float[2];
        Training.adamStep(0.01f, 0.9f, 0.999f, 1, step);
        training.adam(0.9f, 0.999f, 1e-8f, 0f, step, new float[] {5f, -0.001f, 0f}, new float[3], new float[3], w);
        assertArrayEquals(new float[] {0.99f, 1.01f, 1f}, w, 1e-6f);
    }

    @Test
    void momentumAddsUpOverSteps() {
        float[] w = {0f};
        float[] velocity = {0f};
        training.sgd(0.1f, 0.5f, 0f, new float[] {1f}, velocity, w);
        training.sgd(0.1f, 0.5f, 0f, new float[] {1f}, velocity, w);
        assertEquals(1.5f, velocity[0]);
        assertEquals(-0.25f, w[0], 1e-7f);
    }

    @Test
    void equalLogitsLoseTheLogarithmOfTheirNumber() {
        float[] losses = new float[2];
        float[] gradient = new float[8];
        training.softmaxCrossEntropy(4, new float[8], new int[] {0, 3}, losses, gradient);
        assertEquals(Math.log(4), losses[0], 1e-6);
        assertArrayEquals(new float[] {-0.375f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, -0.375f}, gradient);
    }

    @Test
    void runningStatisticsUseTheUnbiasedVariance() {
        float[] mean = {0f};
        float[] variance = {1f};
        float[] y = new float[2];
        batchNorm.batchNormForward(
                1,
                new float[] {1f, 3f},
                new float[] {1f},
                new float[] {0f},
                0f,
                0.1f,
                mean,
                variance,
                new float[1],
                new float[1],
                y);
        assertEquals(0.2f, mean[0], 1e-7f);
        assertEquals(0.9f + 0.1f * 2f, variance[0], 1e-7f);
        assertArrayEquals(new float[] {-1f, 1f}, y, 1e-6f);
    }

    @Test
    void batchNormalisationOfOneRowIsRefused() {
        float[] one = {1f};
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> batchNorm.batchNormForward(1, one, one, one, 1e-5f, 0.1f, one, one, one, one, one));
        assertEquals("batch normalisation in training needs at least 2 values per channel, not 1", error.getMessage());
    }
}
