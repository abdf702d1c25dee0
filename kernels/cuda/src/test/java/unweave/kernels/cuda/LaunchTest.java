package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.Device;
import unweave.kernels.cuda.driver.DeviceListener;
import unweave.kernels.cuda.driver.Driver;
import unweave.kernels.cuda.driver.KernelModule;
import unweave.kernels.cuda.driver.Stream;

/** Launches, graphs and what a failure says, with the kernel "scale": y = alpha x, arguments alpha, x, y, size. */
class LaunchTest {
    private CudaDevice device;
    private CudaTransfers transfers;

    @BeforeEach
    void open() {
        TestGpu.prepare();
        Driver.start();
        device = new CudaDevice(Device.of(0), true);
        transfers = new CudaTransfers(device);
    }

    @AfterEach
    void close() {
        if (transfers != null) {
            transfers.close();
            device.close();
        }
    }

    private Launch scale(CudaFloats x, float alpha) {
        return device.kernel("scale").over(x.size()).value(alpha).in(x).in(x).value(x.size());
    }

    private CudaFloats ones() {
        CudaFloats x = device.floats(1000);
        transfers.fill(x, 1);
        return x;
    }

    @Test
    void aKernelRunsWithTheArgumentsOfItsLaunch() {
        try (CudaFloats x = ones()) {
            scale(x, 3).run();
            scale(x, -2).run();
            assertEquals(-6, transfers.toArray(x)[999]);
            assertSame(device.kernel("scale"), device.kernel("scale"));
        }
    }

    @Test
    void argumentsThatDoNotFitTheKernelAreRefused() {
        try (CudaFloats x = ones()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> device.kernel("scale").over(1).value(2f).in(x).run());
            assertThrows(
                    IllegalStateException.class, () -> device.kernel("scale").value(2.0));
            assertThrows(
                    IllegalStateException.class, () -> device.kernel("scale").value(2));
            assertThrows(
                    IllegalStateException.class,
                    () -> device.kernel("scale").value(2f).in(x).in(x).value(1000));
            assertThrows(IllegalStateException.class, () -> scale(x, 2).value(1));
            assertThrows(IllegalArgumentException.class, () -> device.kernel("scaled"));
            scale(x, 5).run(); // what was left unfinished is forgotten
            assertEquals(5, transfers.toArray(x)[0]);
        }
    }

    @Test
    void nothingToDoIsNoLaunch() {
        try (CudaFloats nothing = device.floats(0)) {
            scale(nothing, 2).run();
            device.stream().synchronize();
        }
    }

    @Test
    void aLaunchThatTheDriverRefusesSaysWhich() {
        try (CudaFloats x = ones()) {
            CudaException e = assertThrows(
                    CudaException.class, () -> scale(x, 2).grid(7).block(4096).run());
            assertTrue(
                    e.getMessage().startsWith("kernel scale with grid 7 x 1 x 1 and blocks of 4096 x 1 x 1 failed: "),
                    e::getMessage);
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    @Test
    void kernelsThatCannotBeCompiledSayWhy() {
        String ptx = ".version 99.0\n.target sm_75\n.address_size 64\n";
        CudaException e =
                assertThrows(CudaException.class, () -> new KernelModule(device.context(), "broken.ptx", ptx));
        assertTrue(e.getMessage().startsWith("the kernels of broken.ptx cannot be loaded: "), e::getMessage);
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void aGraphRepeatsWhatItRecorded() {
        try (CudaFloats x = ones()) {
            Runnable doubling = () -> {
                try (CudaFloats scratch = device.floats(1000)) {
                    transfers.copy(x, 0, scratch, 0, 1000);
                    scale(scratch, 2).run();
                    transfers.copy(scratch, 0, x, 0, 1000);
                }
            };
            doubling.run(); // loads the kernel and takes the memory that recording finds
            transfers.fill(x, 1);
            try (CudaGraph graph = device.capture(doubling)) {
                assertEquals(1, transfers.toArray(x)[500], "nothing runs while it is recorded");
                for (int i = 0; i < 5; i++) {
                    graph.play();
                }
                assertEquals(32, transfers.toArray(x)[500]);
                transfers.upload(
                        new float[1000], 0, x, 0, 500); // waits for the launches, though nobody counts their uses
                graph.play();
                float[] values = transfers.toArray(x);
                assertArrayEquals(new float[] {0, 64}, new float[] {values[499], values[500]});
            }
        }
    }

    @Test
    void transfersCannotBeRecorded() {
        try (CudaFloats x = ones()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> device.capture(() -> transfers.upload(new float[1], 0, x, 0, 1)));
            assertThrows(IllegalStateException.class, () -> device.capture(() -> transfers.toArray(x)));
            scale(x, 7).run(); // the device goes on as before
            assertEquals(7, transfers.toArray(x)[0]);
        }
    }

    @Test
    void theListenerHearsOfAllWorkInOrder() {
        List<String> heard = new ArrayList<>();
        device.stream().listen(new DeviceListener() {
            @Override
            public void before(Stream stream) {
                heard.add("before");
            }

            @Override
            public void after(Stream stream, String name, long blocks, int threads, double flops, double bytes) {
                heard.add(String.join(" ", stream.name(), name, blocks + "x" + threads, flops + " " + bytes));
            }
        });
        try (CudaFloats x = ones()) {
            scale(x, 2).grid(3).block(64).work(1000, 8000).run();
            device.blas().sgemm(false, false, 10, 20, 5, 1, x.address(), 5, x.address(), 20, 0, x.address(500), 20);
        }
        assertEquals(
                List.of(
                        "before",
                        "compute fill 0x0 0.0 4000.0",
                        "before",
                        "compute scale 3x64 1000.0 8000.0",
                        "before",
                        "compute sgemm 0x0 2000.0 1400.0"),
                heard);
    }
}
