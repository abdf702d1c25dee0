package unweave.cli.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.drsa.HaarOrthogonal;
import unweave.engine.file.SafeTensorsWriter;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.reference.ReferenceSubspaces;

/** Golden files of other sizes than those beside the tests, made in float64: several starts, any number of steps. */
class GoldenDrsaTest {
    private static final int ROWS = 50;
    private static final int STEPS = 7;

    @TempDir
    private Path folder;

    @Test
    void sizesAndStartsComeFromTheFile() throws IOException {
        for (int starts = 1; starts <= 5; starts += 2) {
            for (boolean stepsFirst : new boolean[] {true, false}) {
                List<Check> checks = compare(new Case(starts, 6 + starts, stepsFirst), 0);
                assertEquals(4, checks.size(), checks.toString());
                assertTrue(checks.stream().allMatch(Check::ok), checks.toString());
            }
        }
    }

    @Test
    void aWrongObjectiveOfTheLastStartIsSeen() throws IOException {
        List<Check> checks = compare(new Case(3, 8, true), 2e-3);
        assertEquals(
                List.of("drsa D8_K2/objective, steps 0 to 7, relative", "drsa D8_K2/objective, step 7, relative"),
                checks.stream().filter(check -> !check.ok()).map(Check::name).toList());
    }

    /** @param stepsFirst whether the objectives lie step by step, or start by start */
    private record Case(int starts, int dimensions, boolean stepsFirst) {
        int subspaces() {
            return dimensions % 2 == 0 ? 2 : 1;
        }
    }

    /** @param wrong part that is added to the last objective of the last start */
    private List<Check> compare(Case one, double wrong) throws IOException {
        int d = one.dimensions();
        int starts = one.starts();
        double[] a = gaussian(ROWS * d, 1);
        double[] c = gaussian(ROWS * d, 2);
        double[] begin = new double[starts * d * d];
        double[] gradients = new double[begin.length];
        double[] afterOne = new double[begin.length];
        double[] objectives = new double[starts * (STEPS + 1)];
        for (int start = 0; start < starts; start++) {
            double[] u = HaarOrthogonal.sample(d, start);
            System.arraycopy(u, 0, begin, start * d * d, d * d);
            for (int step = 0; step <= STEPS; step++) {
                double[] gradient = new double[d * d];
                int at = one.stepsFirst() ? step * starts + start : start * (STEPS + 1) + step;
                objectives[at] = ReferenceSubspaces.subspaceGradient(ROWS, 1, d, one.subspaces(), a, c, u, gradient);
                if (step == 0) {
                    System.arraycopy(gradient, 0, gradients, start * d * d, d * d);
                }
                for (int i = 0; i < u.length; i++) {
                    u[i] += gradient[i];
                }
                ReferenceSubspaces.orthogonalize(d, u);
                if (step == 0) {
                    System.arraycopy(u, 0, afterOne, start * d * d, d * d);
                }
            }
        }
        objectives[objectives.length - 1] *= 1 + wrong;
        String key = "D" + d + "_K" + one.subspaces();
        int[] bases = starts == 1 ? new int[] {d, d} : new int[] {starts, d, d};
        Path file = folder.resolve("drsa.safetensors");
        new SafeTensorsWriter()
                .add(key + "/a", a, ROWS, d)
                .add(key + "/c", c, ROWS, d)
                .add(key + "/U0", begin, bases)
                .add(key + "/gradient0", gradients, bases)
                .add(key + "/U1", afterOne, bases)
                .add(
                        key + "/objective",
                        objectives,
                        one.stepsFirst() ? new int[] {STEPS + 1, starts} : new int[] {starts, STEPS + 1})
                .write(file);
        try (Backend backend = CpuBackend.create(1)) {
            return GoldenFiles.compare(file, backend);
        }
    }

    private static double[] gaussian(int size, long seed) {
        Random random = new Random(seed);
        double[] values = new double[size];
        Arrays.setAll(values, i -> random.nextGaussian() / 2);
        return values;
    }
}
