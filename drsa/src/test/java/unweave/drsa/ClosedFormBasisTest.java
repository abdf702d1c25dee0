package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class ClosedFormBasisTest {
    /** One vector a = (1, 2), c = (3, 0): a c^T + c a^T = (6, 6; 6, 0) with eigenvalues 3 +- 3 sqrt 5. */
    @Test
    void relevantComponentsOfOneVectorByHand() {
        ClosedFormBasis.Spectrum spectrum =
                ClosedFormBasis.relevantComponents(new float[] {1, 2}, new float[] {3, 0}, 2);
        assertArrayEquals(new double[] {3 + 3 * Math.sqrt(5), 3 - 3 * Math.sqrt(5)}, spectrum.values(), 1e-12);
        double[] first = spectrum.vectors()[0];
        assertEquals((1 + Math.sqrt(5)) / 2, first[0] / first[1], 1e-12, "(M - lambda) v = 0");
    }

    @Test
    void principalComponentsAreThoseOfTheSecondMoments() {
        ClosedFormBasis.Spectrum spectrum = ClosedFormBasis.principalComponents(new float[] {3, 0, 0, 1}, 2);
        assertArrayEquals(new double[] {4.5, 0.5}, spectrum.values(), 1e-12);
        assertEquals(1, Math.abs(spectrum.vectors()[0][0]), 1e-12);
    }

    @Test
    void theFirstRelevantSubspaceIsThePlantedOneWithTheMostRelevance() {
        double[] planted = HaarOrthogonal.sample(12, 4);
        ContextData data = PlantedData.of(3000, 12, planted, new double[] {1, 9, 3}, 0.05, 2);
        try (Backend backend = CpuBackend.create(1)) {
            SubspaceSettings settings = new SubspaceSettings(3, 50, 2, 1, 1f);
            Subspaces prca =
                    new SubspaceOptimizer(backend, settings).optimize(Method.PRCA, data, SubspaceProgress.SILENT);
            assertTrue(PlantedData.overlap(12, 3, prca.basis(), 0, planted, 1) > 0.99);
            assertTrue(PlantedData.overlap(12, 3, prca.basis(), 1, planted, 2) > 0.98);
            Subspaces random =
                    new SubspaceOptimizer(backend, settings).optimize(Method.RANDOM, data, SubspaceProgress.SILENT);
            assertTrue(prca.relevanceTotals()[0] > random.relevanceTotals()[0]);
            assertEquals(1, prca.curves().length);
            assertEquals(1, prca.curves()[0].length, "nothing was optimised");
        }
    }

    @Test
    void channelsAreOrderedByTheirRelevance() {
        float[] a = {1, 1, 1, 2, 1, 1};
        float[] c = {1, 5, 2, 1, 6, 2};
        ContextData data = new ContextData(PlantedData.provenance(), 3, a, c);
        try (Backend backend = CpuBackend.create(1)) {
            Subspaces channels = new SubspaceOptimizer(backend, new SubspaceSettings(3, 1, 1, 1, 1f))
                    .optimize(Method.CHANNELS, data, SubspaceProgress.SILENT);
            assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0, 0, 1, 0}, channels.basis());
            double[] totals = channels.relevanceTotals();
            assertTrue(totals[0] > totals[1] && totals[1] > totals[2]);
        }
    }
}
