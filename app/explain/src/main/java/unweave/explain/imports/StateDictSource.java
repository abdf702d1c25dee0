package unweave.explain.imports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.StateDict;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.model.Probabilities;
import unweave.engine.tape.Tape;
import unweave.engine.torch.TensorNames;
import unweave.engine.torch.TorchImport;
import unweave.explain.data.NpyFile;
import unweave.explain.frontend.CheckpointTensors;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.reference.ReferenceBackend;

/** A PyTorch state dict, whose layers stand in a file of their own; arrays are N C H W, as PyTorch has them. */
final class StateDictSource implements NetworkSource {
    private final StateDict tensors;
    private final ImportRequest request;
    private final TensorNames names;
    private TorchImport.Weights weights;

    StateDictSource(ImportRequest request) throws IOException {
        this.request = request;
        String file = String.valueOf(request.file().getFileName());
        if (request.input().isPresent() || request.output().isPresent()) {
            throw new BadInputException(
                    file + ": holds weights without a graph, so --input and --output have nothing to cut");
        }
        tensors = TorchImport.open(request.file());
        try {
            if (request.network().isEmpty()) {
                throw new BadInputException(file + ": holds weights, but not which layers they belong to; describe the"
                        + " network with --network layers.json, or export it with torch.onnx.export");
            }
            names = request.names().isPresent()
                    ? TensorNames.read(request.names().get())
                    : TensorNames.none();
        } catch (IOException | RuntimeException e) {
            tensors.close();
            throw e;
        }
    }

    @Override
    public String format() {
        return "state dict of " + tensors.names().size() + " tensors";
    }

    @Override
    public ModelDescription description(List<String> classNames) throws IOException {
        return ModelDescription.readNetwork(request.network().orElseThrow(), classNames);
    }

    @Override
    public Map<String, float[]> weights(ModelDescription description) throws IOException {
        weights = TorchImport.read(tensors, "", names, description);
        return weights.values();
    }

    @Override
    public List<String> notes() throws IOException {
        List<String> notes = new ArrayList<>();
        for (String tensor : weights.leftOut()) {
            notes.add("left out: " + tensor + " " + tensors.shape(tensor));
        }
        return notes;
    }

    @Override
    public void compareWith(FrontEnd frontEnd) throws IOException {
        for (String tensor : weights.leftOut()) {
            int[] shape =
                    tensors.shape(tensor).stream().mapToInt(Integer::intValue).toArray();
            if (shape.length == 0 || !CheckpointTensors.knows(tensor)) {
                continue;
            }
            Optional<String> difference = CheckpointTensors.difference(frontEnd, tensor, shape, tensors.floats(tensor));
            if (difference.isPresent()) {
                throw new ModelFileException(request.file(), difference.get());
            }
        }
    }

    @Override
    public float[] inputs(NpyFile array, ModelDescription description) {
        LayerShape shape = description.input();
        int h = shape.height();
        int w = shape.width();
        int c = shape.channels();
        List<Integer> found = array.shape();
        int n = found.isEmpty() ? 0 : found.get(0);
        List<List<Integer>> fitting = new ArrayList<>(List.of(List.of(n, c, h, w)));
        if (c == 1) {
            fitting.add(List.of(n, h, w));
        }
        if (h == 1) {
            fitting.add(List.of(n, c, w));
        }
        if (h == 1 && c == 1) {
            fitting.add(List.of(n, w));
        }
        if (n < 1 || !fitting.contains(found)) {
            throw new BadInputException("an input array of shape " + found + " does not fit: the network reads [N, " + c
                    + ", " + h + ", " + w + "] (inputs, channels, height, width)"
                    + (c == 1 ? ", or the same without channels" : ""));
        }
        float[] values = array.floats();
        if (c == 1) {
            return values;
        }
        float[] inputs = new float[values.length];
        int pixels = h * w;
        for (int i = 0; i < inputs.length; i++) {
            int image = i / (pixels * c) * pixels * c;
            inputs[i] = values[image + i % c * pixels + i / c % pixels];
        }
        return inputs;
    }

    @Override
    public double[] outputs(NpyFile array, int n, ModelDescription description) {
        int classes = description.classNames().size();
        List<Integer> lengths = new ArrayList<>(array.shape());
        while (lengths.size() > 2 && lengths.get(lengths.size() - 1) == 1) {
            lengths.remove(lengths.size() - 1);
        }
        if (!lengths.equals(List.of(n, classes)) && !(n == 1 && lengths.equals(List.of(classes)))) {
            throw new BadInputException("an output array of shape " + array.shape() + " does not fit: for " + n
                    + (n == 1 ? " input" : " inputs") + " the network gives [" + n + ", " + classes + "]");
        }
        return array.values();
    }

    @Override
    public Optional<Probabilities> probabilities() {
        return Optional.empty();
    }

    @Override
    public double[] behindLogits(double[] logits) {
        return logits;
    }

    @Override
    public double[] reference(float[] input, ModelDescription description, Map<String, float[]> values) {
        Backend backend = ReferenceBackend.create();
        try (Model model = Model.of(description, backend, parameter -> values.get(parameter.name()));
                Tape tape = Tape.prediction(backend)) {
            return ReferenceBackend.values(
                            model.forward(tape, model.input(tape, input, 0, 1)).data())
                    .clone();
        }
    }

    @Override
    public String referenceName() {
        return "the operations' definitions in float64";
    }

    @Override
    public void close() throws IOException {
        tensors.close();
    }
}
