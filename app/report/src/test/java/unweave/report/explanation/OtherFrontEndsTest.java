package unweave.report.explanation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.explain.AudioModel;
import unweave.explain.Choices;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.MapView;
import unweave.explain.Question;
import unweave.explain.Sound;
import unweave.explain.data.NpyFile;
import unweave.explain.frontend.FrontEnds;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.ModelSettings;
import unweave.explain.preset.SubspacePlan;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** Networks behind front ends that other tools made: from a sound to pictures and sounds of the explanation. */
class OtherFrontEndsTest {
    private static final String NETWORK =
            """
            {"input": {"height": HEIGHT, "width": WIDTH, "channels": 1},
             "layers": [{"name": "conv", "kind": "conv", "filters": 4, "kernel": KERNEL, "stride": STRIDE},
                        {"name": "relu", "kind": "relu"},
                        {"name": "flatten", "kind": "flatten"},
                        {"name": "dense", "kind": "dense", "units": 3}],
             "classes": ["a", "b", "c"]}""";

    private static Path model(Path folder, Backend backend, String name, int rows, int columns) throws IOException {
        boolean waveform = rows == 1;
        JsonObject json = JsonParser.parseString(NETWORK.replace("HEIGHT", String.valueOf(rows))
                        .replace("WIDTH", String.valueOf(columns))
                        .replace("KERNEL", waveform ? "[1, 16]" : "[5, 5]")
                        .replace("STRIDE", waveform ? "[1, 4]" : "[3, 3]"))
                .getAsJsonObject();
        ModelDescription network = ModelDescription.fromJson(json);
        FrontEnd frontEnd = FrontEnds.of(name).fit(network.input());
        SubspacePlan plan = new SubspacePlan("conv", 2, 4, 4, 1, 5, 1);
        Path file = folder.resolve(name + ".safetensors");
        try (Model model = Model.create(
                network.withPreprocessing(ModelSettings.preprocessing(name, frontEnd, "epsilon-plus-flat", plan)),
                backend,
                1)) {
            ModelFile.save(file, model);
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({"crepe, 1, 1024", "kws, 40, 101", "whisper, 80, 3000", "yamnet, 64, 96", "torchaudio, 128, 41"})
    void areExplained(String name, int rows, int columns, @TempDir Path folder) throws IOException {
        try (Backend backend = CpuBackend.create(1);
                AudioModel model = AudioModel.load(model(folder, backend, name, rows, columns), backend);
                Explainer explainer = new Explainer(model, model.composite(), Optional.empty(), new Choices())) {
            FrontEnd frontEnd = model.frontEnd();
            Excerpt excerpt = model.excerpt(Sound.of(sweep(frontEnd.samples() * 3 / 4), frontEnd.sampleRate()));
            Explanation explanation = explainer.explain(excerpt, new Question());
            MapView view = MapView.of(frontEnd);
            float[] input = explanation.input().input();
            double sum = 0;
            for (float[] row : view.map(input, explanation.map().flat())) {
                for (float value : row) {
                    sum += value;
                }
            }
            assertEquals(explanation.map().sum(), sum, 1e-3 * explanation.map().largest() * columns);
            assertTrue(explanation.sound().samples().length <= frontEnd.samples());
            assertTrue(explanation.map().positiveSum() == 0
                    || !explanation.standard().silent());

            ExplainRun run = new ExplainRun(
                    name,
                    ModelFile.fingerprint(model.network()),
                    model.classNames(),
                    model.network().description().probabilities(),
                    frontEnd,
                    Optional.empty(),
                    "epsilon-plus-flat",
                    "pinv",
                    1,
                    1);
            OutputFolder out = OutputFolder.open(folder.resolve("out"), OutputFolder.Existing.REFUSE);
            ExplanationWriter writer = new ExplanationWriter(out, run, new ExplanationPictures(view, 1));
            ExplainedSound written = writer.write(excerpt, explanation);
            String html = Files.readString(writer.writeReport());
            assertTrue(html.contains(rows == 1 ? "Spectrogram of the waveform" : "Spectrogram of "));
            NpyFile relevance = NpyFile.read(out.path().resolve(written.file("relevance.npy")));
            assertEquals(3, relevance.shape().size());
            assertEquals(columns, relevance.shape().get(2));
        }
    }

    @Test
    void silenceIsExplainedWhereItIsASound(@TempDir Path folder) throws IOException {
        try (Backend backend = CpuBackend.create(1);
                AudioModel model = AudioModel.load(model(folder, backend, "kws", 40, 101), backend);
                Explainer explainer = new Explainer(model, model.composite(), Optional.empty(), new Choices())) {
            Explanation explanation = explainer.explain(Sound.of(new float[16000], 16000));
            assertEquals(Math.log(1e-6), explanation.input().input()[0], 1e-4);
            assertTrue(explanation.standard().silent());
        }
    }

    private static float[] sweep(int samples) {
        float[] sound = new float[samples];
        for (int n = 0; n < samples; n++) {
            sound[n] = (float) (0.3 * Math.sin(2e-2 * n * (1 + (double) n / samples)));
        }
        return sound;
    }
}
