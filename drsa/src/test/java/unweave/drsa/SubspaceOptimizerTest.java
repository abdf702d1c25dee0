package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.cpu.CpuBackend;

class SubspaceOptimizerTest {
    private static final int D = 6;
    private static final int K = 3;
    private static final double[] PLANTED = HaarOrthogonal.sample(D, 77);
    private static final double[] STRENGTHS = {1, 1.6, 1.3};
    private static final SubspaceSettings SETTINGS = new SubspaceSettings(K, 400, 2, 5, 1f);

    /**
     * The planted subspaces are the global maximum; most starts end in lower ones, in which subspaces share planted
     * directions.
     */
    @Test
    void theBestOfManyStartsFindsPlantedSubspacesInTheOrderOfTheirRelevance() {
        Subspaces found = optimize(Method.DRSA, SETTINGS.withStarts(24));
        int[] expectedBlocks = {1, 2, 0};
        for (int k = 0; k < K; k++) {
            assertEquals(1, PlantedData.overlap(D, K, found.basis(), k, PLANTED, expectedBlocks[k]), 0.01);
        }
        assertEquals(1.6 / 3.9, found.relevanceShares()[0], 0.03);
        assertEquals(1 / 3.9, found.relevanceShares()[2], 0.03);
    }

    @Test
    void objectiveRisesAlongEveryCurveAndTheBestEndWins() {
        Subspaces found = optimize(Method.DRSA, SETTINGS);
        assertEquals(2, found.curves().length);
        for (float[] curve : found.curves()) {
            assertEquals(401, curve.length);
            for (int step = 1; step < curve.length; step++) {
                assertTrue(curve[step] >= curve[step - 1] * (1 - 1e-3f), "falls at step " + step);
            }
            assertTrue(curve[400] > 1.2f * curve[0]);
            assertTrue(found.objective() >= curve[400]);
        }
    }

    @Test
    void staysOrthogonal() {
        assertTrue(optimize(Method.DRSA, SETTINGS).orthogonalityError() < 1e-5);
        assertTrue(optimize(Method.DSA, SETTINGS).orthogonalityError() < 1e-5);
        assertTrue(optimize(Method.RANDOM, SETTINGS).orthogonalityError() < 1e-6);
    }

    @Test
    void sameSeedSameBytesForOneAndTwoThreads() {
        Subspaces one = optimize(Method.DRSA, SETTINGS, SubspaceProgress.SILENT, 1);
        Subspaces two = optimize(Method.DRSA, SETTINGS, SubspaceProgress.SILENT, 2);
        assertArrayEquals(one.basis(), two.basis());
        assertArrayEquals(one.curves(), two.curves());
        assertArrayEquals(one.relevanceTotals(), two.relevanceTotals());
    }

    @Test
    void activationsTakeThePlaceOfContextsForDsa() {
        ContextData data = PlantedData.of(600, D, PLANTED, STRENGTHS, 0.05, 1);
        ContextData swapped = new ContextData(data.provenance(), D, data.activations(), data.activations());
        try (Backend backend = CpuBackend.create(2)) {
            Subspaces blind =
                    new SubspaceOptimizer(backend, SETTINGS).optimize(Method.DSA, data, SubspaceProgress.SILENT);
            Subspaces same =
                    new SubspaceOptimizer(backend, SETTINGS).optimize(Method.DRSA, swapped, SubspaceProgress.SILENT);
            assertArrayEquals(same.curves(), blind.curves());
        }
    }

    @Test
    void randomSubspacesAreTheFirstStartItself() {
        Subspaces random = optimize(Method.RANDOM, SETTINGS);
        Subspaces start = optimize(Method.DRSA, SETTINGS.withSteps(0).withStarts(1));
        assertArrayEquals(start.basis(), random.basis());
        assertEquals(1, random.curves().length);
        assertEquals(1, random.curves()[0].length);
        assertEquals(optimize(Method.DRSA, SETTINGS).curves()[0][0], random.objective(), 1e-6f);
    }

    @Test
    void reportsProgressDuringTheRunAndAtItsEnd() {
        List<Integer> steps = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        optimize(
                Method.DRSA,
                SETTINGS.withSteps(250),
                (step, all, objectives, secondsLeft) -> {
                    assertEquals(250, all);
                    assertEquals(2, objectives.length);
                    steps.add(step);
                    seconds.add(secondsLeft);
                },
                1);
        assertEquals(List.of(100, 200, 250), steps);
        assertTrue(seconds.get(0) > 0);
        assertEquals(0, seconds.get(2));
    }

    @Test
    void refusesSubspacesThatDoNotDivideTheLayer() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> optimize(Method.DRSA, new SubspaceSettings(4, 10, 1, 1, 1f)))
                .getMessage();
        assertTrue(message.contains("D = 6") && message.contains("K = 4") && message.contains("1, 2, 3, 6"), message);
    }

    @Test
    void saysWhenTheObjectiveIsNoNumber() {
        try (Backend backend = CpuBackend.create(1)) {
            Backend broken = losingObjectiveAfter(backend, 130);
            ContextData data = PlantedData.of(60, D, PLANTED, STRENGTHS, 0.05, 1);
            String message = assertThrows(BadInputException.class, () -> new SubspaceOptimizer(broken, SETTINGS)
                            .optimize(Method.DRSA, data, SubspaceProgress.SILENT))
                    .getMessage();
            assertTrue(message.contains("conv3") && message.contains("NaN") && message.contains("step size"), message);
        }
    }

    /** The same backend, but once so many steps are taken every objective is NaN. */
    private static Backend losingObjectiveAfter(Backend backend, int steps) {
        AtomicInteger taken = new AtomicInteger();
        unweave.kernels.Subspaces losing = proxy(unweave.kernels.Subspaces.class, (method, arguments) -> {
            Object result = method.invoke(backend.subspaces(), arguments);
            if (method.getName().equals("ascend") && taken.addAndGet((int) arguments[1]) >= steps) {
                backend.fill((Floats) arguments[6], Float.NaN);
            }
            return result;
        });
        return proxy(
                Backend.class,
                (method, arguments) ->
                        method.getName().equals("subspaces") ? losing : method.invoke(backend, arguments));
    }

    private interface Call {
        Object of(java.lang.reflect.Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.of(method, arguments)));
    }

    /** Two ways to the same matrix: they differ by rounding, which the ascent does not amplify. */
    @Test
    void newtonSchulzClimbsLikeTheEigenvalues() {
        SubspaceSettings newtonSchulz = SETTINGS.withOrthogonalization(Orthogonalization.NEWTON_SCHULZ);
        Subspaces afterOne = optimize(Method.DRSA, newtonSchulz.withSteps(1));
        assertArrayEquals(optimize(Method.DRSA, SETTINGS.withSteps(1)).basis(), afterOne.basis(), 2e-7f);
        Subspaces afterMany = optimize(Method.DRSA, newtonSchulz);
        Subspaces expected = optimize(Method.DRSA, SETTINGS);
        assertEquals(expected.objective(), afterMany.objective(), 1e-5f * expected.objective());
        assertArrayEquals(expected.basis(), afterMany.basis(), 1e-3f);
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> SubspaceSettings.thesis(0, 1));
        assertThrows(IllegalArgumentException.class, () -> SETTINGS.withSteps(-1));
        assertThrows(IllegalArgumentException.class, () -> SETTINGS.withStarts(0));
        assertThrows(IllegalArgumentException.class, () -> new SubspaceSettings(4, 1, 1, 1, Float.NaN));
    }

    private static Subspaces optimize(Method method, SubspaceSettings settings) {
        return optimize(method, settings, SubspaceProgress.SILENT, 2);
    }

    private static Subspaces optimize(
            Method method, SubspaceSettings settings, SubspaceProgress progress, int threads) {
        try (Backend backend = CpuBackend.create(threads)) {
            return new SubspaceOptimizer(backend, settings)
                    .optimize(method, PlantedData.of(600, D, PLANTED, STRENGTHS, 0.05, 1), progress);
        }
    }
}
