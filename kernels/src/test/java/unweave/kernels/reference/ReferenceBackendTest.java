package unweave.kernels.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;

class ReferenceBackendTest {
    /** Those whose definitions have other arguments, none of which a forward or relevance pass needs. */
    private static final Set<String> WITHOUT = Set.of("adam", "subspaceGradient", "orthogonalize", "ascend");

    @Test
    void everyOperationHasADefinitionOfItsNameAndArguments() {
        Set<String> without = new TreeSet<>();
        for (Class<?> group : Backend.GROUPS) {
            for (Method operation : group.getMethods()) {
                if (!Modifier.isStatic(operation.getModifiers())
                        && ReferenceBackend.definition(operation).isEmpty()) {
                    without.add(operation.getName());
                }
            }
        }
        assertEquals(new TreeSet<>(WITHOUT), without, "a new operation needs its definition in kernels/reference");
    }

    @Test
    void valuesStayInFloat64() {
        Backend backend = ReferenceBackend.create();
        try (Floats x = backend.floats(new float[] {1, 1e-12f});
                Floats ones = backend.floats(new float[] {1, 1});
                Floats sum = backend.floats(1)) {
            ConvShape shape = ConvShape.dense(1, 2, 1);
            backend.convolutions().convForward(shape, x, ones, null, false, sum);
            assertEquals(1 + (double) 1e-12f, ReferenceBackend.values(sum)[0]);
            assertArrayEquals(new float[] {1}, backend.toArray(sum));
            backend.elementwise().scale(0.1f, sum, sum);
            assertEquals((double) 0.1f * (1 + (double) 1e-12f), ReferenceBackend.values(sum)[0]);
        }
    }

    @Test
    void whatItCannotDoIsNamedAndClosedMemoryRefused() {
        Backend backend = ReferenceBackend.create();
        Floats x = backend.floats(3);
        assertEquals(
                "the reference backend offers no adam",
                assertThrows(UnsupportedOperationException.class, () -> backend.training()
                                .adam(0, 0, 0, 0, x, x, x, x, x))
                        .getMessage());
        assertThrows(UnsupportedOperationException.class, () -> backend.record(() -> {}));
        x.close();
        assertThrows(IllegalStateException.class, () -> backend.elementwise().relu(x, x));
    }
}
