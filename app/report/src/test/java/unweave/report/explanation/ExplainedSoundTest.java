package unweave.report.explanation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.explain.AudioModel;
import unweave.explain.Choices;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.Question;
import unweave.explain.Sound;
import unweave.explain.frontend.FrontEnds;
import unweave.explain.preset.ModelSettings;
import unweave.explain.preset.SubspacePlan;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class ExplainedSoundTest {
    /** One dense layer of equal weights: of inputs below zero every value counts against both classes. */
    private static AudioModel model(Backend backend, float bias) throws IOException {
        LayerShape input = LayerShape.image(40, 101, 1);
        FrontEnd frontEnd = FrontEnds.of("kws").fit(input);
        SubspacePlan plan = new SubspacePlan("dense", 1, 1, 1, 1, 1, 1);
        ModelDescription network = new ModelDescription(
                input,
                List.of(new Flatten("flatten", List.of()), new Dense("dense", List.of(), 2, true)),
                List.of("first", "second"),
                ModelSettings.preprocessing("kws", frontEnd, "lrp-0", plan),
                new JsonObject());
        Model model = Model.of(network, backend, parameter -> {
            float[] values = new float[parameter.size()];
            Arrays.fill(values, parameter.name().endsWith("bias") ? bias : 1e-3f);
            return values;
        });
        return new AudioModel(model, ModelSettings.of(network, "test"));
    }

    /** A negative sum has one of two reasons, which the logit tells. */
    @ParameterizedTest
    @CsvSource({
        "100, 'though the logit is above 0: what speaks for first are biases and constants of the network, not this sound'",
        "0, 'as the network speaks against first'"
    })
    void saysWhyRelevanceSumsToLessThanZero(float bias, String why) throws IOException {
        try (Backend backend = CpuBackend.create(1);
                AudioModel model = model(backend, bias);
                Explainer explainer = new Explainer(model, model.composite(), Optional.empty(), new Choices())) {
            float[] samples = new float[16000];
            for (int n = 0; n < samples.length; n++) {
                samples[n] = (float) (0.01 * Math.sin(0.3 * n));
            }
            Excerpt excerpt = model.excerpt(Sound.of(samples, 16000));
            Explanation explanation = explainer.explain(excerpt, new Question().withClass("first"));
            assertTrue(explanation.map().sum() < 0);
            List<String> notes = new ExplainedSound(null, excerpt, explanation, "tone").notes();
            assertEquals(
                    "the relevance sums to less than 0, " + why + "; shares are parts of that negative sum, and the"
                            + " sounds hold what little speaks for it",
                    notes.get(0));
        }
    }
}
