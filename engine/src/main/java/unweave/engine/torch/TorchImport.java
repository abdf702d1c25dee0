package unweave.engine.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.SafeTensors;
import unweave.engine.file.StateDict;
import unweave.engine.file.WeightLayout;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.torch.TorchModules.Kind;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;

/**
 * Reads weights trained with PyTorch into the layers of a model description: a state dict, whose tensors are named
 * module.weight, module.bias, module.running_mean and so on, as {@code torch.save} or safetensors wrote it. Modules and
 * layers find each other
 *
 * <ol>
 *   <li>by the given names ("conv1" -> "features.0"), then
 *   <li>by equal names, then, separately among convolutions, dense layers, batch normalisations, recurrent layers and
 *       what else has weights,
 *   <li>by the numbers in the modules' names where these differ in nothing else: features.3 comes before features.12,
 *       then
 *   <li>by shape, where one module alone has the shapes of one layer alone.
 * </ol>
 *
 * What is left is ambiguous and refused: the order of tensors in a file says nothing, since safetensors does not keep
 * it. Every layer must find its module and every module its layer, with equal shapes. Constants are tensors of their
 * own, found by the layer's name. Tensors that belong to no module, such as the window of a spectrogram, are left out
 * and listed. A batch normalisation without weight and bias in the file (affine=False) has 1 and 0, a recurrent layer
 * without biases 0.
 */
public final class TorchImport {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern NUMBER_OR_TEXT = Pattern.compile("\\d{1,9}|\\D+");

    private final StateDict tensors;
    private final ModelDescription description;
    private final TorchModules modules;
    private final TensorNames names;
    private final String prefix;
    private final Map<String, List<ParameterDescription>> layers = new LinkedHashMap<>();
    private final Map<String, String> moduleOfLayer = new HashMap<>();
    /** For parameters that were named one by one, and constants. */
    private final Map<String, String> tensorOfParameter = new HashMap<>();

    /**
     * What was read.
     *
     * @param values by the name of the parameter, in the order of memory
     * @param leftOut the tensors that no layer has
     */
    public record Weights(Map<String, float[]> values, List<String> leftOut) {}

    private TorchImport(StateDict tensors, String prefix, TensorNames names, ModelDescription description) {
        this.tensors = tensors;
        this.prefix = prefix;
        this.names = names;
        this.description = description;
        this.modules = new TorchModules(tensors, prefix, names);
        for (ParameterDescription parameter : description.parameters()) {
            layers.computeIfAbsent(parameter.layer(), layer -> new ArrayList<>())
                    .add(parameter);
        }
    }

    /** Imports a file that holds a state dict and nothing else. */
    public static Model load(Path file, ModelDescription description, Backend backend) throws IOException {
        return load(file, "", Map.of(), description, backend);
    }

    /**
     * Imports a state dict.
     *
     * @param prefix what the names of its tensors begin with, such as "weights/"; other tensors are ignored
     * @param names module names (without the prefix) by layer name, for layers that neither name nor shape would match
     * @throws ModelFileException naming the tensor that does not fit, its shape and the shape expected
     */
    public static Model load(
            Path file, String prefix, Map<String, String> names, ModelDescription description, Backend backend)
            throws IOException {
        try (StateDict tensors = open(file)) {
            Map<String, float[]> weights = read(
                            tensors, prefix, new TensorNames("names", names, List.of()), description)
                    .values();
            return Model.of(description, backend, parameter -> weights.get(parameter.name()));
        }
    }

    /**
     * Opens a state dict, whoever wrote it.
     *
     * @throws ModelFileException if it is missing, damaged, or neither of {@code torch.save} nor of safetensors
     */
    public static StateDict open(Path file) throws IOException {
        return WeightNorm.undone(TorchFile.looksLikeOne(file) ? TorchFile.open(file) : SafeTensors.open(file));
    }

    /**
     * Finds the values of all parameters.
     *
     * @param prefix what the names of the tensors begin with; other tensors are ignored
     * @throws ModelFileException as {@link #load(Path, String, Map, ModelDescription, Backend)}
     * @throws BadInputException if {@code names} names what is not there
     */
    public static Weights read(StateDict tensors, String prefix, TensorNames names, ModelDescription description)
            throws IOException {
        TorchImport torch = new TorchImport(tensors, prefix, names, description);
        torch.requireModules();
        torch.matchByName();
        for (Kind kind : Kind.values()) {
            torch.matchByNumberOrShape(kind);
        }
        return torch.readWeights();
    }

    private void requireModules() {
        if (modules.names().isEmpty()) {
            throw new ModelFileException(tensors.file(), "has no tensors named " + prefix + "<module>.weight");
        }
    }

    private void matchByName() {
        for (Map.Entry<String, String> entry : names.names().entrySet()) {
            String layer = entry.getKey();
            String module = prefix + entry.getValue();
            if (isParameter(layer)) {
                requireTensor(layer, module);
            } else if (layers.containsKey(layer) && isConstant(layer)) {
                requireTensor(layers.get(layer).get(0).name(), module);
            } else {
                requireModule(layer, module);
            }
        }
        layers.keySet().forEach(this::matchByEqualName);
    }

    private void matchByEqualName(String layer) {
        String module = prefix + layer;
        if (isConstant(layer)) {
            String parameter = layers.get(layer).get(0).name();
            for (String tensor : List.of(prefix + parameter, module)) {
                if (tensors.contains(tensor)) {
                    tensorOfParameter.putIfAbsent(parameter, tensor);
                }
            }
        } else if (modules.contains(module) && !moduleOfLayer.containsValue(module)) {
            moduleOfLayer.putIfAbsent(layer, module);
        }
    }

    private boolean isParameter(String name) {
        return layers.values().stream()
                .flatMap(List::stream)
                .anyMatch(parameter -> parameter.name().equals(name));
    }

    private boolean isConstant(String layer) {
        return TorchModules.kind(layers.get(layer)) == Kind.CONSTANT;
    }

    private void requireTensor(String parameter, String tensor) {
        if (!tensors.contains(tensor)) {
            throw new ModelFileException(
                    tensors.file(),
                    "has no tensor " + tensor + ", which " + names.source() + " gives for " + parameter);
        }
        tensorOfParameter.put(parameter, tensor);
    }

    private void requireModule(String layer, String module) {
        if (!description.layerNames().contains(layer)) {
            throw new BadInputException(names.source() + ": unknown layer \"" + layer + "\"; the layers are "
                    + String.join(", ", description.layerNames()));
        }
        if (!layers.containsKey(layer)) {
            throw new BadInputException(
                    names.source() + ": layer " + layer + " has no weights, so it cannot be module " + module);
        }
        if (!modules.contains(module)) {
            throw new ModelFileException(
                    tensors.file(),
                    "has no module " + module + " for layer " + layer + "; the modules are "
                            + String.join(", ", modules.names()));
        }
        moduleOfLayer.put(layer, module);
    }

    private void matchByNumberOrShape(Kind kind) throws IOException {
        List<String> open = layers.keySet().stream()
                .filter(layer -> TorchModules.kind(layers.get(layer)) == kind)
                .filter(layer -> !moduleOfLayer.containsKey(layer) && !namedOneByOne(layer))
                .toList();
        if (kind == Kind.CONSTANT) {
            requireConstants(open);
            return;
        }
        List<String> candidates = new ArrayList<>();
        for (String module : modules.names()) {
            if (!moduleOfLayer.containsValue(module) && !isNamed(module) && modules.kind(module) == kind) {
                candidates.add(module);
            }
        }
        candidates.sort(TorchImport::compareWithNumbers);
        if (candidates.size() != open.size()) {
            throw new ModelFileException(
                    tensors.file(),
                    "has " + candidates.size() + " " + kind + " modules " + candidates + " for the " + open.size() + " "
                            + kind + " layers " + open + " of the model"
                            + (candidates.size() > open.size()
                                    ? "; what the network does without stands under \"" + TensorNames.LEAVE_OUT
                                            + "\" in the file of names"
                                    : ""));
        }
        if (candidates.stream()
                        .map(name -> NUMBER.matcher(name).replaceAll("#"))
                        .distinct()
                        .count()
                == 1) {
            for (int i = 0; i < open.size(); i++) {
                moduleOfLayer.put(open.get(i), candidates.get(i));
            }
        } else {
            matchByShape(open, candidates);
        }
    }

    private boolean namedOneByOne(String layer) {
        return layers.get(layer).stream().allMatch(parameter -> tensorOfParameter.containsKey(parameter.name()));
    }

    /** Whether a tensor of the module was named for a parameter. */
    private boolean isNamed(String module) {
        return tensorOfParameter.values().stream().anyMatch(tensor -> tensor.startsWith(module + "."));
    }

    private void requireConstants(List<String> open) {
        if (!open.isEmpty()) {
            throw new ModelFileException(
                    tensors.file(),
                    "has no tensor " + prefix + open.get(0) + " for the constant " + open.get(0)
                            + "; name its tensor, one of "
                            + (modules.others().isEmpty() ? tensors.names() : modules.others()));
        }
    }

    private void matchByShape(List<String> open, List<String> candidates) throws IOException {
        for (String layer : open) {
            List<String> fitting = fitting(layer, candidates);
            if (fitting.isEmpty()) {
                throw new ModelFileException(
                        tensors.file(), "has no module of the shapes of layer " + layer + " among " + candidates);
            }
            if (fitting.size() > 1) {
                throw new ModelFileException(
                        tensors.file(),
                        "ambiguous: the modules " + String.join(", ", fitting) + " have the shapes of layer " + layer
                                + "; name the module of every such layer, as the order in a file says nothing");
            }
            moduleOfLayer.put(layer, fitting.get(0));
        }
    }

    private List<String> fitting(String layer, List<String> candidates) throws IOException {
        List<String> fitting = new ArrayList<>();
        for (String module : candidates) {
            boolean fits = true;
            for (ParameterDescription parameter : layers.get(layer)) {
                String tensor = modules.tensor(module, parameter.role().suffix());
                fits &= tensor == null
                        ? withoutTensor(module, parameter).isPresent()
                        : WeightLayout.fits(parameter, tensors.shape(tensor));
            }
            if (fits) {
                fitting.add(module);
            }
        }
        return fitting;
    }

    /**
     * What a parameter is where a module does without its tensor: 1 and 0 for weight and bias of a batch normalisation
     * that was made with affine=False, 0 for the biases of a recurrent layer with bias=False.
     */
    private Optional<Float> withoutTensor(String module, ParameterDescription parameter) {
        String suffix = parameter.role().suffix();
        boolean plainNorm =
                modules.has(module, "running_mean") && !modules.has(module, "weight") && !modules.has(module, "bias");
        if (plainNorm && (suffix.equals("weight") || suffix.equals("bias"))) {
            return Optional.of(suffix.equals("weight") ? 1f : 0f);
        }
        boolean biased = modules.suffixes(module).stream().anyMatch(own -> own.startsWith("bias"));
        return modules.has(module, "weight_ih") && suffix.startsWith("bias_") && !biased
                ? Optional.of(0f)
                : Optional.empty();
    }

    private Weights readWeights() throws IOException {
        requireOneLayerEach();
        Map<String, float[]> weights = new HashMap<>();
        Set<String> used = new LinkedHashSet<>();
        for (ParameterDescription parameter : description.parameters()) {
            String module = moduleOfLayer.get(parameter.layer());
            String suffix = parameter.role().suffix();
            String tensor = tensorOfParameter.get(parameter.name());
            if (tensor == null) {
                tensor = modules.tensor(module, suffix);
            }
            Optional<Float> usual = tensor == null ? withoutTensor(module, parameter) : Optional.empty();
            if (usual.isPresent()) {
                float[] values = new float[parameter.size()];
                Arrays.fill(values, usual.get());
                weights.put(parameter.name(), values);
                continue;
            }
            if (tensor == null) {
                throw new ModelFileException(
                        tensors.file(),
                        "has no tensor " + module + "." + suffix + ", which should be " + parameter.name()
                                + " of the model");
            }
            used.add(tensor);
            weights.put(parameter.name(), TorchTensor.read(tensors, tensor, parameter));
        }
        requireNothingLost(used);
        return new Weights(
                weights,
                tensors.names().stream()
                        .filter(name -> name.startsWith(prefix) && !used.contains(name))
                        .filter(name -> !name.endsWith("num_batches_tracked"))
                        .toList());
    }

    /** A module's tensors belong to its layer, all of them. */
    private void requireNothingLost(Set<String> used) {
        moduleOfLayer.forEach((layer, module) -> {
            for (String suffix : modules.suffixes(module)) {
                if (!suffix.equals("num_batches_tracked") && !used.contains(modules.tensor(module, suffix))) {
                    throw new ModelFileException(
                            tensors.file(),
                            "has a tensor " + modules.tensor(module, suffix) + ", but layer " + layer
                                    + " of the model has no " + suffix);
                }
            }
        });
    }

    private void requireOneLayerEach() {
        Map<String, String> layerOfModule = new HashMap<>();
        moduleOfLayer.forEach((layer, module) -> {
            String other = layerOfModule.put(module, layer);
            if (other != null) {
                throw new ModelFileException(
                        tensors.file(), "module " + module + " would be both layer " + other + " and layer " + layer);
            }
        });
    }

    /** Alphabetical, but runs of digits compare as numbers. */
    static int compareWithNumbers(String a, String b) {
        Matcher left = NUMBER_OR_TEXT.matcher(a);
        Matcher right = NUMBER_OR_TEXT.matcher(b);
        while (true) {
            boolean more = left.find();
            if (!right.find()) {
                return more ? 1 : 0;
            }
            if (!more) {
                return -1;
            }
            int order = comparePart(left.group(), right.group());
            if (order != 0) {
                return order;
            }
        }
    }

    private static int comparePart(String a, String b) {
        boolean numbers = a.matches("\\d{1,9}") && b.matches("\\d{1,9}");
        return numbers
                ? Comparator.<Integer>naturalOrder().compare(Integer.valueOf(a), Integer.valueOf(b))
                : a.compareTo(b);
    }
}
