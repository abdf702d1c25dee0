package unweave.engine.file;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;

/**
 * A model as one safetensors file that describes itself: the metadata holds {@code format}, "unweave-model/1", and
 * {@code description}, the JSON of the {@link ModelDescription}. The tensors have PyTorch's names and layouts
 * (conv1.weight O I H W, dense1.weight O I with inputs in C H W order, bn1.running_mean), so that
 * {@code safetensors.torch.load_file} gives a state dict.
 */
public final class ModelFile {
    /** The value of the metadata {@code format}. */
    public static final String FORMAT = "unweave-model/1";

    private ModelFile() {}

    /** Writes a model; equal models give equal bytes. */
    public static void save(Path file, Model model) throws IOException {
        save(file, model, model.description().trainingRecord());
    }

    /** Writes a model with another training record than its description's. */
    public static void save(Path file, Model model, JsonObject trainingRecord) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        writer.metadata("format", FORMAT);
        writer.metadata(
                "description",
                model.description().withTrainingRecord(trainingRecord).toString());
        addWeights(writer, "", model.description(), model.weights());
        writer.write(file);
    }

    /** Adds parameters in PyTorch's layout, their names after {@code prefix}. */
    public static void addWeights(
            SafeTensorsWriter writer, String prefix, ModelDescription description, Map<String, float[]> weights) {
        for (ParameterDescription parameter : description.parameters()) {
            float[] values = WeightLayout.toTorch(parameter, weights.get(parameter.name()));
            writer.add(prefix + parameter.name(), values, WeightLayout.torchShape(parameter));
        }
    }

    /** The parameters of a description by name, read from PyTorch's layout; the counterpart of {@link #addWeights}. */
    public static Map<String, float[]> readWeights(SafeTensors tensors, String prefix, ModelDescription description)
            throws IOException {
        Map<String, float[]> weights = new LinkedHashMap<>();
        for (ParameterDescription parameter : description.parameters()) {
            weights.put(parameter.name(), readWeight(tensors, prefix + parameter.name(), parameter));
        }
        return weights;
    }

    /**
     * One parameter in the order of memory, from a tensor in PyTorch's order. The tensor of a convolution along one
     * axis may lack the other one.
     *
     * @throws ModelFileException if there is no such tensor, or its shape is another
     */
    public static float[] readWeight(StateDict tensors, String name, ParameterDescription parameter)
            throws IOException {
        List<Integer> expected =
                Arrays.stream(WeightLayout.torchShape(parameter)).boxed().toList();
        List<Integer> found = tensors.shape(name);
        if (!WeightLayout.fits(parameter, found)) {
            throw new ModelFileException(
                    tensors.file(),
                    "tensor " + name + " has the shape " + found + ", but " + parameter.name() + " of the model has "
                            + expected);
        }
        return WeightLayout.fromTorch(parameter, tensors.floats(name));
    }

    /** Reads a model into the memory of {@code backend}; the caller closes it. */
    public static Model load(Path file, Backend backend) throws IOException {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            ModelDescription description = description(tensors);
            Map<String, float[]> weights = readWeights(tensors, "", description);
            return Model.of(description, backend, parameter -> weights.get(parameter.name()));
        }
    }

    /** Reads the description alone. */
    public static ModelDescription description(Path file) throws IOException {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            return description(tensors);
        }
    }

    private static ModelDescription description(SafeTensors tensors) throws IOException {
        String format = tensors.metadata().get("format");
        String description = tensors.metadata().get("description");
        if (format == null || description == null || !format.startsWith("unweave-model/")) {
            throw new ModelFileException(
                    tensors.file(),
                    "is not a model of this program, its metadata has no description; PyTorch weights must be"
                            + " imported into a model description first (TorchImport)");
        }
        if (!format.equals(FORMAT)) {
            throw new ModelFileException(tensors.file(), "has the format " + format + ", this version reads " + FORMAT);
        }
        try {
            return ModelDescription.parse(description);
        } catch (BadInputException e) {
            throw new ModelFileException(tensors.file(), e.getMessage(), e);
        }
    }

    /**
     * 16 hex digits that stand for architecture and weights: files made for one model (subspaces) use it to refuse
     * another. It is the beginning of the SHA-256 of the architecture's JSON and all parameters, little-endian in the
     * order and layout of the file. Class names, preprocessing and training record do not count.
     */
    public static String fingerprint(Model model) {
        MessageDigest digest = sha256();
        digest.update(model.description().architecture().getBytes(StandardCharsets.UTF_8));
        Map<String, float[]> weights = model.weights();
        for (ParameterDescription parameter : model.description().parameters()) {
            float[] values = WeightLayout.toTorch(parameter, weights.get(parameter.name()));
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
