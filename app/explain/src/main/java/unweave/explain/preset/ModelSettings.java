package unweave.explain.preset;

import com.google.gson.JsonObject;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.engine.layer.JsonFields;
import unweave.engine.model.ModelDescription;
import unweave.explain.frontend.FrontEndJson;
import unweave.kernels.BadInputException;

/**
 * What a model knows about its own use. In its file stands either "spectrogram", the log-mel spectrograms of networks
 * that {@code unweave train} trained, or "frontEnd", any other ({@link FrontEndJson}).
 *
 * @param frontEnd how its inputs are made
 * @param composite how it is explained
 * @param subspaces defaults for fitting its subspaces
 */
public record ModelSettings(FrontEnd frontEnd, String composite, SubspacePlan subspaces) {
    private static final String SPECTROGRAM = "spectrogram";
    private static final String FRONT_END = "frontEnd";

    /** Of a network that reads the log-mel spectrograms of a preset. */
    public ModelSettings(SpectrogramSettings spectrogram, String composite, SubspacePlan subspaces) {
        this(new LogMel(spectrogram), composite, subspaces);
    }

    /**
     * Reads a model's settings.
     *
     * @param source the model file, for the error message
     * @throws BadInputException if the model does not say how its inputs are made
     */
    public static ModelSettings of(ModelDescription description, String source) {
        JsonObject json = description.preprocessing();
        if (!json.has(SPECTROGRAM) && !json.has(FRONT_END)) {
            throw new BadInputException(source
                    + ": the model does not say how its inputs are made from sound; import it again with --front-end"
                    + " NAME or a preset file, or use one that 'unweave train' wrote");
        }
        try {
            JsonFields fields = new JsonFields("preprocessing", json);
            fields.text("preset");
            return new ModelSettings(
                    frontEnd(fields, json), fields.text("composite"), PresetJson.subspaces(fields.object("subspaces")));
        } catch (BadInputException e) {
            throw new BadInputException(source + ": " + e.getMessage(), e);
        }
    }

    private static FrontEnd frontEnd(JsonFields fields, JsonObject json) {
        // Models that name no filter were written when there was this one only.
        return json.has(SPECTROGRAM)
                ? new LogMel(PresetJson.spectrogram(fields.object(SPECTROGRAM), ResamplingFilter.TORCHAUDIO))
                : FrontEndJson.read(fields.object(FRONT_END));
    }

    /**
     * What a model file says beside the network, for {@link ModelDescription#withPreprocessing}.
     *
     * @param preset a name for reports, such as that of the front end
     */
    public static JsonObject preprocessing(String preset, FrontEnd frontEnd, String composite, SubspacePlan subspaces) {
        JsonObject json = new JsonObject();
        json.addProperty("preset", preset);
        if (frontEnd instanceof LogMel logMel) {
            json.add(SPECTROGRAM, PresetJson.json(logMel.settings()));
        } else {
            json.add(FRONT_END, FrontEndJson.write(frontEnd));
        }
        json.addProperty("composite", composite);
        json.add("subspaces", PresetJson.json(subspaces));
        return json;
    }

    /** Whether a model says how its inputs are made from sound. */
    public static boolean hasFrontEnd(ModelDescription description) {
        JsonObject json = description.preprocessing();
        return json.has(SPECTROGRAM) || json.has(FRONT_END);
    }

    /** The rules by which a model is explained. */
    public static String composite(ModelDescription description) {
        return new JsonFields("preprocessing", description.preprocessing()).text("composite");
    }

    /** What stands in the description of a model that computes, but whose inputs nobody knows how to make. */
    public static JsonObject withoutFrontEnd(String composite, SubspacePlan subspaces) {
        JsonObject json = new JsonObject();
        json.addProperty("composite", composite);
        json.add("subspaces", PresetJson.json(subspaces));
        return json;
    }
}
