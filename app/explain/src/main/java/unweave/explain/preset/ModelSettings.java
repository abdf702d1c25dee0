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
                    + ": the model does not say how its inputs are made from sound; use one that "
                    + "'unweave train' wrote");
        }
        JsonFields fields = new JsonFields(source + ", preprocessing", json);
        fields.text("preset");
        return new ModelSettings(
                PresetJson.spectrogram(fields.object("spectrogram")),
                fields.text("composite"),
                PresetJson.subspaces(fields.object("subspaces")));
    }
}
