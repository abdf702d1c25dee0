package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.profile.ProfilingBackend;
import unweave.kernels.profile.Timeline;

class CudaProfilerTest {
    /** The clocks of host and device are compared once; between two events of one stream they agree far better. */
    private static final long CLOCK_NANOS = 2_000_000;

    private final Timeline timeline = new Timeline(100_000);
    private final long begin = System.nanoTime();

    private List<Timeline.Piece> deviceWork() {
        return timeline.pieces().stream()
                .filter(piece -> piece.track().device())
                .toList();
    }

    private Timeline.Total total(String name) {
        return timeline.totals().stream()
                .filter(total -> total.operation().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + timeline.totals()));
    }

    @Test
    void kernelsAndCopiesAreTimedOnTheirStreams() {
        float[] back = new float[1000];
        try (Backend backend = ProfilingBackend.of(TestGpu.open(), timeline);
                Floats x = backend.floats(new float[1000]);
                Floats y = backend.floats(1000)) {
            for (int i = 0; i < 3; i++) {
                backend.elementwise().relu(x, y);
            }
            backend.copy(x, 0, y, 0, 500);
            backend.download(y, 0, back, 0, 1000);
        }
        assertEquals(4000, total("upload").cost().bytes());
        assertEquals(4000, total("download").cost().bytes());
        assertEquals(4000, total("copy").cost().bytes(), "500 values read and written");
        List<Timeline.Piece> work = deviceWork();
        assertEquals(6, work.size(), work.toString());
        assertEquals("copies", work.get(0).track().name());
        assertTrue(work.stream().skip(1).allMatch(piece -> piece.track().name().equals("compute")), work.toString());
        assertEquals(3, total("relu").calls(), "the kernels; queueing them is no work of the device");
        Timeline.Piece kernel = work.get(1);
        assertFalse(kernel.shape().toString().isEmpty(), "kernels tell their grid");
    }

    @Test
    void theWorkOfAStreamFollowsEachOtherWithinTheRun() {
        try (Backend backend = ProfilingBackend.of(TestGpu.open(), timeline);
                Floats x = backend.floats(new float[32])) {
            for (int i = 0; i < 300; i++) { // more than is looked at once
                backend.elementwise().scale(0.5f, x, x);
            }
        }
        long end = System.nanoTime();
        Map<Timeline.Track, List<Timeline.Piece>> streams = new HashMap<>();
        deviceWork().forEach(piece -> streams.computeIfAbsent(piece.track(), track -> new ArrayList<>())
                .add(piece));
        assertEquals(301, deviceWork().size());
        for (List<Timeline.Piece> stream : streams.values()) {
            long before = begin - CLOCK_NANOS;
            for (Timeline.Piece piece : stream) {
                assertTrue(before <= piece.begin() + 1000 && piece.begin() <= piece.end(), before + " " + piece);
                before = piece.end();
            }
            assertTrue(before <= end + CLOCK_NANOS, "the last work ends within the run");
        }
    }

    @Test
    void whatIsOtherwiseAGraphIsTimedInPieces() {
        int rows = 50;
        int d = 4;
        int steps = 20;
        Ascent ascent = new Ascent(1, rows, d, 2, 0.1f, Orthogonalization.EIGEN);
        float[] identity = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
        float[] vectors = new float[rows * d];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = (i * 37 % 11) / 11f;
        }
        try (Backend backend = ProfilingBackend.of(TestGpu.open(), timeline);
                Floats a = backend.floats(vectors);
                Floats c = backend.floats(vectors);
                Floats u = backend.floats(identity);
                Floats gradient = backend.floats(identity.length);
                Floats objective = backend.floats(steps)) {
            backend.subspaces().ascend(ascent, steps, a, c, u, gradient, objective, 0);
        }
        assertTrue(
                timeline.totals().stream().noneMatch(total -> total.operation().equals("graph")),
                timeline.totals().toString());
        assertTrue(
                timeline.totals().stream().anyMatch(total -> total.calls() >= steps),
                "kernels of every step: " + timeline.totals());
    }

    @Test
    void theDeviceReachesSomething() {
        try (Backend gpu = TestGpu.open()) {
            Ceilings ceilings = gpu.measureCeilings();
            assertTrue(ceilings.flopsPerSecond() > 1e6 && ceilings.flopsPerSecond() < 1e16, ceilings.toString());
            assertTrue(ceilings.bytesPerSecond() > 1e6 && ceilings.bytesPerSecond() < 1e16, ceilings.toString());
        }
    }
}
