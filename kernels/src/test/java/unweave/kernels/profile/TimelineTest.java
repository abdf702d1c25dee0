package unweave.kernels.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Spans;
import unweave.kernels.cpu.CpuBackend;

class TimelineTest {
    @TempDir
    private Path folder;

    private static void work(Timeline timeline) {
        try (Backend backend = ProfilingBackend.of(CpuBackend.create(1), timeline);
                Spans.Span outer = backend.spans().open("epoch", 1)) {
            for (int step = 1; step <= 3; step++) {
                try (Spans.Span inner = backend.spans().open("step", step);
                        Floats x = backend.floats(new float[1000])) {
                    backend.elementwise().relu(x, x);
                }
            }
        }
    }

    @Test
    void spansEncloseWhatHappensInThem() {
        Timeline timeline = new Timeline(1000);
        work(timeline);
        List<Timeline.Piece> pieces = timeline.pieces();
        List<Object> names = pieces.stream().map(Timeline.Piece::name).toList();
        assertEquals(List.of("upload", "relu", 1, "upload", "relu", 2, "upload", "relu", 3, 1), names);
        Timeline.Piece epoch = pieces.get(9);
        for (int step = 0; step < 3; step++) {
            Timeline.Piece span = pieces.get(3 * step + 2);
            assertEquals("step", span.kind());
            assertTrue(epoch.begin() <= span.begin() && span.end() <= epoch.end(), "steps lie in the epoch");
            for (Timeline.Piece operation : pieces.subList(3 * step, 3 * step + 2)) {
                assertTrue(
                        span.begin() <= operation.begin() && operation.end() <= span.end(),
                        "operations lie in the step");
            }
        }
    }

    @Test
    void timeOfOperationsLiesWithinTheTimeOfTheRun() {
        long begin = System.nanoTime();
        Timeline timeline = new Timeline(1000);
        work(timeline);
        long wall = System.nanoTime() - begin;
        long operations = timeline.totals().stream()
                .mapToLong(Timeline.Total::nanoseconds)
                .sum();
        assertTrue(operations > 0 && operations <= wall, operations + " of " + wall);
        assertEquals(
                3,
                timeline.totals().stream()
                        .filter(total -> total.operation().equals("relu"))
                        .findFirst()
                        .orElseThrow()
                        .calls());
    }

    @Test
    void sumsGoOnWhenTheTraceIsFull() {
        Timeline timeline = new Timeline(4);
        work(timeline);
        assertEquals(4, timeline.pieces().size());
        assertEquals(6, timeline.dropped());
        assertEquals(
                6, timeline.totals().stream().mapToLong(Timeline.Total::calls).sum());
    }

    @Test
    void longPiecesAreKeptInAFullTrace() {
        Timeline timeline = new Timeline(1);
        long second = 1_000_000_000;
        timeline.deviceWork("compute", "short", "", 0, 0, 0, 1000);
        timeline.deviceWork("compute", "short", "", 0, 0, 1000, 2000);
        timeline.deviceWork("compute", "long", "", 0, 0, 2000, 2000 + second);
        assertEquals(
                List.of("short", "long"),
                timeline.pieces().stream().map(Timeline.Piece::name).toList());
        assertEquals(1, timeline.dropped());
    }

    @Test
    void threadsHaveTracksOfTheirOwn() throws InterruptedException {
        Timeline timeline = new Timeline(10);
        Thread other = new Thread(() -> timeline.open("stage", "there").close(), "loader");
        timeline.open("stage", "here").close();
        other.start();
        other.join();
        List<Timeline.Piece> pieces = timeline.pieces();
        assertEquals("loader", pieces.get(1).track().name());
        assertFalse(pieces.get(0).track().equals(pieces.get(1).track()));
    }

    @Test
    void flightRecorderHasOperationsAndSpans() throws IOException {
        Path file = folder.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            assertTrue(Timeline.flightRecorderRuns());
            work(new Timeline(0));
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        List<RecordedEvent> relus = events.stream()
                .filter(event -> event.getEventType().getName().equals("unweave.Operation"))
                .filter(event -> event.getString("operation").equals("relu"))
                .toList();
        assertEquals(3, relus.size());
        assertEquals("1000", relus.get(0).getString("shape"));
        assertEquals(8000, relus.get(0).getLong("bytes"));
        assertEquals(
                4,
                events.stream()
                        .filter(event -> event.getEventType().getName().equals("unweave.Span"))
                        .count());
    }
}
