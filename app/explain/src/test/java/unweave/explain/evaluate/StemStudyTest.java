package unweave.explain.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSet;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.ObjectInformation;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.explain.ExampleNetwork;
import unweave.explain.data.Stems;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

/** A network of two units, one that adds up the low half of the spectrogram above the floor, and one the high half. */
class StemStudyTest {
    private static final int SIDE = ExampleNetwork.SIDE;
    private static final int INPUT = ExampleNetwork.SAMPLES;
    /** Where the parts' mel bands do not overlap. */
    private static final double LOW = 200;

    private static final double HIGH = 3000;
    private static final float FLOOR = .5f;

    private static final String NETWORK =
            """
        {"input": {"height": 16, "width": 16}, "classes": ["bright", "dark"], "layers": [
          {"name": "flat", "kind": "flatten"},
          {"name": "halves", "kind": "dense", "units": 2}, {"name": "relu", "kind": "relu"},
          {"name": "out", "kind": "dense", "units": 2, "bias": false}]}""";

    private static Backend backend;
    private static Model model;
    private static LogMel frontEnd;
    private static LayerwiseRelevance relevance;

    @BeforeAll
    static void network() {
        backend = CpuBackend.create(2);
        // What the window's side lobes leave in other bands is below this floor.
        frontEnd = new LogMel(new SpectrogramSettings(
                ExampleNetwork.SAMPLE_RATE,
                INPUT,
                512,
                256,
                Window.HAMMING,
                SIDE,
                0,
                4000,
                SIDE,
                1e-7,
                FLOOR,
                ResamplingFilter.STANDARD));
        model = Model.of(ModelDescription.parse(NETWORK), backend, p -> {
            float[] values = new float[p.shape().stream().reduce(1, (a, b) -> a * b)];
            if (p.name().equals("halves.bias")) {
                Arrays.fill(values, -FLOOR * SIDE * SIDE / 2); // 0 for silence
            } else if (p.name().startsWith("halves")) {
                for (int i = 0; i < SIDE * SIDE; i++) {
                    values[2 * i + (i < SIDE * SIDE / 2 ? 0 : 1)] = 1;
                }
            } else { // bright hears both, dark neither
                values[0] = 1;
                values[2] = 1;
            }
            return values;
        });
        relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(1e-9f)));
    }

    @AfterAll
    static void close() {
        relevance.close();
        model.close();
        backend.close();
    }

    private static Variant variant(Method method, int seedNumber, float... basis) {
        Subspaces subspaces = new Subspaces(
                new Provenance("", "halves", 0, "bright", 1, 1, 0),
                method,
                new SubspaceSettings(2, 0, 1, 0, 1f),
                2,
                basis,
                new float[1][1],
                0,
                new double[2]);
        return new Variant("halves", 2, method, seedNumber, new SubspaceSet(List.of(subspaces)));
    }

    private static List<Variant> variants() {
        float h = (float) Math.sqrt(.5);
        return List.of(
                variant(Method.RANDOM, 0, h, h, h, -h),
                variant(Method.DRSA, 0, 1, 0, 0, 1),
                variant(Method.RANDOM, 1, h, h, h, -h));
    }

    private static StemStudy study(List<Integer> classes, int excerpts) {
        return new StemStudy(
                model,
                relevance,
                frontEnd,
                variants(),
                new StemStudy.Choice(classes, false),
                excerpts,
                Monitor.silent());
    }

    private static float[] tone(double hertz, int samples, double gain) {
        float[] signal = new float[samples];
        for (int n = 0; n < samples; n++) {
            signal[n] = (float) (gain * Math.sin(2 * Math.PI * hertz * n / ExampleNetwork.SAMPLE_RATE));
        }
        return signal;
    }

    private static Stems song(int number, double gain) {
        return Stems.of(
                "song" + number,
                new TreeMap<>(Map.of(
                        "flute", tone(HIGH + 20 * number, INPUT, .3 * gain),
                        "tuba", tone(LOW + 10 * number, INPUT, .2 * gain))));
    }

    private static StemResult only(StemStudy study) {
        List<StemResult> results = study.results();
        assertEquals(1, results.size());
        return results.get(0);
    }

    @Test
    void eachUnitIsItsPart() {
        StemStudy study = study(List.of(), 5);
        for (int i = 0; i < 6; i++) {
            study.add(song(i, 1));
        }
        StemResult result = only(study);
        assertEquals("bright", result.className());
        assertEquals(6, result.decided());
        assertEquals(List.of("flute", "tuba"), result.parts());
        assertEquals(
                List.of("DRSA", "random"),
                result.methods().stream().map(StemResult.Scores::method).toList());
        ObjectInformation drsa = result.first().shown();
        assertTrue(drsa.shares()[0][1] > .9, "flute " + Arrays.toString(drsa.shares()[0]));
        assertTrue(drsa.shares()[1][0] > .9, "tuba " + Arrays.toString(drsa.shares()[1]));
        assertTrue(result.first().information().mean() > .6, result.first().toString());
        assertEquals(2, result.methods().get(1).searches().size());
        assertTrue(result.methods().get(1).information().mean()
                < result.first().information().mean() - .3);
        assertTrue(
                result.comparisons().get(0).firstIsBetter(),
                result.comparisons().toString());
        assertTrue(result.json().toString().contains("objectInformation"));
    }

    @Test
    void theGainOfARecordingDoesNotMoveTheMeasure() {
        StemStudy quiet = study(List.of(), 5);
        StemStudy loud = study(List.of(), 5);
        for (int i = 0; i < 3; i++) {
            quiet.add(song(i, .01));
            loud.add(song(i, i == 1 ? 3 : 1));
        }
        assertEquals(
                only(loud).first().information().mean(),
                only(quiet).first().information().mean(),
                1e-3);
    }

    @Test
    void aPartCountsWhereItIsHeard() {
        StemStudy study = study(List.of(), 5);
        study.add(song(0, 1));
        study.add(Stems.of("solo", Map.of("tuba", tone(LOW, INPUT, .2), "flute", new float[INPUT])));
        study.add(Stems.of("no flute", Map.of("tuba", tone(LOW, INPUT, .2), "drone", tone(HIGH, INPUT, .1))));
        study.add(Stems.of("nothing", Map.of("tuba", new float[INPUT])));
        StemResult result = only(study);
        assertEquals(List.of("drone", "flute", "tuba"), result.parts());
        assertEquals(List.of("song0", "solo", "no flute"), result.recordings());
        ObjectInformation drsa = result.first().shown();
        assertEquals(1, drsa.sounds(0));
        assertEquals(1, drsa.sounds(1));
        assertEquals(3, drsa.sounds(2));
    }

    @Test
    void aRecordingCountsOnceHoweverManyExcerptsItHas() {
        StemStudy study = study(List.of(), 4);
        study.add(Stems.of("long", Map.of("tuba", tone(LOW, 10 * INPUT, .2), "flute", tone(HIGH, 10 * INPUT, .2))));
        StemResult result = only(study);
        assertEquals(4, result.excerpts());
        assertEquals(1, result.first().shown().sounds());
        assertEquals(0, result.first().information().standardError());
        assertTrue(!result.comparisons().get(0).shown(), "one recording shows nothing");
    }

    @Test
    void wordsAreTheExplainedOneAndAnother() {
        StemStudy study = new StemStudy(
                model, relevance, frontEnd, variants(), new StemStudy.Choice(List.of(), true), 5, Monitor.silent());
        study.add(Stems.of("mix", Map.of("bright", tone(HIGH, INPUT, .2), "dark", tone(LOW, INPUT, .2))));
        study.add(Stems.of(
                "mix of three",
                Map.of("bright", tone(HIGH, INPUT, .2), "dark", tone(LOW, INPUT, .2), "grey", tone(LOW, INPUT, .1))));
        study.add(Stems.of("without", Map.of("dark", tone(LOW, INPUT, .2), "grey", tone(LOW, INPUT, .1))));
        StemResult result = only(study);
        assertEquals(List.of(StemStudy.OTHERS, "bright"), result.parts());
        assertEquals(List.of("mix", "mix of three"), result.recordings());
        assertTrue(result.first().shown().shares()[1][1] > .9);
        assertThrows(
                BadInputException.class, () -> study.add(Stems.of("no words", Map.of("tuba", tone(LOW, INPUT, .2)))));
    }

    @Test
    void theClassIsTheChosenOneTheRecordingsOrTheDecision() {
        StemStudy chosen = study(List.of(0), 5);
        chosen.add(song(0, 1).ofClass("dark"));
        assertEquals("bright", only(chosen).className());
        StemStudy ofRecording = study(List.of(), 5);
        ofRecording.add(song(0, 1).ofClass("dark"));
        BadInputException none = assertThrows(BadInputException.class, ofRecording::results);
        assertTrue(none.getMessage().startsWith("no recording could be measured"), none.getMessage());
        assertThrows(BadInputException.class, () -> study(List.of(), 5)
                .add(song(0, 1).ofClass("grey")));
    }
}
