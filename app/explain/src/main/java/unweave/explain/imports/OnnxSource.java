package unweave.explain.imports;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.model.ModelDescription;
import unweave.engine.model.Probabilities;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxFile;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxValue;
import unweave.engine.onnx.convert.Conversion;
import unweave.engine.onnx.convert.ConversionOptions;
import unweave.engine.onnx.evaluate.Evaluator;
import unweave.explain.data.NpyFile;
import unweave.explain.frontend.FrontEndSpec;
import unweave.kernels.BadInputException;

/** An ONNX graph, which says its layers itself; arrays have the shapes of the graph's own tensors. */
final class OnnxSource implements NetworkSource {
    /** Numbers up to here are whole in float32. */
    private static final int MOST_VALUES = 1 << 24;

    private final OnnxGraph graph;
    private final Conversion conversion;

    /** @param frontEnd decides whether time comes before frequency in the file */
    OnnxSource(ImportRequest request, Optional<FrontEndSpec> frontEnd) throws IOException {
        if (request.network().isPresent() || request.names().isPresent()) {
            throw new BadInputException(request.file().getFileName()
                    + ": is an ONNX graph, which says its layers itself; leave --network and --names out");
        }
        graph = OnnxFile.open(request.file());
        Conversion asItIs = Conversion.of(graph, options(request, false));
        boolean timeFirst = frontEnd.isPresent()
                && frontEnd.get()
                        .transposed(ModelDescription.network(asItIs.network(), List.of())
                                .input());
        conversion = timeFirst ? Conversion.of(graph, options(request, true)) : asItIs;
    }

    static ConversionOptions options(ImportRequest request, boolean timeFirst) {
        int[] dims = request.inputShape().stream().mapToInt(Integer::intValue).toArray();
        return new ConversionOptions(
                request.input().orElse(null), request.output().orElse(null), timeFirst, dims.length == 0 ? null : dims);
    }

    @Override
    public String format() {
        return "ONNX graph of " + graph.nodes().size() + " nodes, opset " + graph.opset()
                + (graph.producerName().isBlank() ? "" : ", by " + graph.producerName());
    }

    @Override
    public ModelDescription description(List<String> classNames) {
        return ModelDescription.network(conversion.network(), classNames);
    }

    @Override
    public Map<String, float[]> weights(ModelDescription description) {
        return conversion.weights();
    }

    @Override
    public List<String> notes() {
        return List.of("from tensor " + conversion.input() + " to tensor " + conversion.logitsTensor()
                + (conversion.cutAway().isEmpty() ? "" : ", the final " + conversion.cutAway() + " cut off"));
    }

    @Override
    public float[] inputs(NpyFile array, ModelDescription description) {
        return conversion.toNetwork(array.floats(), dims(array));
    }

    @Override
    public double[] outputs(NpyFile array, int n, ModelDescription description) {
        double[] outputs = conversion.logits(array.values(), dims(array));
        int classes = description.classNames().size();
        if (outputs.length != n * classes) {
            throw new BadInputException("an output array of shape " + array.shape() + " does not fit: it holds "
                    + outputs.length / classes + " outputs of " + classes + " values for " + n + " inputs");
        }
        return outputs;
    }

    private static int[] dims(NpyFile array) {
        return array.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public Optional<Probabilities> probabilities() {
        return switch (conversion.cutAway()) {
            case "" -> Optional.empty();
            case "sigmoid" -> Optional.of(Probabilities.SIGMOID);
            default -> Optional.of(Probabilities.SOFTMAX);
        };
    }

    @Override
    public double[] behindLogits(double[] logits) {
        double[] values = probabilities().map(meaning -> meaning.of(logits)).orElse(logits);
        return conversion.cutAway().equals("log-softmax")
                ? Arrays.stream(values).map(Math::log).toArray()
                : values;
    }

    @Override
    public void compareWith(FrontEnd frontEnd) {
        // Graphs that begin with a spectrogram have it among their nodes.
    }

    @Override
    public double[] reference(float[] input, ModelDescription description, Map<String, float[]> weights) {
        int[] dims = conversion.inputDims().clone();
        OnnxValue declared = graph.value(conversion.input());
        boolean fixed =
                declared != null && declared.dims() != null && !declared.dims().isEmpty();
        dims[0] = Math.max(1, fixed ? (int) declared.dims().get(0).size() : 1);
        long size = Arrays.stream(dims).asLongStream().reduce(1, (a, b) -> a * b);
        if (size > MOST_VALUES) {
            throw new BadInputException(
                    "an input of " + size + " values is too large to check; give --check-input and --check-output");
        }
        double[] inLayout = new double[(int) size];
        float[] places = new float[inLayout.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        float[] inMemory = conversion.toNetwork(places, dims);
        for (int i = 0; i < inMemory.length; i++) {
            inLayout[(int) inMemory[i]] = input[i % input.length];
        }
        String output = conversion.logitsTensor();
        NdArray values = Evaluator.run(graph, Map.of(conversion.input(), NdArray.of(inLayout, dims)), List.of(output))
                .get(output);
        return Arrays.copyOf(
                conversion.logits(values.numbers(), values.dims()),
                description.classNames().size());
    }

    @Override
    public String referenceName() {
        return "the graph's nodes in float64";
    }

    @Override
    public void close() {
        // The graph's file is open only while something is read.
    }
}
