package unweave.drsa;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import unweave.engine.file.ModelFile;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.SafeTensors;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.kernels.Orthogonalization;

/**
 * A {@link SubspaceSet} as one safetensors file. The metadata holds {@code format}, "unweave-subspaces/1", and
 * {@code description}, JSON with the model's fingerprint, the layer, and for every class its name, the method, the
 * settings and the data. For the class with index i the tensors are {@code class<i>/U} (D x D),
 * {@code class<i>/objective} (starts x steps + 1) and {@code class<i>/relevance_totals} (K).
 */
public final class SubspaceFile {
    /** The value of the metadata {@code format}. */
    public static final String FORMAT = "unweave-subspaces/1";

    private SubspaceFile() {}

    /**
     * Writes subspaces; equal ones give equal bytes. The file appears whole or not at all.
     *
     * @throws IOException in one line, naming the file, when it cannot be written
     */
    public static void save(Path file, SubspaceSet set) throws IOException {
        JsonObject description = new JsonObject();
        description.addProperty("model", set.modelFingerprint());
        description.addProperty("layer", set.layer());
        description.addProperty("dimensions", set.dimensions());
        JsonArray classes = new JsonArray();
        set.all().forEach(subspaces -> classes.add(describe(subspaces)));
        description.add("classes", classes);
        SafeTensorsWriter writer =
                new SafeTensorsWriter().metadata("format", FORMAT).metadata("description", description.toString());
        set.all().forEach(subspaces -> addTensors(writer, subspaces));
        writer.write(file);
    }

    private static JsonObject describe(Subspaces subspaces) {
        Provenance provenance = subspaces.provenance();
        SubspaceSettings settings = subspaces.settings();
        JsonObject json = new JsonObject();
        json.addProperty("class", provenance.classIndex());
        json.addProperty("name", provenance.className());
        json.addProperty("method", subspaces.method().name());
        json.addProperty("subspaces", settings.subspaces());
        json.addProperty("steps", settings.steps());
        json.addProperty("starts", settings.starts());
        json.addProperty("seed", settings.seed());
        json.addProperty("stepSize", settings.stepSize());
        if (settings.orthogonalization() != Orthogonalization.EIGEN) {
            json.addProperty("orthogonalization", settings.orthogonalization().name());
        }
        json.addProperty("bestStart", subspaces.bestStart());
        json.addProperty("inputs", provenance.inputs());
        json.addProperty("positionsPerInput", provenance.positionsPerInput());
        if (provenance.window() > 1) {
            json.addProperty("window", provenance.window());
        }
        json.addProperty("dataSeed", provenance.seed());
        return json;
    }

    private static void addTensors(SafeTensorsWriter writer, Subspaces subspaces) {
        String prefix = prefix(subspaces.provenance().classIndex());
        int starts = subspaces.curves().length;
        int length = subspaces.curves()[0].length;
        float[] curves = new float[starts * length];
        for (int start = 0; start < starts; start++) {
            System.arraycopy(subspaces.curves()[start], 0, curves, start * length, length);
        }
        writer.add(prefix + "U", subspaces.basis(), subspaces.dimensions(), subspaces.dimensions());
        writer.add(prefix + "objective", curves, starts, length);
        writer.add(prefix + "relevance_totals", subspaces.relevanceTotals(), subspaces.count());
    }

    private static String prefix(int classIndex) {
        return "class" + classIndex + "/";
    }

    /**
     * Reads subspaces for a model.
     *
     * @throws IOException in one line, naming the file: as {@link #load(Path)}, and if the subspaces were found in
     *     another model or do not fit the layer
     */
    public static SubspaceSet load(Path file, Model model) throws IOException {
        SubspaceSet set = load(file);
        String fingerprint = ModelFile.fingerprint(model);
        if (!set.modelFingerprint().equals(fingerprint)) {
            throw new ModelFileException(
                    file,
                    "these subspaces belong to another model (fingerprint " + set.modelFingerprint()
                            + ", this model has " + fingerprint + "); find subspaces for this one");
        }
        if (!model.description().layerNames().contains(set.layer())) {
            throw new ModelFileException(
                    file,
                    "these subspaces are of layer " + set.layer() + ", the layers of the model are "
                            + String.join(", ", model.description().layerNames()));
        }
        LayerShape shape = model.description().outputShape(set.layer());
        if (shape.vectorLength() != set.dimensions()) {
            throw new ModelFileException(
                    file,
                    "these subspaces have D = " + set.dimensions() + ", but layer " + set.layer() + " of the model has "
                            + shape.vectorLength() + (shape.flat() ? " features" : " channels"));
        }
        return set;
    }

    /**
     * Reads subspaces.
     *
     * @throws IOException in one line, naming the file: if it is missing, damaged, or no file of subspaces
     */
    public static SubspaceSet load(Path file) throws IOException {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            String format = tensors.metadata().get("format");
            String description = tensors.metadata().get("description");
            if (format == null || description == null || !format.startsWith("unweave-subspaces/")) {
                throw new ModelFileException(
                        file, "is not a file of subspaces" + (format == null ? "" : " (its format is " + format + ")"));
            }
            if (!format.equals(FORMAT)) {
                throw new ModelFileException(file, "has the format " + format + ", this version reads " + FORMAT);
            }
            return read(tensors, description);
        }
    }

    private static SubspaceSet read(SafeTensors tensors, String text) throws IOException {
        try {
            JsonObject description = JsonParser.parseString(text).getAsJsonObject();
            List<Subspaces> classes = new ArrayList<>();
            for (JsonElement element : field(description, "classes").getAsJsonArray()) {
                classes.add(readClass(tensors, description, element.getAsJsonObject()));
            }
            return new SubspaceSet(classes);
        } catch (ModelFileException e) {
            throw e;
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NoSuchElementException
                | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ModelFileException(tensors.file(), "is a damaged file of subspaces (" + reason + ")", e);
        }
    }

    private static Subspaces readClass(SafeTensors tensors, JsonObject description, JsonObject json)
            throws IOException {
        Provenance provenance = new Provenance(
                field(description, "model").getAsString(),
                field(description, "layer").getAsString(),
                field(json, "class").getAsInt(),
                field(json, "name").getAsString(),
                field(json, "inputs").getAsInt(),
                field(json, "positionsPerInput").getAsInt(),
                json.has("window") ? json.get("window").getAsInt() : 1, // files of earlier versions have none
                field(json, "dataSeed").getAsLong());
        SubspaceSettings settings = new SubspaceSettings(
                field(json, "subspaces").getAsInt(),
                field(json, "steps").getAsInt(),
                field(json, "starts").getAsInt(),
                field(json, "seed").getAsLong(),
                field(json, "stepSize").getAsFloat(),
                orthogonalization(json));
        String prefix = prefix(provenance.classIndex());
        float[] objective = tensors.floats(prefix + "objective");
        int length = settings.steps() + 1;
        if (!tensors.shape(prefix + "objective").equals(List.of(settings.starts(), length))) {
            throw new IllegalArgumentException(
                    "the objective of class " + provenance.className() + " has the wrong shape");
        }
        float[][] curves = new float[settings.starts()][length];
        for (int start = 0; start < curves.length; start++) {
            System.arraycopy(objective, start * length, curves[start], 0, length);
        }
        return new Subspaces(
                provenance,
                Method.valueOf(field(json, "method").getAsString()),
                settings,
                field(description, "dimensions").getAsInt(),
                tensors.floats(prefix + "U"),
                curves,
                field(json, "bestStart").getAsInt(),
                tensors.doubles(prefix + "relevance_totals"));
    }

    /** The way through eigenvectors is not written: files without this entry were made with it. */
    private static Orthogonalization orthogonalization(JsonObject json) {
        return json.has("orthogonalization")
                ? Orthogonalization.valueOf(json.get("orthogonalization").getAsString())
                : Orthogonalization.EIGEN;
    }

    private static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new NoSuchElementException("its description has no \"" + name + "\"");
        }
        return value;
    }
}
