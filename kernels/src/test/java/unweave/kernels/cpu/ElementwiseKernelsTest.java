package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.kernels.Counter;

class ElementwiseKernelsTest {
    private final WorkerPool pool = new WorkerPool(2);
    private final ElementwiseKernels scalar = new ElementwiseKernels(pool, new CpuMemory(), ElementLoops.choose(false));
    private final ElementwiseKernels fast =
            new ElementwiseKernels(pool, new CpuMemory(), ElementLoops.choose(VectorSupport.available()));
    private final PropagationKernels scalarPropagation =
            new PropagationKernels(pool, new CpuMemory(), ElementLoops.choose(false));
    private final PropagationKernels fastPropagation =
            new PropagationKernels(pool, new CpuMemory(), ElementLoops.choose(VectorSupport.available()));

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void bothFormsComputeTheSameBits() {
        float[] x = gaussian(50_001, 1);
        float[] z = gaussian(3 * 50_001, 2);
        float[] a = z.clone();
        float[] b = z.clone();
        scalar.addScaled(0.3f, x, a);
        fast.addScaled(0.3f, x, b);
        assertArrayEquals(a, b);
        scalarPropagation.addProduct(0.3f, x, z, a);
        fastPropagation.addProduct(0.3f, x, z, b);
        assertArrayEquals(a, b);
        scalarPropagation.selectiveDivide(1e-3f, -1, x, z, x, a);
        fastPropagation.selectiveDivide(1e-3f, -1, x, z, x, b);
        assertArrayEquals(a, b);
    }

    @Test
    void anOutputMayBeAnInput() {
        float[] x = {-1f, 2f, -3f, 4f};
        fast.relu(x, x);
        assertArrayEquals(new float[] {0f, 2f, 0f, 4f}, x);
        fast.add(x, x, x);
        assertArrayEquals(new float[] {0f, 4f, 0f, 8f}, x);
        fastPropagation.stabilizedDivide(0f, x, x, x);
        assertArrayEquals(new float[] {0f, 1f, 0f, 1f}, x);
    }

    @Test
    void dropoutKeepsTheShareItShould() {
        float[] x = new float[100_000];
        Arrays.fill(x, 1f);
        fast.dropout(0.25f, Counter.values(42), 0, x, x);
        double sum = 0;
        for (float value : x) {
            sum += value;
        }
        assertEquals(1, sum / x.length, 0.01);
    }

    @Test
    void anOperandThatDoesNotDivideIsRefused() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> fast.add(new float[7], new float[2], new float[7]));
        assertEquals("a repeating operand of 2 values does not divide 7 values", error.getMessage());
    }

    @Test
    void anOutputOfAnotherSizeIsRefused() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> fast.relu(new float[7], new float[8]));
        assertEquals("an operand has 8 values where 7 are needed", error.getMessage());
    }

    private static float[] gaussian(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
