package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The checking stand-in finds each planted fault, says what it is and where, and says nothing about kernels without
 * faults.
 */
class StandInChecksTest {
    private static final String REPORT = "CUDA stand-in: ";
    private static final String ADDRESS = "CUDA_ERROR_ILLEGAL_ADDRESS";
    private static final String ALIGNMENT = "CUDA_ERROR_MISALIGNED_ADDRESS";
    private static final String LAUNCH = "CUDA_ERROR_LAUNCH_FAILED";

    /** @param lines of the report, the last of them the kernel's name and the exception's message */
    private record Outcome(List<String> lines, String message) {}

    /**
     * @param kernel of kernels/standin/faults
     * @param kind first line of the report
     * @param detail what the report says, too: the place in the source, or what was touched
     * @param error what the program is told when it waits
     */
    private record Fault(String kernel, String kind, String detail, String error) {}

    private static final List<Fault> FAULTS = List.of(
            new Fault(
                    "writesBehindGlobal",
                    "out-of-bounds access of global memory",
                    "0 bytes after the end of the allocation of 256 bytes",
                    ADDRESS),
            new Fault(
                    "readsBeforeGlobal",
                    "out-of-bounds access of global memory",
                    "4 bytes before the allocation of 256 bytes",
                    ADDRESS),
            new Fault(
                    "readsHalfBehindGlobal",
                    "out-of-bounds access of global memory",
                    "0 bytes after the end of the allocation of 120 bytes",
                    ADDRESS),
            new Fault(
                    "writesBehindShared",
                    "out-of-bounds access of shared memory",
                    "0 bytes after the end of the shared array",
                    ADDRESS),
            new Fault("indexBehindArray", "array index out of bounds", "index 8 of", ADDRESS),
            new Fault("readsFreed", "out-of-bounds access of global memory", "of an allocation of 256 bytes", ADDRESS),
            new Fault("readsHost", "access of memory that is not the device's", "host memory", ADDRESS),
            new Fault(
                    "readsNull",
                    "access of memory that is not the device's",
                    "in kernels/standin/faults/memory.cu:",
                    ADDRESS),
            new Fault("readsMisaligned", "misaligned access", "kernels/standin/faults/memory.cu:", ALIGNMENT),
            new Fault(
                    "readsUnwrittenGlobal",
                    "read of global memory that nothing wrote",
                    "of the allocation of 256 bytes",
                    ADDRESS),
            new Fault(
                    "readsUnwrittenShared",
                    "read of shared memory that nothing wrote",
                    "byte 124 of the shared array",
                    ADDRESS),
            new Fault("forgetsLastOutput", "read of global memory that nothing wrote", "a copy to the host", ADDRESS),
            new Fault("forgottenWait", "read of global memory that nothing wrote", "a copy to the host", ADDRESS),
            new Fault("returnsBeforeBarrier", "threads of a block miss a barrier", "threads 40: have ended", LAUNCH),
            new Fault(
                    "waitsAtDifferentBarriers",
                    "threads of a block miss a barrier",
                    "threads 32-63: wait at the barrier in",
                    LAUNCH),
            new Fault(
                    "exchangesWithoutHalf",
                    "lanes are missing in an exchange within a warp",
                    "kernels/standin/faults/threads.cu:",
                    LAUNCH),
            new Fault("racesInShared", "data race in shared memory", "values (256 bytes)", LAUNCH),
            new Fault("reusesSharedTooEarly", "data race in shared memory", "values (256 bytes)", LAUNCH),
            new Fault("sumsWithoutBarrier", "data race in shared memory", "values (256 bytes)", LAUNCH),
            new Fault("racesInGlobal", "data race in global memory", "of the same block", LAUNCH),
            new Fault("blocksWriteTheSame", "data race in global memory", "a thread of block", LAUNCH),
            new Fault("blocksReadEachOther", "data race in global memory", "a thread of block", LAUNCH),
            new Fault("overflowsInt", "signed integer overflow", "* 40000 does not fit 'int'", LAUNCH),
            new Fault("dividesByZero", "integer division by zero", "64 / 0", LAUNCH));

    private static final Map<String, Outcome> OUTCOMES = new HashMap<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void runAll() throws IOException, InterruptedException {
        Path libraries = TestGpu.standinWithFaults();
        Path report = folder.resolve("report");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dunweave.cuda.libraries=" + libraries,
                "-Dunweave.cuda.systemLibraries=false",
                "-cp",
                System.getProperty("java.class.path"),
                FaultyKernels.class.getName(),
                report.toString());
        builder.environment().put("UNWEAVE_STANDIN_REPORT", report.toString());
        builder.redirectErrorStream(false)
                .redirectError(folder.resolve("errors").toFile());
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(
                0,
                process.waitFor(),
                () -> "the kernels did not run to their end; errors in " + folder.resolve("errors"));
        List<String> own = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(FaultyKernels.OUTCOME)) {
                String[] parts = line.substring(FaultyKernels.OUTCOME.length()).split(" ", 2);
                OUTCOMES.put(parts[0], new Outcome(List.copyOf(own), parts[1]));
                own.clear();
            } else {
                own.add(line);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> eachFaultIsReportedOnceAndEndsTheWork() {
        return FAULTS.stream()
                .map(fault -> dynamicTest(fault.kernel, () -> {
                    Outcome outcome = OUTCOMES.get(fault.kernel);
                    assertNotNull(outcome, "it did not run");
                    List<String> heads = outcome.lines.stream()
                            .filter(line -> line.startsWith(REPORT))
                            .toList();
                    assertEquals(List.of(REPORT + fault.kind), heads, () -> String.join("\n", outcome.lines));
                    String text = String.join("\n", outcome.lines);
                    assertTrue(text.contains(fault.detail), text);
                    assertTrue(outcome.message.contains(fault.error), outcome.message);
                }));
    }

    @TestFactory
    Stream<DynamicTest> kernelsWithoutFaultsAreNotReported() {
        return Stream.of("soundSum", "soundReversal", "soundFlag")
                .map(kernel ->
                        dynamicTest(kernel, () -> assertEquals(new Outcome(List.of(), ""), OUTCOMES.get(kernel))));
    }
}
