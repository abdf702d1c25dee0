package unweave.explain;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceSet;
import unweave.explain.evaluate.EvaluationResult;
import unweave.explain.evaluate.Measure;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

/** The library from files, as others use it. */
class SharedExplainerTest {
    private static final int SOUNDS = 8;
    private static final Choices CPU = new Choices().withDevice("cpu").withThreads(2);

    @TempDir
    private static Path folder;

    private static Path model;
    private static Path subspaces;

    @BeforeAll
    static void writeFiles() throws IOException {
        try (Backend backend = CpuBackend.create(1)) {
            ExampleNetwork.writeFiles(folder, backend);
        }
        model = folder.resolve("model.safetensors");
        subspaces = folder.resolve("subspaces.safetensors");
    }

    private static Sound sound(int number) {
        return Sound.of(ExampleNetwork.tone(200 + 90 * number, 2 * ExampleNetwork.SAMPLES), ExampleNetwork.SAMPLE_RATE)
                .from(0.25, SECONDS);
    }

    @Test
    @Timeout(60)
    void fourThreadsGetWhatOneGets() throws Exception {
        try (Explainer explainer = Explainer.open(model, subspaces, CPU)) {
            List<Explanation> serial = new ArrayList<>();
            for (int i = 0; i < SOUNDS; i++) {
                serial.add(explainer.explain(sound(i)));
            }
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<Explanation>> shared = new ArrayList<>();
                for (int i = 0; i < SOUNDS; i++) {
                    int number = i;
                    shared.add(threads.submit(() -> explainer.explain(sound(number))));
                }
                for (int i = 0; i < SOUNDS; i++) {
                    assertSame(serial.get(i), shared.get(i).get());
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static void assertSame(Explanation expected, Explanation actual) {
        assertEquals(expected.predictions(), actual.predictions());
        assertEquals(expected.parts().size(), actual.parts().size());
        for (int i = 0; i < expected.parts().size(); i++) {
            assertArrayEquals(
                    expected.parts().get(i).map().values(),
                    actual.parts().get(i).map().values());
            assertArrayEquals(
                    expected.parts().get(i).sound().samples(),
                    actual.parts().get(i).sound().samples());
        }
    }

    @Test
    void theDecisionIsExplainedAsTheClassIsWhenItIsNamed() {
        for (Path split : new Path[] {null, subspaces}) {
            try (Explainer explainer = Explainer.open(model, split, CPU)) {
                Explanation decided = explainer.explain(sound(1));
                String name = decided.decision().className();
                assertSame(explainer.explain(sound(1), new Question().withClass(name)), decided);
                assertEquals(name, decided.explained().className());
                assertEquals(decided.decision().classIndex(), explainer.model().classIndex(name));
            }
        }
    }

    @Test
    void axesAreInHertzAndSeconds() {
        try (Explainer explainer = Explainer.open(model)) {
            TimeFrequencyAxes axes = explainer.explain(sound(0)).map().axes();
            assertEquals(ExampleNetwork.SIDE, axes.centreHz().length);
            assertTrue(axes.centreHz()[ExampleNetwork.SIDE - 1] < ExampleNetwork.SAMPLE_RATE / 2.0);
            assertEquals(3.0 * ExampleNetwork.HOP / ExampleNetwork.SAMPLE_RATE, axes.seconds()[3]);
        }
    }

    @Test
    void aStreamIsReadAsItsFileIs() throws IOException {
        Path file = ExampleNetwork.writeTone(folder.resolve("tone.wav"), 300, ExampleNetwork.SAMPLES);
        byte[] bytes = Files.readAllBytes(file);
        assertArrayEquals(
                Sound.read(file).samples(),
                Sound.read(new ByteArrayInputStream(bytes), "upload").samples());
        byte[] half = java.util.Arrays.copyOf(bytes, bytes.length / 2);
        String message = assertThrows(
                        BadInputException.class, () -> Sound.read(new ByteArrayInputStream(half), "upload"))
                .getMessage();
        assertTrue(message.startsWith("upload: truncated"), message);
    }

    @Test
    void fitsAndEvaluatesSubspacesOfSounds() throws IOException {
        Map<String, List<Sound>> sounds = new TreeMap<>();
        sounds.put("bass", List.of(sound(0), sound(1), sound(2)));
        sounds.put("whistle", List.of(sound(3), sound(4), sound(5)));
        try (Explainer explainer = Explainer.open(model, null, CPU)) {
            SubspaceSet found = explainer.fit(sounds);
            assertEquals(2, found.all().size());
            Path file = folder.resolve("found.safetensors");
            SubspaceFile.save(file, found);
            try (Explainer split = explainer.withSubspaces(found);
                    Explainer reopened = Explainer.open(model, file, CPU)) {
                Question bass = new Question().withClass("bass");
                assertSame(split.explain(sound(1), bass), reopened.explain(sound(1), bass));
                EvaluationResult result = split.evaluate(sounds, java.util.Set.of(Measure.FLIPPING));
                assertEquals(1, result.flipping().size());
            }
        }
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no model");
        assertBad("no such file", () -> Explainer.open(folder.resolve("missing.safetensors")));
        assertBad("notes.txt", () -> Explainer.open(text));
        assertBad("notes.txt", () -> Explainer.open(model, text));
        assertBad("tpu", () -> Explainer.open(model, null, CPU.withDevice("tpu")));
        assertBad("nonsense", () -> Explainer.open(model, null, CPU.withComposite("nonsense")));
        assertBad("missing.wav: no such file", () -> Sound.read(folder.resolve("missing.wav")));
        assertBad("notes.txt", () -> Sound.read(text));
        assertBad("finite", () -> Sound.of(new float[] {0, Float.NaN}, 8000));
        assertBad("0 samples", () -> Sound.of(new float[0], 8000));
        try (Explainer explainer = Explainer.open(model, subspaces, CPU)) {
            assertBad("the start, 9 s", () -> explainer.explain(sound(0).from(9, SECONDS)));
            assertBad("drum: unknown class", () -> explainer.explain(sound(0), new Question().withClass("drum")));
            assertBad("silent", () -> explainer.explain(Sound.of(new float[9000], 8000)));
        }
    }

    private static void assertBad(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(BadInputException.class, call).getMessage();
        assertTrue(message.contains(part) && message.lines().count() == 1, message);
    }
}
