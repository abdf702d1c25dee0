package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import unweave.kernels.Owner;
import unweave.kernels.cuda.driver.Context;
import unweave.kernels.cuda.driver.CudaOutOfMemoryException;
import unweave.kernels.cuda.driver.Device;
import unweave.kernels.cuda.driver.Driver;
import unweave.kernels.cuda.driver.Stream;

class CachingAllocatorTest {
    private Context context;
    private Stream stream;
    private CachingAllocator memory;

    @BeforeEach
    void open() {
        TestGpu.prepare();
        Driver.start();
        context = new Context(Device.of(0));
        stream = new Stream(context, "test");
        memory = new CachingAllocator(stream, true, new Owner("test"));
    }

    @AfterEach
    void close() {
        if (context != null) {
            memory.close();
            stream.close();
            context.close();
        }
    }

    @Test
    void roundingLosesAtMostAnEighth() {
        assertEquals(256, CachingAllocator.blockSize(0));
        assertEquals(256, CachingAllocator.blockSize(256));
        assertEquals(512, CachingAllocator.blockSize(257));
        assertEquals(2048, CachingAllocator.blockSize(2048));
        assertEquals(1 << 30, CachingAllocator.blockSize(1 << 30));
        for (long bytes = 2049; bytes < 1L << 40; bytes = bytes * 17 / 16 + 1) {
            long block = CachingAllocator.blockSize(bytes);
            assertTrue(block >= bytes && block <= bytes + bytes / 8 && block % 256 == 0, bytes + " gives " + block);
        }
    }

    @Test
    void aBlockThatWasGivenBackIsHandedOutAgain() {
        CudaMemory first = memory.allocate(1000);
        long address = first.address();
        try (CudaMemory other = memory.allocate(1000)) {
            assertNotEquals(address, other.address());
        }
        first.close();
        try (CudaMemory again = memory.allocate(1024)) {
            assertEquals(address, again.address());
            assertEquals(0, address % 256);
        }
        assertEquals(2 * 1024, memory.unusedBytes());
        assertEquals(0, memory.ownedBytes());
    }

    @Test
    void whatIsStillOwnedIsNamed() {
        assertNull(memory.leak());
        CudaMemory forgotten = memory.allocate(300);
        IllegalStateException leak = memory.leak();
        assertEquals("1 blocks of GPU memory (512 bytes) were not closed", leak.getMessage());
        List<StackTraceElement> place = List.of(leak.getCause().getStackTrace());
        assertTrue(place.stream().anyMatch(frame -> frame.getMethodName().equals("whatIsStillOwnedIsNamed")));
        forgotten.close();
        forgotten.close();
        assertNull(memory.leak());
    }

    @Test
    void closingABackendWithOwnedMemoryFails() {
        CudaBackend backend = TestGpu.open();
        backend.floats(3);
        assertThrows(IllegalStateException.class, backend::close);
    }

    @Test
    void blocksOfAGraphAreNobodyElses() {
        CudaMemory scratch = memory.allocate(5000);
        long address = scratch.address();
        memory.beginCapture();
        scratch.close();
        CudaMemory withinTheGraph = memory.allocate(5000);
        assertEquals(address, withinTheGraph.address());
        withinTheGraph.close();
        List<CachingAllocator.Block> blocks = memory.endCapture();
        try (CudaMemory outside = memory.allocate(5000)) {
            assertNotEquals(address, outside.address());
        }
        memory.release(blocks);
        try (CudaMemory afterwards = memory.allocate(5000)) {
            assertEquals(address, afterwards.address());
        }
    }

    @Test
    void tooMuchSaysHowMuch() {
        long[] freeAndTotal = context.memory();
        long tooMuch = freeAndTotal[1] + (1L << 30);
        CudaOutOfMemoryException e = assertThrows(CudaOutOfMemoryException.class, () -> memory.allocate(tooMuch));
        assertEquals(CachingAllocator.blockSize(tooMuch), e.requested());
        assertTrue(e.free() > 0 && e.free() <= freeAndTotal[1], e::getMessage);
        assertTrue(
                e.getMessage().startsWith("out of GPU memory: ")
                        && e.getMessage().contains("MiB asked for"),
                e::getMessage);
    }

    @Test
    void unusedBlocksAreFreedBeforeAnAllocationFails() {
        memory.allocate(1 << 20).close();
        assertThrows(CudaOutOfMemoryException.class, () -> memory.allocate(context.memory()[1] + (1L << 30)));
        assertEquals(0, memory.unusedBytes());
    }
}
