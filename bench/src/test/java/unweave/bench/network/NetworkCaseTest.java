package unweave.bench.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.bench.JobData;
import unweave.bench.PeerJob;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.reference.ReferenceBackend;

class NetworkCaseTest {
    /** Merging batch normalisation changes no logits, and leaves none of it. */
    @ParameterizedTest
    @MethodSource("unweave.bench.network.NetworkCase#all")
    void mergedItPredictsTheSame(NetworkCase network) {
        float[] input = JobData.inputs(network.description(), 1);
        try (Backend backend = CpuBackend.create(0);
                Model model = network.model(backend);
                Model merged = network.merged(backend)) {
            float[] logits = model.predict(input, 1);
            PeerJob.requireAgreement("logits", logits, merged.predict(input, 1));
            assertTrue(merged.description().layers().stream()
                    .noneMatch(layer -> layer.kind().equals("batchnorm")
                            && !layer.name().equals("input.bn"))); // padding is behind it, whose zeros it does not see
            assertTrue(merged.description().layerNames().contains(network.conceptLayer()));
            double largest = 0;
            for (float logit : logits) {
                largest = Math.max(largest, Math.abs(logit));
            }
            assertTrue(largest > 1e-2 && largest < 1e4, "the largest logit is " + largest);
        }
    }

    /** Two inputs, by the definitions in float64. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("unweave.bench.network.NetworkCase#all")
    void predictsByTheDefinitions(NetworkCase network) {
        float[] inputs = JobData.inputs(network.description(), 2);
        try (Backend backend = CpuBackend.create(0);
                Backend reference = ReferenceBackend.create();
                Model ours = network.merged(backend);
                Model exact = network.model(reference)) {
            PeerJob.requireAgreement("logits", exact.predict(inputs, 2), ours.predict(inputs, 2));
        }
    }

    @Test
    void jobsHaveTheNameOfTheNetwork() {
        NetworkCase network = NetworkCase.named("resnet18");
        assertEquals("networks/resnet18/forward, batch 8", network.job(NetworkCase.Work.FORWARD));
        assertThrows(IllegalArgumentException.class, () -> NetworkCase.named("nothing"));
    }

    @Test
    void resultsThatDifferAreRefused() {
        float[] ours = {1, 2, -4};
        PeerJob.requireAgreement("logits", ours, new float[] {1, 2.003f, -4});
        for (float[] theirs : new float[][] {{1, 2.005f, -4}, {1, Float.NaN, -4}, {1, 2}}) {
            assertThrows(IllegalStateException.class, () -> PeerJob.requireAgreement("logits", ours, theirs));
        }
    }
}
