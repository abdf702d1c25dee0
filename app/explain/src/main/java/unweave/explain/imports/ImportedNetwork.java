package unweave.explain.imports;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import unweave.engine.file.ModelFile;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.model.Probabilities;
import unweave.explain.AudioModel;
import unweave.explain.data.NpyFile;
import unweave.explain.preset.ModelSettings;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.lrp.Attribution;
import unweave.lrp.Canonizer;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.RelevanceLedger;
import unweave.lrp.Target;

/**
 * A network from a file of another program.
 *
 * <pre>{@code
 * ImportRequest request = new ImportRequest(Path.of("net.onnx")).withFrontEnd("whisper");
 * try (ImportedNetwork imported = ImportedNetwork.open(request, backend)) {
 *   if (imported.check(1, Monitor.silent()).holds()) {
 *     imported.save(Path.of("model.safetensors"));
 *   }
 * }
 * }</pre>
 */
public final class ImportedNetwork implements AutoCloseable {
    private final NetworkSource source;
    private final Map<String, float[]> weights;
    private final Model model;

    private ImportedNetwork(NetworkSource source, Map<String, float[]> weights, Model model) {
        this.source = source;
        this.weights = weights;
        this.model = model;
    }

    /**
     * Reads a network.
     *
     * @param backend computes; stays the caller's
     * @throws BadInputException in one line, if a file is missing, damaged or does not fit, or the network has
     *     something that cannot be computed here
     */
    public static ImportedNetwork open(ImportRequest request, Backend backend) throws IOException {
        NetworkSource source = Sources.open(request);
        try {
            List<String> classNames = request.classes().isPresent()
                    ? Labels.read(request.classes().get())
                    : List.of();
            ModelDescription description = source.description(classNames);
            Probabilities behind = source.behindLogits();
            description = description.withProbabilities(
                    request.probabilities().orElse(behind == null ? description.probabilities() : behind));
            Map<String, float[]> weights = source.weights(description);
            description = description
                    .withPreprocessing(Sources.preprocessing(request, source, description))
                    .withTrainingRecord(record(request, source));
            return new ImportedNetwork(
                    source, weights, Model.of(description, backend, parameter -> weights.get(parameter.name())));
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /**
     * What each part of a file becomes, and what is in the way, as lines for people; nothing is imported.
     *
     * @throws BadInputException in one line, if the file is missing or damaged
     */
    public static List<String> inspect(ImportRequest request) throws IOException {
        return Sources.inspect(request);
    }

    private static JsonObject record(ImportRequest request, NetworkSource source) {
        JsonObject json = new JsonObject();
        json.addProperty("importedFrom", String.valueOf(request.file().getFileName()));
        json.addProperty("format", source.format());
        return json;
    }

    /** The network, its classes and its front end. */
    public ModelDescription description() {
        return model.description();
    }

    /** What was imported, as lines for people. */
    public List<String> summary() throws IOException {
        ModelDescription description = description();
        long parameters = description.parameters().stream()
                .mapToLong(ParameterDescription::size)
                .sum();
        List<String> lines = new ArrayList<>();
        lines.add(source.format() + ": " + description.layers().size() + " layers, " + parameters + " parameters");
        lines.add("input " + description.input() + " (height x width x channels), "
                + description.classNames().size() + " classes ("
                + description.probabilities().keyword() + "): " + classes(description.classNames()));
        lines.add(frontEnd(description));
        lines.addAll(source.notes());
        return lines;
    }

    private static String classes(List<String> names) {
        List<String> first = names.subList(0, Math.min(8, names.size()));
        return String.join(", ", first) + (names.size() > first.size() ? ", ..." : "");
    }

    private static String frontEnd(ModelDescription description) {
        return ModelSettings.hasFrontEnd(description)
                ? "front end: " + description.preprocessing().get("preset").getAsString()
                : "front end: none given, so sounds cannot be explained yet; import again with --front-end";
    }

    /**
     * Compares the network with arrays that were computed elsewhere.
     *
     * @param inputs and {@code outputs} in the file's own layout
     * @throws BadInputException in one line, if their shapes do not fit
     */
    public ImportCheck check(NpyFile inputs, NpyFile outputs, Monitor monitor) {
        float[] values = source.inputs(inputs, description());
        int n = values.length / description().input().features();
        double[] expected = source.outputs(outputs, n, description());
        try (Progress progress = monitor.progress("checking", 2)) {
            double[] computed = doubles(model.predict(values, n));
            if (source.behindLogits() != null) {
                computed = probabilities(computed, source.behindLogits());
            }
            progress.at(1, "relevance");
            return compared("the given outputs", n, computed, expected, values);
        }
    }

    /** Compares the network with a float64 path of its own on a random input. */
    public ImportCheck check(long seed, Monitor monitor) throws IOException {
        Random random = new Random(seed);
        float[] input = new float[description().input().features()];
        for (int i = 0; i < input.length; i++) {
            input[i] = (float) random.nextGaussian();
        }
        try (Progress progress = monitor.progress("checking", 2)) {
            double[] expected = source.reference(input, description(), weights);
            progress.at(1, "relevance");
            String against = source.referenceName();
            return compared(against, 1, doubles(model.predict(input, 1)), expected, input);
        }
    }

    private ImportCheck compared(String against, int n, double[] computed, double[] expected, float[] inputs) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double one = Math.abs(computed[i] - expected[i]);
            difference = Double.isFinite(one) ? Math.max(difference, one) : Double.NaN;
            largest = Math.max(largest, Math.abs(expected[i]));
            if (Double.isNaN(difference)) {
                break;
            }
        }
        Optional<RelevanceLedger.Entry> worst = worstOfLedger(inputs);
        return new ImportCheck(
                against,
                n,
                difference,
                largest,
                worst.map(RelevanceLedger.Entry::imbalance).orElse(0.0),
                worst.map(RelevanceLedger.Entry::layer).orElse(""));
    }

    /** Of the first input, by the rules that the model has, as they are applied later: to the canonical network. */
    private Optional<RelevanceLedger.Entry> worstOfLedger(float[] inputs) {
        float[] first = Arrays.copyOf(inputs, description().input().features());
        String composite = ModelSettings.composite(description());
        Model canonical = Canonizer.applies(description()) ? Canonizer.canonical(model) : model;
        try (LayerwiseRelevance rules = new LayerwiseRelevance(AudioModel.composite(composite)).withDetailedLedger()) {
            Attribution attribution = rules.attribute(canonical, first, 1, Target.of(Target.DECISION));
            return attribution.layers().stream().max(Comparator.comparingDouble(RelevanceLedger.Entry::imbalance));
        } finally {
            if (canonical != model) {
                canonical.close();
            }
        }
    }

    private double[] probabilities(double[] logits, Probabilities meaning) {
        int classes = description().classNames().size();
        double[] all = new double[logits.length];
        for (int start = 0; start < logits.length; start += classes) {
            double[] one = meaning.of(Arrays.copyOfRange(logits, start, start + classes));
            System.arraycopy(one, 0, all, start, classes);
        }
        return all;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    /** Writes a model file, which the other commands and {@link unweave.explain.Explainer#open} read. */
    public void save(Path file) throws IOException {
        ModelFile.save(file, model);
    }

    @Override
    public void close() throws IOException {
        model.close();
        source.close();
    }
}
