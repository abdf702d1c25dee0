package unweave.bench.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.bench.Jobs;
import unweave.bench.PeerJob;
import unweave.bench.PreparedJob;

/** The networks as ONNX give the logits that they give here. */
class OnnxRuntimeJobsTest {
    static List<PeerJob> jobs() {
        OnnxRuntime runtime = new OnnxRuntime();
        runtime.load(2);
        return runtime.jobs();
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void everyJobIsOneOfOursAgreesAndRuns(PeerJob job) {
        assertTrue(Jobs.all().stream().anyMatch(ours -> ours.name().equals(job.name())), job.name());
        job.check().run();
        try (PreparedJob prepared = job.setup().get()) {
            assertTrue(Double.isFinite(prepared.run()), job.name());
        }
    }
}
