package unweave.explain.preset;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.drsa.SubspaceSettings;
import unweave.engine.layer.JsonFields;
import unweave.engine.layer.Layer;
import unweave.engine.model.JsonText;
import unweave.engine.model.ModelDescription;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;
import unweave.lrp.Canonizer;
import unweave.lrp.CompositeText;

/**
 * Every parameter of an experiment. Of the built-in presets, {@code gtzan} is the thesis' music showcase,
 * {@code thesis} its synthetic experiment to the letter, {@code toy} the same with rules, layer and windows whose
 * concepts can be told apart better, {@code thesis-code} is {@code toy} as the thesis' published code has it; a JSON
 * file of the same form (print one with {@code unweave train --show-preset toy}) describes any other. The network is
 * either {"filters": [...], "dense": n, "dropout": p} for the thesis' family of networks, or {"layers": [...]} as in
 * model files, its last dense layer without "units": they follow from the data.
 *
 * @param name shown in reports
 * @param spectrogram from waveform to network input
 * @param network as JSON, completed by {@link #description}
 * @param composite the LRP rules, as {@link CompositeText} reads them
 */
public record Preset(
        String name,
        SpectrogramSettings spectrogram,
        JsonObject network,
        TrainingPlan training,
        String composite,
        SubspacePlan subspaces) {
    /** The built-in presets. */
    public static final List<String> NAMES = List.of("toy", "gtzan", "thesis", "thesis-code");

    /**
     * A built-in preset by its name, or a preset file.
     *
     * @throws BadInputException if it is neither, or a value in it is wrong
     */
    public static Preset of(String nameOrFile) throws IOException {
        if (NAMES.contains(nameOrFile)) {
            return parse(nameOrFile, text(nameOrFile));
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(nameOrFile + ": neither a preset (" + String.join(", ", NAMES) + ") nor a file"
                    + Spelling.hint(nameOrFile, NAMES)
                    + "; 'unweave train --show-preset toy' prints one to start from");
        }
        return parse(nameOrFile, JsonText.read(nameOrFile, file));
    }

    /** The JSON text of a built-in preset. */
    public static String text(String name) throws IOException {
        if (!NAMES.contains(name)) {
            throw new BadInputException("unknown preset " + name + Spelling.hint(name, NAMES) + "; the presets are "
                    + String.join(", ", NAMES));
        }
        try (InputStream stream = Preset.class.getResourceAsStream(name + ".json")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Preset parse(String source, String text) {
        try {
            return read(JsonText.object(source, text, "that of 'unweave train --show-preset toy'"));
        } catch (BadInputException e) {
            throw e.getMessage().startsWith(source + ": ")
                    ? e
                    : new BadInputException(source + ": " + e.getMessage(), e);
        }
    }

    private static Preset read(JsonObject json) {
        JsonFields fields = new JsonFields("preset", json);
        Preset preset = new Preset(
                fields.text("name"),
                PresetJson.spectrogram(fields.object("spectrogram"), ResamplingFilter.STANDARD),
                fields.object("network"),
                PresetJson.training(fields.object("training")),
                fields.text("composite"),
                PresetJson.subspaces(fields.object("subspaces")));
        fields.finish();
        // A wrong network or layer is wrong now, not after the data has been read or the network trained.
        preset.requireSplits(preset.subspaces().layer(), preset.subspaces().concepts());
        CompositeText.parse(preset.composite());
        return preset;
    }

    /**
     * Checks, before anything is computed, that the relevance of a layer can be split.
     *
     * @param concepts K
     * @throws BadInputException if the network has no such layer, or K does not divide its channels
     */
    public void requireSplits(String layer, int concepts) {
        // The classes do not matter for the layers below the last.
        ModelDescription network = description(List.of("a", "b"));
        if (network.layers().stream().noneMatch(one -> one.name().equals(layer))) {
            throw new BadInputException("subspaces: the network has no layer \"" + layer + "\"; its layers are "
                    + network.layers().stream().map(Layer::name).collect(Collectors.joining(", ")));
        }
        Canonizer.merged(network, layer).ifPresent(why -> {
            throw new BadInputException("subspaces: layer " + why);
        });
        int channels = network.outputShape(layer).vectorLength();
        SubspaceSettings.thesis(concepts, 0).requireDivides(layer, channels);
    }

    /** The network for the given classes. */
    public ModelDescription description(List<String> classNames) {
        JsonFields fields = new JsonFields("network", network);
        ModelDescription description =
                network.has("layers") ? fromLayers(fields, classNames) : thesisFamily(fields, classNames);
        fields.finish();
        return description
                .withClassNames(classNames)
                .withPreprocessing(ModelSettings.preprocessing(name, new LogMel(spectrogram), composite, subspaces));
    }

    private ModelDescription thesisFamily(JsonFields fields, List<String> classNames) {
        int[] filters =
                fields.wholes("filters", 1).stream().mapToInt(Integer::intValue).toArray();
        if (spectrogram.mels() != spectrogram.frames()) {
            throw new BadInputException("network: \"filters\" describes networks for square inputs, not "
                    + spectrogram.mels() + " x " + spectrogram.frames() + "; use \"layers\"");
        }
        return ModelDescription.cnn(
                spectrogram.mels(), filters, fields.whole("dense", 1), classNames.size(), fields.number("dropout", 0f));
    }

    private ModelDescription fromLayers(JsonFields fields, List<String> classNames) {
        JsonArray layers = fields.array("layers").deepCopy();
        if (!layers.isEmpty() && layers.get(layers.size() - 1) instanceof JsonObject last && !last.has("units")) {
            last.addProperty("units", classNames.size());
        }
        JsonObject input = new JsonObject();
        input.addProperty("height", spectrogram.mels());
        input.addProperty("width", spectrogram.frames());
        JsonArray classes = new JsonArray();
        classNames.forEach(classes::add);
        JsonObject json = new JsonObject();
        json.add("input", input);
        json.add("layers", layers);
        json.add("classes", classes);
        return ModelDescription.fromJson(json);
    }
}
