package unweave.kernels.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.Operations;
import unweave.kernels.operations.PreparedOperation;

class ProfilingBackendTest {
    private static final Set<String> TRANSFERS = Set.of("upload", "download", "copy", "fill", "synchronize");

    @Test
    void everyOperationOfTheTableCostsWhatTheTableSaysAndComputesTheSame() {
        try (Backend cpu = CpuBackend.create(1)) {
            for (OperationCase operation : Operations.small()) {
                Cost seen = costOf(operation, cpu);
                Cost expected = operation.cost();
                assertTrue(seen.bytes() > 0, operation.name());
                assertEquals(expected.flops(), seen.flops(), 1e-9 * seen.flops(), operation.name());
                if (!operation.operation().equals("ascend")) { // whose steps move U and its gradient again and again
                    assertEquals(expected.bytes(), seen.bytes(), operation.name());
                }
            }
        }
    }

    @Test
    void everyOperationHasARow() {
        for (Class<?> group : Backend.GROUPS) {
            for (Method method : group.getMethods()) {
                assertTrue(
                        Modifier.isStatic(method.getModifiers()) || Costs.knows(method.getName()),
                        () -> "the table of costs has no row for " + group.getSimpleName() + "." + method.getName());
            }
        }
    }

    private static Cost costOf(OperationCase operation, Backend cpu) {
        Timeline timeline = new Timeline(0);
        try (PreparedOperation prepared = operation.prepare(ProfilingBackend.of(cpu, timeline))) {
            double before = timeline.totals().stream()
                    .mapToDouble(total -> total.cost().flops())
                    .sum();
            assertEquals(0, before, operation.name() + ": transfers need no arithmetic");
            prepared.run();
            float[][] plain = operation.run(cpu);
            for (int i = 0; i < plain.length; i++) {
                assertArrayEquals(
                        plain[i], prepared.download(operation.outputNames().get(i)), operation.name());
            }
        }
        Cost cost = Cost.UNKNOWN;
        for (Timeline.Total total : timeline.totals()) {
            if (!TRANSFERS.contains(total.operation())) {
                cost = cost.plus(total.cost());
            }
        }
        return cost;
    }

    @Test
    void costsByHand() {
        Timeline timeline = new Timeline(100);
        try (Backend backend = ProfilingBackend.of(CpuBackend.create(1), timeline)) {
            // 2 images of 4 x 4 pixels, 3 channels to 5, kernel 3 x 3: 2*4*4*5 outputs of 27 products, each a
            // multiplication and an addition.
            ConvShape conv = ConvShape.same(2, 4, 4, 3, 5, 3);
            try (Floats x = zeros(backend, 96);
                    Floats w = zeros(backend, 135);
                    Floats bias = zeros(backend, 5);
                    Floats y = zeros(backend, 160)) {
                backend.convolutions().convForward(conv, x, w, bias, true, y);
                backend.convolutions().convForward(conv, x, w, null, true, y);
            }
            expect(timeline, "convForward", "2x4x4x3-5 3x3 p1", 2, 2 * 8640, 4 * (2 * (96 + 135 + 160) + 5));
            // 2 x 4 x 4 x 3 pooled by 2 x 2 to 24 values, each the largest of 4, and 24 winners.
            PoolShape pool = PoolShape.square(2, 4, 4, 3, 2);
            try (Floats x = zeros(backend, 96);
                    Floats y = zeros(backend, 24);
                    Ints winners = backend.ints(24)) {
                backend.pooling().maxPoolForward(pool, x, y, winners);
            }
            expect(timeline, "maxPoolForward", "2x4x4x3 2x2 s2", 1, 96, 4 * (96 + 24 + 24));
            // y += alpha x with x half as long: a product and a sum for each of 10, y read and written, x once.
            try (Floats x = zeros(backend, 5);
                    Floats y = zeros(backend, 10)) {
                backend.elementwise().addScaled(2, x, y);
            }
            expect(timeline, "addScaled", "10", 1, 20, 4 * 25);
        }
    }

    private static Floats zeros(Backend backend, int size) {
        return backend.floats(new float[size]);
    }

    private static void expect(
            Timeline timeline, String operation, String shape, long calls, double flops, double bytes) {
        List<Timeline.Total> found = timeline.totals().stream()
                .filter(total -> total.operation().equals(operation))
                .toList();
        assertEquals(1, found.size(), operation);
        Timeline.Total total = found.get(0);
        assertEquals(
                List.of(shape, calls, flops, bytes),
                List.of(
                        total.shape(),
                        total.calls(),
                        total.cost().flops(),
                        total.cost().bytes()));
    }

    @Test
    void theCpuReachesSomething() {
        try (Backend cpu = CpuBackend.create(2)) {
            Ceilings ceilings = cpu.measureCeilings();
            assertTrue(ceilings.flopsPerSecond() > 1e8 && ceilings.flopsPerSecond() < 1e15, ceilings.toString());
            assertTrue(ceilings.bytesPerSecond() > 1e8 && ceilings.bytesPerSecond() < 1e15, ceilings.toString());
        }
    }
}
