package unweave.explain.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.audio.spectral.Dct;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.SpectralFrontEnd;
import unweave.engine.layer.LayerShape;
import unweave.explain.Sound;
import unweave.explain.data.NpyFile;
import unweave.explain.data.SoundLoader;
import unweave.kernels.BadInputException;

/**
 * The named front ends against values that were computed in float64 from torch.stft, numpy.fft and the written
 * definitions of filters, decibels and Kaldi's frames.
 */
class FrontEndsTest {
    private static final String SMALL =
            """
            {"kind": "spectrogram", "sampleRate": 8000, "samples": 800, "fftLength": 64, "hop": 80, "mels": 8,
             "log": "ln", "offset": 1e-6}""";

    /** Of those whose length is fixed. */
    private static final Map<String, Integer> COLUMNS =
            Map.of("whisper", 3000, "ast", 1024, "kws", 101, "mtat-fcn", 1813, "mtat-musicnn", 188, "crepe", 1024);

    private static JsonObject references() {
        return JsonParser.parseReader(new InputStreamReader(
                        FrontEndsTest.class.getResourceAsStream("reference.json"), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    static Stream<String> referenceNames() {
        return references().keySet().stream();
    }

    /** A chirp, a tone, and a pattern that looks like noise. */
    private static float[] signal(int rate, int samples) {
        float[] signal = new float[samples];
        for (int n = 0; n < samples; n++) {
            double time = (double) n / rate;
            double pattern = (n * 1103515245.0 + 12345) % 65536;
            signal[n] = (float) (0.4 * Math.sin(2 * Math.PI * (300 * time + 400 * time * time))
                    + 0.1 * Math.sin(2 * Math.PI * 1700 * time)
                    + 0.02 * (pattern / 32768 - 1));
        }
        return signal;
    }

    @ParameterizedTest
    @MethodSource("referenceNames")
    void valuesAreThoseOfTheDefinition(String name) throws IOException {
        JsonObject reference = references().getAsJsonObject(name);
        int rows = reference.get("rows").getAsInt();
        int columns = reference.get("columns").getAsInt();
        FrontEndSpec spec = FrontEnds.of(name);
        int read = spec.json().has("dct")
                ? spec.json().getAsJsonObject("dct").get("coefficients").getAsInt()
                : rows;
        FrontEnd frontEnd = spec.fit(LayerShape.image(read, columns, 1));
        assertEquals(rows, frontEnd.rows());
        assertEquals(reference.get("rate").getAsInt(), frontEnd.sampleRate());
        float[] signal = signal(frontEnd.sampleRate(), reference.get("samples").getAsInt());
        float[] input = frontEnd.input(signal);
        for (JsonElement element : reference.getAsJsonArray("points")) {
            JsonArray point = element.getAsJsonArray();
            int at = point.get(0).getAsInt() * columns + point.get(1).getAsInt();
            double expected = point.get(2).getAsDouble();
            assertEquals(expected, input[at], 2e-4 * Math.max(1, Math.abs(expected)), name + " " + point);
        }
        double sum = 0;
        for (float value : input) {
            sum += value;
        }
        double mean = reference.get("mean").getAsDouble();
        assertEquals(mean, sum / input.length, 1e-4 * Math.max(1, Math.abs(mean)));
    }

    @Test
    void everyNamedOneIsCompleteAndIsTheSameAfterJson() throws IOException {
        for (String name : FrontEnds.NAMES) {
            FrontEndSpec spec = FrontEnds.of(name);
            int rows = spec.json().has("dct")
                    ? spec.json().getAsJsonObject("dct").get("coefficients").getAsInt()
                    : spec.json().has("mels") ? spec.json().get("mels").getAsInt() : 1;
            int columns = COLUMNS.getOrDefault(name, 96);
            FrontEnd frontEnd = spec.fit(LayerShape.image(rows, columns, 1));
            JsonObject json = FrontEndJson.write(frontEnd);
            assertEquals(json, FrontEndJson.write(FrontEndJson.read(json)), name);
            float[] signal = signal(frontEnd.sampleRate(), 3000);
            assertEquals(
                    Map.of(name, Arrays.hashCode(frontEnd.input(signal))),
                    Map.of(name, Arrays.hashCode(FrontEndJson.read(json).input(signal))));
        }
    }

    /** The recordings and the inputs that their network was given elsewhere. */
    @Tag("published")
    @Test
    void recordingsBecomeTheInputsOfTheirNetwork() throws IOException {
        String models = System.getProperty("models.dir", "");
        assumeTrue(!models.isEmpty(), "the system property models.dir names no folder of networks");
        Path folder = Path.of(models, "kws");
        FrontEnd frontEnd = FrontEnds.of("kws").fit(LayerShape.image(40, 101, 1));
        NpyFile given = NpyFile.read(folder.resolve("input.npy"));
        int size = 40 * 101;
        for (String word : List.of("down", "go", "left", "no")) {
            Sound sound = Sound.read(folder.resolve(word + ".wav"));
            float[] input =
                    frontEnd.input(new SoundLoader(frontEnd).signal(sound.name(), sound.samples(), sound.sampleRate()));
            double nearest = Double.MAX_VALUE;
            for (int i = 0; i < given.values().length / size; i++) {
                double largest = 0;
                for (int k = 0; k < size; k++) {
                    largest = Math.max(largest, Math.abs(given.values()[i * size + k] - input[k]));
                }
                nearest = Math.min(nearest, largest);
            }
            assertTrue(nearest < 1e-3, word + " differs by " + nearest + " from the nearest input");
        }
    }

    @Test
    void framesAndLengthFollowFromTheNetwork() throws IOException {
        FrontEnd panns = FrontEnds.of("panns").fit(LayerShape.image(64, 1001, 1));
        assertEquals(320_000, panns.samples());
        FrontEnd yamnet = FrontEnds.of("yamnet").fit(LayerShape.image(64, 96, 1));
        assertEquals(15_600, yamnet.samples());
        assertEquals(200.0 / 16000, yamnet.firstSeconds(), 1e-12);
        assertTrue(FrontEnds.of("yamnet").transposed(LayerShape.image(96, 64, 1)));
        assertFalse(FrontEnds.of("yamnet").transposed(LayerShape.image(64, 96, 1)));
        assertFalse(FrontEnds.of("yamnet").transposed(LayerShape.image(96, 65, 1)));
        BadInputException e =
                assertThrows(BadInputException.class, () -> FrontEnds.of("kws").fit(LayerShape.image(40, 98, 1)));
        assertEquals("kws: makes inputs of 40x101x1, but the network reads 40x98x1", e.getMessage());
    }

    @Test
    void aNetworkOfMfccsReadsBandsThroughTheMatrix() throws IOException {
        FrontEnd frontEnd = FrontEnds.of("torchaudio-mfcc").fit(LayerShape.image(40, 81, 1));
        assertEquals(128, frontEnd.rows());
        Dct dct = frontEnd.dct().orElseThrow();
        float[][] matrix = dct.matrix();
        assertEquals(40, matrix.length);
        assertEquals(128, matrix[0].length);
        assertEquals(Math.sqrt(1.0 / 128), matrix[0][17], 1e-7);
        assertEquals(Math.sqrt(2.0 / 128) * Math.cos(Math.PI * 3 * 11 / 256), matrix[3][5], 1e-7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ln\"|\"log2\"|front end: unknown \"log\" \"log2\": none, ln, log10, db, log1p are possible",
                "\"hop\"|\"hops\"|front end: \"hop\" must be a whole number of at least 1, not missing",
                "1e-6|0|front end: offset 0.0: must be positive, or silence has no logarithm",
                "64,|63,|front end: FFT length 63: an even number of samples, 2 or more, is needed",
                "\"mels\": 8|\"mels\": 8, \"windw\": 1|front end: unknown field \"windw\"",
                "\"mels\": 8|\"mels\": 8, \"mean\": [1, 2]|front end: 2 values of \"mean\": one for all, or one for each"
                        + " of the 8 rows is needed",
                "\"mels\": 8|\"mels\": 8, \"frames\": 12|front end: 12 frames: 800 samples with hop 80 give 11",
                "\"mels\": 8|\"mels\": 8, \"highHz\": 5000|front end: mel filters from 0.0 to 5000.0 Hz",
                "spectrogram|picture|front end: unknown kind \"picture\"; the kinds are spectrogram and waveform",
                "\"kind\"|kind:|not JSON",
            })
    void mistakesAreToldInOneLine(String what, String instead, String expected, @TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("own.json");
        Files.writeString(file, SMALL);
        FrontEnds.of(file.toString());
        Files.writeString(file, SMALL.replace(what, instead));
        BadInputException e = assertThrows(BadInputException.class, () -> FrontEnds.of(file.toString()));
        assertTrue(e.getMessage().startsWith(file + ": " + expected), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void windowsAndBanksOfACheckpointAreCompared() throws IOException {
        SpectralFrontEnd kws = (SpectralFrontEnd) FrontEnds.of("kws").fit(LayerShape.image(40, 101, 1));
        float[] window = new float[400];
        for (int n = 0; n < 400; n++) {
            window[n] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * n / 400));
        }
        assertTrue(CheckpointTensors.knows("spec.spectrogram.window"));
        assertFalse(CheckpointTensors.knows("layer1.weight"));
        assertEquals("", compare(kws, "spec.window", new int[] {400}, window));
        window[100] += 0.01f;
        assertEquals(
                "spec.window: differs from the front end's most at sample 100: 0.510000 in the checkpoint, 0.500000 in"
                        + " the front end",
                compare(kws, "spec.window", new int[] {400}, window));
        assertEquals("", compare(kws, "w.window", new int[] {512}, kws.window()));
        assertEquals(
                "w.window: a window of 300 samples, but the front end's has 400",
                compare(kws, "w.window", new int[] {300}, new float[300]));
        float[] bank = new float[257 * 40];
        for (int b = 0; b < 257; b++) {
            for (int m = 0; m < 40; m++) {
                bank[b * 40 + m] = (float) kws.filterBank().orElseThrow().weight(b, m);
            }
        }
        assertEquals("", compare(kws, "mel_scale.fb", new int[] {257, 40}, bank));
        bank[9 * 40 + 4] = 0.5f;
        assertTrue(compare(kws, "mel_scale.fb", new int[] {257, 40}, bank).contains("most at bin 9, mel 4: 0.5"));
        assertEquals(
                "fb: a filter bank of [201, 40], but the front end's has 257 bins and 40 mels",
                compare(kws, "fb", new int[] {201, 40}, new float[201 * 40]));
    }

    private static String compare(FrontEnd frontEnd, String name, int[] shape, float[] values) {
        return CheckpointTensors.difference(frontEnd, name, shape, values).orElse("");
    }
}
