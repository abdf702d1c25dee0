package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.engine.model.ModelDescription;

class JobsTest {
    @ParameterizedTest
    @MethodSource("unweave.bench.Jobs#main")
    void everyMainJobRunsAndGivesANumber(Job job) {
        assertRuns(job);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("unweave.bench.Jobs#networks")
    void everyJobOfTheNetworksRunsAndGivesANumber(Job job) {
        assertRuns(job);
    }

    private static void assertRuns(Job job) {
        JobBenchmark benchmark = new JobBenchmark();
        benchmark.name = job.name();
        benchmark.prepare();
        try {
            assertTrue(Double.isFinite(benchmark.run()), job.name());
        } finally {
            benchmark.close();
        }
    }

    @Test
    void namesAreUnique() {
        assertEquals(
                Jobs.all().size(), Jobs.all().stream().map(Job::name).distinct().count());
    }

    @Test
    void anUnknownJobIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Jobs.named("nothing"));
    }

    /** Counted by hand: conv1 to conv5 and the three dense layers for one input of the toy network. */
    @Test
    void flopsOfTheToyNetworkAreThoseOfItsLayers() {
        double convolutions =
                2.0 * 9 * (64 * 64 * 8 + 32 * 32 * 8 * 8 + 16 * 16 * 8 * 16 + 8 * 8 * 16 * 16 + 4 * 4 * 16 * 16);
        double dense = 2.0 * (64 * 20 + 20 * 20 + 20 * 2);
        assertEquals(convolutions + dense, NetworkJobs.flops(ModelDescription.toy()));
    }
}
