package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.Random;
import org.junit.jupiter.api.Test;
import unweave.drsa.ContextData;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Subspaces;
import unweave.kernels.cpu.CpuBackend;

class OrthogonalizationDifferenceTest {
    private static final int D = 32;
    private static final SubspaceSettings SETTINGS = new SubspaceSettings(4, 10, 2, 5, 1f);

    /** Half a unit in the last place of a float32 below 1. */
    private static final double ROUNDING = 0x1p-25;

    @Test
    void theEigendecompositionDiffersByTheRoundingOfTheResultAlone() {
        OrthogonalizationDifference found = measure(SETTINGS.withOrthogonalization(Orthogonalization.EIGEN));
        assertEquals(Orthogonalization.EIGEN, found.orthogonalization());
        assertEquals(D, found.dimensions());
        assertTrue(found.largestDifference() > 0 && found.largestDifference() <= 1.001 * ROUNDING, found.toString());
        assertTrue(found.largestDeviation() > 0 && found.largestDeviation() < 2e-7, found.toString());
    }

    @Test
    void theFastestWayOfTheProcessorIsNamedAndAsExactAsFloat32() {
        OrthogonalizationDifference found = measure(SETTINGS);
        assertEquals(Orthogonalization.NEWTON_SCHULZ, found.orthogonalization());
        assertTrue(found.largestDifference() < 3e-7 && found.largestDeviation() < 1e-6, found.toString());
    }

    @Test
    void aWrongMatrixIsSeen() {
        try (Backend backend = CpuBackend.create(1)) {
            OrthogonalizationDifference found =
                    OrthogonalizationDifference.measure(withTooLongColumns(backend), SETTINGS, data());
            assertEquals(2e-3, found.largestDeviation(), 2e-5);
            assertTrue(found.largestDifference() > 2e-4 && found.largestDifference() <= 1e-3, found.toString());
        }
    }

    @Test
    void subspacesThatDoNotDivideTheLayerAreRefused() {
        assertThrows(BadInputException.class, () -> measure(new SubspaceSettings(5, 10, 2, 5, 1f)));
    }

    private static OrthogonalizationDifference measure(SubspaceSettings settings) {
        try (Backend backend = CpuBackend.create(2)) {
            return OrthogonalizationDifference.measure(backend, settings, data());
        }
    }

    /** The same backend, but what it orthogonalises becomes too long by a thousandth. */
    private static Backend withTooLongColumns(Backend backend) {
        Subspaces wrong = (Subspaces) Proxy.newProxyInstance(
                Subspaces.class.getClassLoader(), new Class<?>[] {Subspaces.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(backend.subspaces(), arguments);
                    if (method.getName().equals("orthogonalize")) {
                        backend.elementwise().scale(1.001f, (Floats) arguments[3], (Floats) arguments[3]);
                    }
                    return result;
                });
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) ->
                        method.getName().equals("subspaces") ? wrong : method.invoke(backend, arguments));
    }

    private static ContextData data() {
        Random random = new Random(3);
        float[] activations = new float[400 * D];
        float[] contexts = new float[activations.length];
        for (int i = 0; i < contexts.length; i++) {
            activations[i] = (float) Math.max(0, random.nextGaussian());
            contexts[i] = (float) random.nextGaussian();
        }
        Provenance provenance = new Provenance("0123456789abcdef", "conv3", 1, "drums", 400, 1, 7);
        return new ContextData(provenance, D, activations, contexts);
    }
}
