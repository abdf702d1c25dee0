package unweave.explain.preset;

import com.google.gson.JsonObject;
import java.util.Locale;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.engine.layer.JsonFields;
import unweave.kernels.BadInputException;

/**
 * The parts of a preset to and from JSON. The same form stands in model files, so that a model knows how its inputs are
 * made.
 */
final class PresetJson {
    private static final String RESAMPLING = "resampling";

    private PresetJson() {}

    /** @param unnamed the filter where the JSON names none */
    static SpectrogramSettings spectrogram(JsonObject json, ResamplingFilter unnamed) {
        JsonFields fields = new JsonFields("spectrogram", json);
        SpectrogramSettings settings;
        try {
            settings = new SpectrogramSettings(
                    fields.whole("sampleRate", 1),
                    fields.whole("samples", 1),
                    fields.whole("fftLength", 2),
                    fields.whole("hop", 1),
                    window(fields),
                    fields.whole("mels", 1),
                    fields.real("lowHz"),
                    fields.real("highHz"),
                    fields.whole("frames", 1),
                    fields.real("logOffset"),
                    fields.real("floor"),
                    json.has(RESAMPLING) ? ResamplingFilter.named(fields.text(RESAMPLING)) : unnamed);
            new LogMel(settings); // which checks what the settings alone cannot
        } catch (IllegalArgumentException e) { // the audio module knows of no BadInputException
            throw new BadInputException("spectrogram: " + e.getMessage(), e);
        }
        fields.finish();
        return settings;
    }

    private static Window window(JsonFields fields) {
        String name = fields.text("window");
        try {
            return Window.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new BadInputException(
                    "spectrogram: unknown window \"" + name + "\"; the windows are hamming and hann");
        }
    }

    static JsonObject json(SpectrogramSettings settings) {
        JsonObject json = new JsonObject();
        json.addProperty("sampleRate", settings.sampleRate());
        json.addProperty("samples", settings.samples());
        json.addProperty("fftLength", settings.fftLength());
        json.addProperty("hop", settings.hop());
        json.addProperty("window", settings.window().name());
        json.addProperty("mels", settings.mels());
        json.addProperty("lowHz", settings.lowHz());
        json.addProperty("highHz", settings.highHz());
        json.addProperty("frames", settings.frames());
        json.addProperty("logOffset", settings.logOffset());
        json.addProperty("floor", settings.floor());
        json.addProperty(RESAMPLING, settings.resampling().toString());
        return json;
    }

    static TrainingPlan training(JsonObject json) {
        JsonFields fields = new JsonFields("training", json);
        boolean waveformAugmentation = fields.flag("waveformAugmentation", false);
        TrainingPlan plan = new TrainingPlan(
                fields.whole("epochs", 1),
                fields.whole("batch", 1),
                fields.text("optimizer"),
                fields.real("learningRate"),
                fields.real("momentum"),
                fields.real("weightDecay"),
                waveformAugmentation,
                fields.flag("timeStretch", waveformAugmentation),
                fields.whole("maskBins", 0),
                ClassWeights.of(fields.element("classWeights")));
        fields.finish();
        return plan;
    }

    static SubspacePlan subspaces(JsonObject json) {
        JsonFields fields = new JsonFields("subspaces", json);
        SubspacePlan plan = new SubspacePlan(
                fields.text("layer"),
                fields.whole("concepts", 1),
                fields.whole("inputs", 1),
                fields.whole("positions", 1),
                fields.whole("window", 1, 1),
                fields.whole("steps", 0),
                fields.whole("starts", 1));
        fields.finish();
        return plan;
    }

    static JsonObject json(SubspacePlan plan) {
        JsonObject json = new JsonObject();
        json.addProperty("layer", plan.layer());
        json.addProperty("concepts", plan.concepts());
        json.addProperty("inputs", plan.inputs());
        json.addProperty("positions", plan.positions());
        json.addProperty("window", plan.window());
        json.addProperty("steps", plan.steps());
        json.addProperty("starts", plan.starts());
        return json;
    }
}
