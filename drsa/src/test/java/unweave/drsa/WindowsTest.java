package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

/** Windows of neighbouring positions: how they are drawn, and what they are good for. */
class WindowsTest {
    @Test
    void positionsOfAWindowAreNeighboursRowByRow() {
        int[] drawn = SpatialPositions.drawWindows(3, 5, 6, 4, 5, 2, 3);
        assertEquals(6 * 2 * 3, drawn.length);
        Set<Integer> corners = new HashSet<>();
        for (int w = 0; w < 6; w++) {
            int corner = drawn[w * 6];
            assertTrue(corner / 5 <= 2 && corner % 5 <= 2, "corner " + corner);
            int[] expected = {corner, corner + 1, corner + 2, corner + 5, corner + 6, corner + 7};
            assertArrayEquals(expected, Arrays.copyOfRange(drawn, w * 6, w * 6 + 6));
            assertTrue(corners.add(corner), "drawn twice");
        }
    }

    /** The same draws as before there were windows. */
    @Test
    void windowsOfOnePositionAreThePositions() {
        assertArrayEquals(SpatialPositions.draw(9, 2, 7, 20), SpatialPositions.drawWindows(9, 2, 7, 4, 5, 1, 1));
    }

    @Test
    void asManyWholeWindowsAsFitIntoThePositionsAskedFor() {
        try (Backend backend = CpuBackend.create(2);
                Model model = SmallNetwork.create(backend, 5);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            ContextSampler sampler = new ContextSampler(model, relevance);
            float[] inputs = SmallNetwork.inputs(3);
            ContextData two = sampler.sample("conv2", 0, inputs, 3, 20, 3, 1); // 8 x 8 positions
            assertEquals(3 * 18, two.rows());
            assertEquals(9, two.window());
            assertEquals(3, two.provenance().window());
            assertEquals(18, two.provenance().positionsPerInput());
            assertEquals(64, sampler.sample("conv2", 0, inputs, 3, 5, 100, 1).window()); // cut to the layer
            assertEquals(1, sampler.sample("dense1", 0, inputs, 3, 1, 4, 1).window());
        }
    }

    @Test
    void vectorsMustMakeWholeWindows() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ContextData(PlantedData.provenance(), 2, 2, new float[] {1, 2, 3, 4, 5, 6}, new float[6]));
    }

    /**
     * Two objects, each of which shows in two channels, but never in both at one position: only a window sees that they
     * belong together. In half of the windows object 1 sounds (channels 0 and 1), in the others object 2 (2 and 3).
     */
    @Test
    void aWindowSeesWhatBelongsTogether() {
        int windows = 400;
        int size = 4;
        float[] a = new float[windows * size * 4];
        Random random = new Random(1);
        for (int w = 0; w < windows; w++) {
            for (int p = 0; p < size; p++) {
                int channel = 2 * (w % 2) + random.nextInt(2);
                a[(w * size + p) * 4 + channel] = .5f + random.nextFloat();
            }
        }
        assertEquals(1, sharedSpace(a, size), 1e-2);
    }

    /** How much of channel 1 lies in the subspace that holds most of channel 0. */
    private static double sharedSpace(float[] a, int window) {
        try (Backend backend = CpuBackend.create(1)) {
            ContextData data = new ContextData(PlantedData.provenance(), 4, window, a, a);
            Subspaces found = new SubspaceOptimizer(backend, new SubspaceSettings(2, 300, 10, 7, 1f))
                    .optimize(Method.DRSA, data, SubspaceProgress.SILENT);
            double[][] inSpace = new double[2][2]; // channel x subspace
            for (int channel = 0; channel < 2; channel++) {
                for (int i = 0; i < 4; i++) {
                    float u = found.basis()[channel * 4 + i];
                    inSpace[channel][i / 2] += u * u;
                }
            }
            return inSpace[0][0] > inSpace[0][1] ? inSpace[1][0] : inSpace[1][1];
        }
    }
}
