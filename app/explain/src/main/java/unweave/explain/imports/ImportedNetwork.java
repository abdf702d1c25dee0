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
import unweave.explain.frontend.FrontEndSpec;
import unweave.explain.frontend.FrontEnds;
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
 * ImportRequest request = new ImportRequest(Path.of("net.onnx")).withFrontEnd("librosa");
 * try (ImportedNetwork imported = ImportedNetwork.open(request, backend)) {
 *   if (imported.check(1, Monitor.silent()).holds()) {
 *     imported.save(Path.of("model.safetensors"));
 *   }
 * }
 * }</pre>
 */
public final class ImportedNetwork implements AutoCloseable {
    private static final int NAMES_SHOWN = 12;

    private final NetworkSource source;
    private final Map<String, float[]> weights;
    /** The network as it is in the file. */
    private final Model network;
    /** With what its front end needs before it; the same object where that is nothing. */
    private final Model model;

    private ImportedNetwork(NetworkSource source, Map<String, float[]> weights, Model network, Model model) {
        this.source = source;
        this.weights = weights;
        this.network = network;
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
        Optional<FrontEndSpec> spec = request.frontEnd().isPresent()
                ? Optional.of(FrontEnds.of(request.frontEnd().get()))
                : Optional.empty();
        List<String> classNames =
                request.classes().isPresent() ? Labels.read(request.classes().get()) : List.of();
        NetworkSource source = Sources.open(request, spec);
        try {
            ModelDescription described = source.description(classNames);
            Probabilities meaning =
                    request.probabilities().orElse(source.probabilities().orElse(described.probabilities()));
            ModelDescription original = described.withProbabilities(meaning);
            Map<String, float[]> weights = source.weights(original);
            Optional<FittedNetwork> fitted = spec.map(one -> FittedNetwork.of(one, original, weights));
            if (fitted.isPresent()) {
                source.compareWith(fitted.get().frontEnd());
            }
            ModelDescription complete = fitted.map(FittedNetwork::description)
                    .orElse(original)
                    .withPreprocessing(Sources.preprocessing(request, fitted.map(FittedNetwork::frontEnd), original))
                    .withTrainingRecord(record(request, source));
            Map<String, float[]> all = fitted.map(FittedNetwork::weights).orElse(weights);
            Model model = Model.of(complete, backend, parameter -> all.get(parameter.name()));
            Model network = complete.architecture().equals(original.architecture())
                    ? model
                    : Model.of(original, backend, parameter -> weights.get(parameter.name()));
            return new ImportedNetwork(source, weights, network, model);
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
        return names.size() <= NAMES_SHOWN
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, NAMES_SHOWN)) + " and " + (names.size() - NAMES_SHOWN) + " more";
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
        ModelDescription original = network.description();
        float[] values = source.inputs(inputs, original);
        int n = values.length / original.input().features();
        double[] expected = source.outputs(outputs, n, original);
        try (Progress progress = monitor.progress("checking", 2)) {
            double[] computed = behindLogits(doubles(network.predict(values, n)));
            progress.at(1, "relevance");
            return compared("the given outputs", n, computed, expected, values);
        }
    }

    /** Compares the network with a float64 path of its own on a random input. */
    public ImportCheck check(long seed, Monitor monitor) throws IOException {
        Random random = new Random(seed);
        float[] input = new float[network.description().input().features()];
        for (int i = 0; i < input.length; i++) {
            input[i] = (float) random.nextGaussian();
        }
        try (Progress progress = monitor.progress("checking", 2)) {
            double[] expected = source.reference(input, network.description(), weights);
            progress.at(1, "relevance");
            String against = source.referenceName();
            return compared(against, 1, doubles(network.predict(input, 1)), expected, input);
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
        float[] first = Arrays.copyOf(inputs, network.description().input().features());
        String composite = ModelSettings.composite(description());
        Model canonical = Canonizer.applies(network.description()) ? Canonizer.canonical(network) : network;
        try (LayerwiseRelevance rules = new LayerwiseRelevance(AudioModel.composite(composite)).withDetailedLedger()) {
            Attribution attribution = rules.attribute(canonical, first, 1, Target.of(Target.DECISION));
            return attribution.layers().stream().max(Comparator.comparingDouble(RelevanceLedger.Entry::imbalance));
        } finally {
            if (canonical != network) {
                canonical.close();
            }
        }
    }

    private double[] behindLogits(double[] logits) {
        int classes = description().classNames().size();
        double[] all = new double[logits.length];
        for (int start = 0; start < logits.length; start += classes) {
            double[] one = source.behindLogits(Arrays.copyOfRange(logits, start, start + classes));
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
        network.close();
        source.close();
    }
}
