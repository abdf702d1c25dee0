package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CpuMemoryTest {
    private final CpuMemory memory = new CpuMemory();

    @Test
    void closedMemoryOfTheSameSizeIsUsedAgain() {
        CpuFloats first = memory.floats(10);
        float[] array = first.array;
        first.close();
        assertNotSame(array, memory.floats(11).array);
        assertSame(array, memory.floats(10).array);
        assertNotSame(array, memory.floats(10).array);
    }

    @Test
    void indicesAreKeptApartFromValues() {
        CpuInts indices = memory.ints(10);
        int[] array = indices.array;
        indices.close();
        memory.floats(10);
        assertSame(array, memory.ints(10).array);
    }

    @Test
    void closingTwiceGivesBackOnce() {
        CpuFloats values = memory.floats(10);
        values.close();
        values.close();
        assertNotSame(memory.floats(10).array, memory.floats(10).array);
        assertEquals(10, values.size());
    }

    @Test
    void useAfterCloseIsAnError() {
        CpuFloats values = memory.floats(10);
        values.close();
        assertThrows(IllegalStateException.class, () -> memory.array(values));
        CpuInts indices = memory.ints(10);
        indices.close();
        assertThrows(IllegalStateException.class, () -> memory.array(indices));
    }

    @Test
    void sizesBeyondAJavaArrayAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> memory.floats(1L << 31));
        assertThrows(IllegalArgumentException.class, () -> memory.ints(-1));
    }
}
