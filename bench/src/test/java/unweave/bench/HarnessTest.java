package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;
import unweave.bench.Harness.Target;

class HarnessTest {
    private final Harness inThisJvm = new Harness(0, 1, 1, TimeValue.milliseconds(100), null);

    private static Target job(String name) {
        return new Target(JobBenchmark.class, Map.of("name", name, "threads", "1"), false);
    }

    @Test
    void readsMedianSpreadAndAllocationFromJmh() {
        Timing timing = inThisJvm.time(job("log-mel of a toy input"));
        assertTrue(
                timing.median() > 0 && timing.low() <= timing.median() && timing.median() <= timing.high(),
                timing.toString());
        assertEquals(List.of(timing.median()), timing.forks());
        double possible = timing.possibleFlops() / (timing.median() * 1e-3);
        assertTrue(
                possible > 1e8 && possible < 1e13,
                "a thread of this machine reaches " + possible + " additions and multiplications per second");
        assertTrue(timing.allocatedBytes() > 64 * 64 * Float.BYTES, "the result alone is 64 x 64 floats: " + timing);
    }

    @Test
    void measuresMemoryWhereLinuxTells() {
        double bytes = inThisJvm.peakBytes(job("log-mel of a toy input"));
        assertEquals(Files.isReadable(Path.of("/proc/self/status")), bytes >= 0, "bytes: " + bytes);
    }

    /** Memory that is written to is resident. Roughly: the heap of the JVM that runs all the tests is roomy. */
    @Test
    void theMemoryOfAJobIsWhatItTouches() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "Linux only");
        waitForTheHeapToShrink();
        ResidentMemory.setBaseline();
        ResidentMemory.resetPeak();
        int size = 256 << 20;
        ByteBuffer touched = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < size; i += 4096) {
            touched.put(i, (byte) 1);
        }
        double growth = ResidentMemory.peakGrowth();
        assertTrue(growth > 0.5 * size && growth < 2.0 * size, "grew by " + growth);
    }

    /** The collector gives back what earlier tests have left in steps, while the program goes on. */
    private static void waitForTheHeapToShrink() throws Exception {
        double before = Double.POSITIVE_INFINITY;
        for (int steady = 0, tries = 0; steady < 3 && tries < 40; tries++) {
            System.gc();
            Thread.sleep(100);
            double resident = ResidentMemory.bytes("VmRSS", Files.readAllLines(Path.of("/proc/self/status")));
            steady = resident < before - (8 << 20) ? 0 : steady + 1;
            before = resident;
        }
    }

    @Test
    void aBenchmarkThatThrowsIsReportedWithItsReason() {
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> inThisJvm.time(job("no such job")));
        assertTrue(failure.getMessage().contains("no such job"), failure.getMessage());
    }

    @Test
    void theRooflineOfOneThreadIsMeasured() {
        Roofline roofline = Roofline.measure(1);
        assertEquals(1, roofline.threads());
        assertTrue(
                roofline.gflops() > 0
                        && roofline.gigabytes() > 0
                        && Double.isFinite(roofline.gflops() + roofline.gigabytes()),
                roofline.toString());
    }

    @Test
    void theBestRoundIsTheCeiling() {
        Roofline best =
                Roofline.best(List.of(Roofline.of(2, 213, 40), Roofline.of(2, 354, 38), Roofline.of(2, 350, 30)));
        assertEquals(new Roofline(2, 354, 40, 3, 213, 30), best);
        assertEquals(
                "roofline, 2 threads: 354 GFLOP/s, copy 40.0 GB/s (best of 3 rounds; the lowest 213 and 30.0)",
                best.toString());
    }

    @Test
    void aPartTakesItsShareOfTheRun() {
        Timing part = new Timing(6, 3, 9, List.of(6.0, 12.0), 300, 8e6).times(0.5);
        assertEquals(new Timing(3, 1.5, 4.5, List.of(3.0, 6.0), 150, 4e6), part);
    }
}
