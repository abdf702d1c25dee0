package unweave.engine.train;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import unweave.engine.file.ModelFile;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.SafeTensors;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.model.ModelDescription;
import unweave.kernels.BadInputException;

/**
 * The state of a training after an epoch, as a safetensors file: the weights ("model/..."), those of the best epoch so
 * far ("best/...", if they are kept), the optimiser's values ("optimizer/...", in the order of memory), the metrics
 * ("history", epochs x 6), and in the metadata the model's description and the settings.
 *
 * @param settings the settings, by name, that a resumed training must share
 * @param weights the parameters after the last epoch of {@code history}
 * @param bestEpoch 0 if none is kept; then {@code bestWeights} is empty
 */
public record Checkpoint(
        ModelDescription description,
        Map<String, String> settings,
        Map<String, float[]> weights,
        int step,
        Map<String, float[]> optimizerValues,
        List<EpochRecord> history,
        int bestEpoch,
        Map<String, float[]> bestWeights) {
    private static final String FORMAT = "unweave-checkpoint/1";
    private static final int COLUMNS = 6;

    /** Writes a file that replaces {@code file} in one step. */
    void write(Path file) throws IOException {
        JsonObject settingsJson = new JsonObject();
        settings.forEach(settingsJson::addProperty);
        SafeTensorsWriter writer = new SafeTensorsWriter();
        writer.metadata("format", FORMAT)
                .metadata("description", description.toString())
                .metadata("settings", settingsJson.toString());
        writer.metadata("step", String.valueOf(step)).metadata("best_epoch", String.valueOf(bestEpoch));
        ModelFile.addWeights(writer, "model/", description, weights);
        if (bestEpoch > 0) {
            ModelFile.addWeights(writer, "best/", description, bestWeights);
        }
        optimizerValues.forEach((name, values) -> writer.add("optimizer/" + name, values, values.length));
        writer.add("history", historyRows(), history.size(), COLUMNS);
        writer.write(file);
    }

    private double[] historyRows() {
        return history.stream()
                .flatMapToDouble(epoch -> DoubleStream.of(
                        epoch.epoch(),
                        epoch.trainLoss(),
                        epoch.trainAccuracy(),
                        epoch.validationLoss(),
                        epoch.validationAccuracy(),
                        epoch.seconds()))
                .toArray();
    }

    /**
     * Reads a checkpoint.
     *
     * @throws ModelFileException if the file is missing or no checkpoint
     */
    public static Checkpoint read(Path file) throws IOException {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            Map<String, String> metadata = tensors.metadata();
            if (!FORMAT.equals(metadata.get("format"))) {
                throw new ModelFileException(
                        file,
                        "is not a checkpoint of a training (its format is " + metadata.get("format") + ", not " + FORMAT
                                + ")");
            }
            ModelDescription description = ModelDescription.parse(required(metadata, "description"));
            List<EpochRecord> history = history(tensors);
            int bestEpoch = Integer.parseInt(required(metadata, "best_epoch"));
            if (bestEpoch < 0 || bestEpoch > history.size()) {
                throw new BadInputException(
                        "its best epoch is " + bestEpoch + ", of " + history.size() + " that it lists");
            }
            Map<String, float[]> best = bestEpoch > 0 ? ModelFile.readWeights(tensors, "best/", description) : Map.of();
            return new Checkpoint(
                    description,
                    texts(required(metadata, "settings")),
                    ModelFile.readWeights(tensors, "model/", description),
                    Integer.parseInt(required(metadata, "step")),
                    optimizerValues(tensors),
                    history,
                    bestEpoch,
                    best);
        } catch (ModelFileException e) {
            throw e;
        } catch (IllegalArgumentException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ModelFileException(file, "is a damaged checkpoint (" + reason + ")", e);
        }
    }

    private static String required(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new BadInputException("its metadata has no " + key);
        }
        return value;
    }

    private static Map<String, String> texts(String json) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry :
                JsonParser.parseString(json).getAsJsonObject().entrySet()) {
            texts.put(entry.getKey(), entry.getValue().getAsString());
        }
        return texts;
    }

    private static Map<String, float[]> optimizerValues(SafeTensors tensors) throws IOException {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (String name : tensors.names()) {
            if (name.startsWith("optimizer/")) {
                values.put(name.substring("optimizer/".length()), tensors.floats(name));
            }
        }
        return values;
    }

    private static List<EpochRecord> history(SafeTensors tensors) throws IOException {
        double[] rows = tensors.doubles("history");
        List<EpochRecord> history = new ArrayList<>();
        for (int i = 0; i + COLUMNS <= rows.length; i += COLUMNS) {
            history.add(
                    new EpochRecord((int) rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5]));
        }
        return history;
    }
}
