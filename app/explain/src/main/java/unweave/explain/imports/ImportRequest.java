package unweave.explain.imports;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import unweave.engine.model.Probabilities;

/**
 * What to import, and how.
 *
 * @param file an ONNX graph, or a state dict that {@code torch.save} or safetensors wrote
 * @param network the network's layers as JSON ("input" and "layers" of a model description): needed for state dicts
 * @param names which layer is which module of a state dict, see {@link unweave.engine.torch.TensorNames}
 * @param frontEnd how sounds become inputs: the name of a front end or a JSON file; without it the network computes,
 *     but sounds cannot be explained
 * @param classes a text file with one class name per line; without it those of the network, or "class 1" and so on
 * @param probabilities what the logits mean; without it what the file says, softmax if it says nothing
 * @param input the tensor of an ONNX graph that becomes the input
 * @param output the tensor of an ONNX graph that becomes the logits
 * @param inputShape the sizes of the input where an ONNX graph leaves them open, batch first, such as 1, 1, 40, 101;
 *     empty for the graph's own
 */
public record ImportRequest(
        Path file,
        Optional<Path> network,
        Optional<Path> names,
        Optional<String> frontEnd,
        Optional<Path> classes,
        Optional<Probabilities> probabilities,
        Optional<String> input,
        Optional<String> output,
        List<Integer> inputShape) {

    public ImportRequest {
        inputShape = List.copyOf(inputShape);
    }

    /** A file by itself. */
    public ImportRequest(Path file) {
        this(
                file,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** The same with the layers of the network. */
    public ImportRequest withNetwork(Path json) {
        return new ImportRequest(
                file, Optional.of(json), names, frontEnd, classes, probabilities, input, output, inputShape);
    }

    /** The same with names of modules. */
    public ImportRequest withNames(Path json) {
        return new ImportRequest(
                file, network, Optional.of(json), frontEnd, classes, probabilities, input, output, inputShape);
    }

    /** The same with a front end. */
    public ImportRequest withFrontEnd(String nameOrFile) {
        return new ImportRequest(
                file, network, names, Optional.of(nameOrFile), classes, probabilities, input, output, inputShape);
    }

    /** The same with class names. */
    public ImportRequest withClasses(Path labels) {
        return new ImportRequest(
                file, network, names, frontEnd, Optional.of(labels), probabilities, input, output, inputShape);
    }

    /** The same with another meaning of the logits. */
    public ImportRequest withProbabilities(Probabilities meaning) {
        return new ImportRequest(
                file, network, names, frontEnd, classes, Optional.of(meaning), input, output, inputShape);
    }

    /** The same, cut at tensors of an ONNX graph; null for the graph's own. */
    public ImportRequest between(String inputTensor, String outputTensor) {
        return new ImportRequest(
                file,
                network,
                names,
                frontEnd,
                classes,
                probabilities,
                Optional.ofNullable(inputTensor),
                Optional.ofNullable(outputTensor),
                inputShape);
    }

    /** The same with the sizes of the input. */
    public ImportRequest withInputShape(List<Integer> shape) {
        return new ImportRequest(file, network, names, frontEnd, classes, probabilities, input, output, shape);
    }
}
