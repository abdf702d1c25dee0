package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.cuda.driver.DeviceListener;
import unweave.kernels.cuda.driver.Stream;

/**
 * The orthogonalisation by eigenvectors: what it calls, and matrices too large for the table of operations. Results are
 * compared with the processor's decomposition in float64. The kernels run on a stand-in, for which a dense matrix of
 * 1,024 columns is minutes of work, so large ones couple few columns. Tests tagged "slow" are run by {@code .ci/run}
 * alone.
 */
class CudaOrthogonalizationTest {
    /** Both sides round to float32 what agrees far better. */
    private static final float ROUNDING = 0x1p-24f;

    private static CudaDevice device;
    private static CudaTransfers transfers;

    @BeforeAll
    static void openDevice() {
        TestGpu.prepare();
        device = new CudaDevice(CudaDevices.usable(0), true);
        transfers = new CudaTransfers(device);
    }

    @AfterAll
    static void closeDevice() {
        if (device != null) {
            transfers.close();
            device.close();
        }
    }

    /** 20 and 33: one block, columns in registers and in memory; 257: panels, of which the last has one column. */
    @ParameterizedTest(name = "D {0}")
    @ValueSource(ints = {20, 33, 257})
    void cublasMultipliesAndOurKernelsOnlyRotateAndGoValueByValue(int n) {
        Map<String, Integer> calls = calls(() -> onDevice(2, coupled(2, n)));
        String sweeps = n == 20 ? "polarSweeps128" : n == 33 ? "polarSweepsPlain" : "polarPanels";
        int rounds = 33; // of 34 teams: 33 panels and one that is absent
        Map<String, Integer> expected = new TreeMap<>(Map.of(
                "polarIdentity",
                1,
                "polarWiden",
                1,
                "polarColumns",
                1,
                sweeps,
                n == 257 ? 20 * rounds : 1,
                "polarTurned",
                1,
                "polarInverseRoot",
                1,
                "polarNarrow",
                1,
                "dgemmStridedBatched",
                7));
        if (n == 257) {
            expected.put("fill", 1);
        }
        calls.keySet().removeAll(Set.of("upload", "download"));
        assertEquals(expected, calls);
    }

    /** Unless another way is named, it is that by eigenvectors; no kernel of a step multiplies matrices. */
    @Test
    void aStepOfTheAscentMultipliesWithCublasAlone() {
        int d = 16;
        int steps = 3;
        Ascent ascent = new Ascent(2, 60, d, 4, 1f, Orthogonalization.AUTO);
        Map<String, Integer> calls = calls(() -> {
            try (CudaSubspaces subspaces = new CudaSubspaces(device);
                    Floats a = transfers.floats(gaussian(60 * d, 1));
                    Floats u = transfers.floats(coupled(2, d));
                    Floats gradient = transfers.floats(new float[2 * d * d]);
                    Floats objective = transfers.floats(new float[2 * steps])) {
                subspaces.ascend(ascent, steps, a, a, u, gradient, objective, 0);
            }
        });
        assertEquals(2 * steps, calls.remove("sgemmStridedBatched"), "projections and gradient of each step");
        assertEquals(7 * steps, calls.remove("dgemmStridedBatched"), "orthogonalisation of each step");
        assertEquals(
                Set.of(
                        "copy",
                        "fill",
                        "polarColumns",
                        "polarIdentity",
                        "polarInverseRoot",
                        "polarNarrow",
                        "polarSweeps128",
                        "polarTurned",
                        "polarWiden",
                        "subspaceObjective",
                        "subspaceRelevanceVector",
                        "subspaceStep"),
                calls.keySet());
    }

    /** Short and absent panels, one and several pairs of them, dense and with starts that end at different sweeps. */
    @ParameterizedTest(name = "D {0}")
    @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 23, 24, 25, 33, 40, 64, 97})
    void panelsOfSmallMatrices(int n) {
        int starts = 1 + n % 5;
        float[] u = gaussian(starts * n * n, n);
        System.arraycopy(onHost(1, gaussian(n * n, 1)), 0, u, (starts - 1) * n * n, n * n); // orthogonal already
        CudaOrthogonalization panels = new CudaOrthogonalization(device, 0);
        assertArrayEquals(onHost(starts, u), onDevice(panels, starts, u), 4e-7f); // singular values from 1e-3 to 20
    }

    @Test
    void panelsDecomposeAnyMatrixOfFullRank() {
        assertExact(1, gaussian(257 * 257, 4)); // singular values from 0.03 to 32
    }

    @Test
    void severalStartsOfPanels() {
        assertExact(5, coupled(5, 263));
    }

    @Test
    void halfAThousandColumns() {
        assertExact(1, coupled(1, 512));
    }

    /** The eigenvectors of the call before are where the next begins. */
    @ParameterizedTest(name = "D {0}, {1} columns for one block")
    @CsvSource({"15, 256", "24, 256", "130, 256", "24, 0", "41, 0"})
    void eigenvectorsAreKeptFromStepToStep(int n, int mostOfOneBlock) {
        CudaOrthogonalization kept = new CudaOrthogonalization(device, mostOfOneBlock);
        float[] u = coupled(2, n);
        try (CudaFloats vectors = kept.doubles(2, n)) {
            kept.beginVectors(2, n, vectors);
            for (int step = 0; step < 3; step++) {
                float[] expected = onHost(2, u);
                try (Floats values = transfers.floats(u)) {
                    kept.orthogonalize(Orthogonalization.EIGEN, 2, n, values, vectors);
                    float[] found = transfers.toArray(values);
                    assertArrayEquals(expected, found, ROUNDING, "step " + step);
                    for (int i = 0; i < found.length; i++) {
                        u[i] = found[i] + 0.05f * (u[i] - found[i]) * (i % 5);
                    }
                }
            }
        }
    }

    /** A recorded graph of hundreds of launches climbs as the processor does. */
    @Test
    void anAscentInPanelsClimbsAsTheProcessorDoes() {
        int d = 264;
        Ascent ascent = new Ascent(1, 64, d, 4, 1f, Orthogonalization.EIGEN);
        try (Backend gpu = TestGpu.open();
                Backend cpu = CpuBackend.create(2)) {
            assertArrayEquals(objectives(cpu, ascent, 2), objectives(gpu, ascent, 2), 1e-5f);
        }
    }

    private static float[] objectives(Backend backend, Ascent ascent, int steps) {
        int d = ascent.dimensions();
        float[] data = gaussian(ascent.rows() * d, 2);
        for (int i = 0; i < data.length; i++) {
            data[i] /= 4;
        }
        try (Floats a = backend.floats(data);
                Floats u = backend.floats(onHost(1, coupled(1, d)));
                Floats gradient = backend.floats(u.size());
                Floats objective = backend.floats(steps)) {
            backend.subspaces().ascend(ascent, steps, a, a, u, gradient, objective, 0);
            return backend.toArray(objective);
        }
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0} starts of D {1}")
    @CsvSource({"5, 300", "3, 512", "1, 1024", "1, 2048"})
    void largeMatrices(int starts, int n) {
        assertExact(starts, coupled(starts, n));
    }

    @Tag("slow")
    @Test
    void aDenseMatrixOfHalfAThousandColumns() {
        assertExact(1, disturbed(512, 0.2));
    }

    private static void assertExact(int starts, float[] u) {
        assertArrayEquals(onHost(starts, u), onDevice(starts, u), ROUNDING);
    }

    private static Map<String, Integer> calls(Runnable work) {
        Map<String, Integer> calls = new TreeMap<>();
        device.stream().listen(new DeviceListener() {
            @Override
            public void before(Stream stream) {
                // Only what has been queued counts.
            }

            @Override
            public void after(Stream stream, String name, long blocks, int threads, double flops, double bytes) {
                calls.merge(name, 1, Integer::sum);
            }
        });
        try {
            work.run();
        } finally {
            device.stream().listen(null);
        }
        return calls;
    }

    private static float[] onDevice(int starts, float[] u) {
        return onDevice(new CudaOrthogonalization(device), starts, u);
    }

    private static float[] onDevice(CudaOrthogonalization orthogonalization, int starts, float[] u) {
        try (Floats values = transfers.floats(u)) {
            orthogonalization.orthogonalize(Orthogonalization.EIGEN, starts, dimensions(starts, u), values);
            return transfers.toArray(values);
        }
    }

    private static float[] onHost(int starts, float[] u) {
        try (Backend cpu = CpuBackend.create(2);
                Floats values = cpu.floats(u)) {
            cpu.subspaces().orthogonalize(Orthogonalization.EIGEN, starts, dimensions(starts, u), values);
            return cpu.toArray(values);
        }
    }

    private static int dimensions(int starts, float[] u) {
        return (int) Math.round(Math.sqrt(u.length / (double) starts));
    }

    /**
     * Products of reflections (I - 2 v v^T) of all rows with matrices that mix columns three at a time, a third of all
     * columns apart and so of different panels: columns of different triples are orthogonal.
     */
    private static float[] coupled(int starts, int n) {
        float[] all = new float[starts * n * n];
        Random random = new Random(n);
        for (int start = 0; start < starts; start++) {
            double[] v = random.doubles(n, -1, 1).toArray();
            double square = Arrays.stream(v).map(x -> x * x).sum();
            int third = n / 3;
            for (int column = 0; column < n; column++) {
                double[] mixed = new double[n];
                for (int i = column % Math.max(1, third); i < n; i += Math.max(1, third)) {
                    mixed[i] = (i == column ? 1 : 0) + 0.3 * random.nextGaussian();
                }
                double product = 0;
                for (int i = 0; i < n; i++) {
                    product += v[i] * mixed[i];
                }
                for (int row = 0; row < n; row++) {
                    all[(start * n + row) * n + column] = (float) (mixed[row] - 2 * product / square * v[row]);
                }
            }
        }
        return all;
    }

    /** An orthogonal matrix, of which each value is disturbed. */
    private static float[] disturbed(int n, double by) {
        float[] u = onHost(1, gaussian(n * n, n));
        Random random = new Random(1);
        for (int i = 0; i < u.length; i++) {
            u[i] += (float) (by * random.nextGaussian() / Math.sqrt(n));
        }
        return u;
    }

    private static float[] gaussian(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
