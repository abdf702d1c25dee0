package unweave.explain.preset;

import com.google.gson.JsonObject;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.engine.layer.JsonFields;
import unweave.engine.model.ModelDescription;
import unweave.kernels.BadInputException;

/**
 * What a trained model knows about its own use.
 *
 * @param spectrogram how its inputs are made
 * @param composite how it is explained
 * @param subspaces defaults for fitting its subspaces
 */
public record ModelSettings(SpectrogramSettings spectrogram, String composite, SubspacePlan subspaces) {
    /**
     * Reads a model's settings.
     *
     * @param source the model file, for the error message
     * @throws BadInputException if the model does not say how its inputs are made
     */
    public static ModelSettings of(ModelDescription description, String source) {
        JsonObject json = description.preprocessing();
        if (!json.has("spectrogram")) {
            throw new BadInputException(source
                    + ": the model does not say how its inputs are made from sound; import it again with --front-end"
                    + " NAME or a preset file, or use one that 'unweave train' wrote");
        }
        JsonFields fields = new JsonFields(source + ", preprocessing", json);
        fields.text("preset");
        return new ModelSettings(
                PresetJson.spectrogram(fields.object("spectrogram")),
                fields.text("composite"),
                PresetJson.subspaces(fields.object("subspaces")));
    }

    /** Whether a model says how its inputs are made from sound. */
    public static boolean hasFrontEnd(ModelDescription description) {
        return description.preprocessing().has("spectrogram");
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
