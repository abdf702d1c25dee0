package unweave.explain.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.SoundFiles;
import unweave.drsa.SubspaceSet;
import unweave.engine.model.Model;
import unweave.explain.AudioModel;
import unweave.explain.Choices;
import unweave.explain.Decision;
import unweave.explain.ExampleNetwork;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.Question;
import unweave.explain.Sound;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;

class RecordingExplainerTest {
    private static final int RATE = ExampleNetwork.SAMPLE_RATE;
    private static final double WINDOW = (double) ExampleNetwork.SAMPLES / RATE;
    private static final int SECONDS = 20;

    @TempDir
    private static Path folder;

    private static Backend backend;
    private static Model model;
    private static Explainer explainer;
    private static Path file;
    private static float[] signal;

    @BeforeAll
    static void record() throws IOException {
        backend = CpuBackend.create(2);
        model = ExampleNetwork.model(backend, 1);
        SubspaceSet subspaces = ExampleNetwork.subspaces(model, 0, 1, 2);
        explainer = explainer(subspaces);
        signal = new float[SECONDS * RATE];
        for (int n = 0; n < signal.length; n++) {
            double time = (double) n / RATE;
            signal[n] = (float) (0.5
                    * Math.sin(2 * Math.PI * (200 + 40 * time) * time)
                    * (1 + Math.sin(2 * Math.PI * 0.7 * time))
                    / 2);
        }
        Arrays.fill(signal, 8 * RATE, 10 * RATE, 0); // silent from 8 s to 10 s
        file = folder.resolve("night.wav");
        SoundFiles.write(file, unweave.audio.file.Sound.ofMono(signal, RATE), SampleFormat.FLOAT_32);
    }

    private static Explainer explainer(SubspaceSet subspaces) throws IOException {
        AudioModel audio = new AudioModel(model, ExampleNetwork.settings(model));
        return new Explainer(audio, Composite.toy(), Optional.ofNullable(subspaces), new Choices().withThreads(2));
    }

    @AfterAll
    static void close() {
        explainer.close();
        model.close();
        backend.close();
    }

    private static RecordingExplainer recordings() {
        return new RecordingExplainer(explainer, new Question(), Monitor.silent());
    }

    @Test
    void windowsOverlapByHalfAndReachTheEnd() throws IOException {
        Timeline timeline = recordings().explain(file);
        assertEquals((int) (2 * SECONDS / WINDOW) - 1, timeline.windows().size());
        for (int i = 0; i < timeline.windows().size(); i++) {
            assertEquals(i * WINDOW / 2, timeline.windows().get(i).start(), 1e-9);
        }
        assertEquals(SECONDS, timeline.end(), 1e-9);
    }

    @Test
    void silentWindowsAreMarkedAndHaveNoDecision() throws IOException {
        Timeline timeline = recordings().explain(file);
        for (TimelineWindow window : timeline.windows()) {
            boolean silent = window.start() >= 8 && window.end() <= 10;
            assertEquals(silent, window.decision().isEmpty(), "at " + window.start());
            assertEquals(silent, window.peak() == 0);
        }
        assertEquals(7, timeline.silent());
    }

    /** Batches of windows give the numbers of the explanation of one excerpt. */
    @Test
    void eachWindowHasTheSharesOfItsOwnExplanation() throws IOException {
        Timeline timeline = recordings().withHop(3.7).explain(file);
        for (TimelineWindow window : timeline.windows()) {
            Decision decision = window.decision().orElseThrow();
            Explanation alone = explainer.explain(new Sound("night", signal, RATE, window.start()), new Question());
            assertEquals(alone.decision().className(), decision.decision().className());
            assertEquals(alone.decision().probability(), decision.decision().probability(), 1e-5);
            assertEquals(
                    alone.map().sum(),
                    decision.relevance(),
                    1e-4 * Math.abs(alone.map().sum()));
            for (int k = 0; k < ExampleNetwork.CONCEPTS; k++) {
                assertEquals(alone.concepts().get(k).share(), decision.share(k), 1e-4);
            }
        }
    }

    @Test
    void passagesAreTheBestWindowsAndDoNotOverlap() throws IOException {
        Timeline timeline = recordings().explain(file);
        List<Passage> passages = timeline.passages(3);
        assertTrue(passages.size() > 3);
        for (Passage passage : passages) {
            double largest = timeline.windows().stream()
                    .flatMap(window -> window.decision().stream())
                    .filter(decision -> passage.className().equals(decision.through()))
                    .mapToDouble(decision -> decision.concepts()[passage.concept() - 1])
                    .max()
                    .orElseThrow();
            assertTrue(passage.rank() > 1 || passage.relevance() == largest);
            for (Passage other : passages) {
                boolean same = other.className().equals(passage.className()) && other.concept() == passage.concept();
                if (same && other.rank() != passage.rank()) {
                    double apart =
                            Math.abs(timeline.windows().get(other.window()).start()
                                    - timeline.windows().get(passage.window()).start());
                    assertTrue(apart >= WINDOW - 1e-9);
                }
            }
        }
    }

    @Test
    void passagesAreExplainedFromTheirOwnWindow() throws IOException {
        RecordingExplainer recordings = recordings().between(2, 7);
        Timeline timeline = recordings.explain(file);
        assertEquals(2, timeline.windows().get(0).start(), 1e-9);
        assertEquals(7, timeline.end(), 1e-9);
        List<Passage> passages = timeline.passages(2);
        List<Passage> heard = new ArrayList<>();
        recordings.explain(file, timeline, passages, (passage, excerpt, explanation) -> {
            heard.add(passage);
            assertEquals(timeline.windows().get(passage.window()).start(), excerpt.start(), 1e-9);
            assertEquals(passage.className(), explanation.explained().className());
            assertEquals(
                    passage.share(),
                    explanation.concepts().get(passage.concept() - 1).share(),
                    1e-4);
        });
        assertEquals(passages.size(), heard.size());
    }

    @Test
    void withoutSubspacesPassagesAreThoseOfTheWholeDecision() throws IOException {
        Explainer whole = explainer(null);
        Timeline timeline = new RecordingExplainer(whole, new Question(), Monitor.silent()).explain(file);
        assertTrue(timeline.concepts().isEmpty());
        List<Passage> passages = timeline.passages(1);
        assertTrue(!passages.isEmpty() && passages.stream().allMatch(passage -> passage.concept() == 0));
        assertNull(timeline.windows().get(0).decision().orElseThrow().through());
    }
}
