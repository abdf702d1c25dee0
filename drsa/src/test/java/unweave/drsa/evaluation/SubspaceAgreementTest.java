package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.Subspaces;

class SubspaceAgreementTest {
    /**
     * In the plane spanned by the first and third axis the second basis is turned by 30 degrees: each subspace keeps
     * one direction and loses 30 degrees of another.
     */
    @Test
    void anglesByHand() {
        float c = (float) Math.cos(Math.toRadians(30));
        float s = (float) Math.sin(Math.toRadians(30));
        Subspaces a = TestModels.subspaces("conv1", 2, 0, new float[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
        Subspaces b =
                TestModels.subspaces("conv1", 2, 0, new float[] {c, 0, -s, 0, 0, 1, 0, 0, s, 0, c, 0, 0, 0, 0, 1});
        SubspaceAgreement agreement = SubspaceAgreement.of(a, b);
        assertArrayEquals(new int[] {0, 1}, agreement.matched());
        for (int k = 0; k < 2; k++) {
            assertArrayEquals(new double[] {0, 30}, agreement.degrees()[k], 0.05);
            assertEquals((1 + .75) / 2, agreement.overlap()[k], 1e-6);
        }
        assertEquals(0.5, agreement.chance());
    }

    /** Another basis of the same subspaces, in another order, is the same. */
    @Test
    void theSameSubspacesAgreeWhateverTheirBasisAndOrder() {
        Subspaces a = TestModels.subspaces("conv1", 12, 3, 0, 5);
        float[] basis = new float[144];
        for (int row = 0; row < 12; row++) {
            for (int column = 0; column < 12; column++) {
                // Blocks move by one, and within each the columns are mirrored and one changes its sign.
                int from = (column / 4 + 1) % 3 * 4 + 3 - column % 4;
                basis[row * 12 + column] = (column % 4 == 0 ? -1 : 1) * a.basis()[row * 12 + from];
            }
        }
        SubspaceAgreement agreement = SubspaceAgreement.of(a, TestModels.subspaces("conv1", 3, 0, basis));
        assertArrayEquals(new int[] {2, 0, 1}, agreement.matched());
        assertEquals(1, agreement.meanOverlap(), 1e-5);
        for (double[] degrees : agreement.degrees()) {
            assertTrue(degrees[3] < 0.1, "largest angle " + degrees[3]);
        }
    }

    /** Random subspaces overlap by d / D on average over all pairs; choosing the best pairs adds a little. */
    @Test
    void randomSubspacesOverlapByChance() {
        SubspaceAgreement agreement = SubspaceAgreement.of(
                TestModels.subspaces("conv1", 64, 4, 0, 1), TestModels.subspaces("conv1", 64, 4, 0, 2));
        assertEquals(0.25, agreement.chance());
        assertEquals(0.25, agreement.meanOverlap(), 0.06);
        assertTrue(agreement.meanOverlap() >= 0.25);
    }

    /** Three searches make three pairs; the two equal ones agree fully. */
    @Test
    void comparesEverySearchWithEveryLaterOne() {
        Subspaces a = TestModels.subspaces("conv1", 12, 3, 0, 5);
        Subspaces b = TestModels.subspaces("conv1", 12, 3, 0, 6);
        List<SubspaceAgreement> agreements = SubspaceAgreement.pairwise(List.of(a, b, a));
        assertEquals(3, agreements.size());
        assertEquals(1, agreements.get(1).meanOverlap(), 1e-5);
        assertEquals(agreements.get(0).meanOverlap(), agreements.get(2).meanOverlap(), 1e-9);
        assertTrue(agreements.get(0).meanOverlap() < 0.9);
    }

    @Test
    void refusesOtherSizes() {
        Subspaces a = TestModels.subspaces("conv1", 12, 3, 0, 5);
        assertThrows(
                IllegalArgumentException.class,
                () -> SubspaceAgreement.of(a, TestModels.subspaces("conv1", 12, 4, 0, 5)));
        assertThrows(
                IllegalArgumentException.class,
                () -> SubspaceAgreement.of(a, TestModels.subspaces("conv1", 24, 3, 0, 5)));
    }
}
