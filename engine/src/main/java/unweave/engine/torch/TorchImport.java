package unweave.engine.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.engine.file.ModelFile;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.SafeTensors;
import unweave.engine.file.StateDict;
import unweave.engine.file.WeightLayout;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;

/**
 * Reads weights trained with PyTorch into the layers of a model description: a state dict, whose tensors are named
 * module.weight, module.bias, module.running_mean and module.running_var, as {@code torch.save} or safetensors wrote
 * it. Modules and layers find each other
 *
 * <ol>
 *   <li>by the given names ("conv1" -> "features.0"), then
 *   <li>by equal names, then, separately among convolutions, dense layers and normalisations,
 *   <li>by the numbers in the modules' names where these differ in nothing else: features.3 comes before features.12,
 *       then
 *   <li>by shape, where one module alone has the shapes of one layer alone.
 * </ol>
 *
 * What is left is ambiguous and refused: the order of tensors in a file says nothing, since safetensors does not keep
 * it. Every layer must find its module and every module its layer, with equal shapes. Tensors that are no weights, bias
 * or running statistics, such as the window of a spectrogram, are left out.
 */
public final class TorchImport {
    private static final Set<String> SUFFIXES =
            Set.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked");
    /** What has weights of this rank. */
    private static final Map<Integer, String> KINDS = Map.of(4, "conv", 3, "conv", 2, "dense", 1, "batchnorm");

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern NUMBER_OR_TEXT = Pattern.compile("\\d{1,9}|\\D+");

    private final StateDict tensors;
    private final ModelDescription description;
    /** Module name (prefix included) to the suffixes of its tensors. */
    private final Map<String, Set<String>> modules = new LinkedHashMap<>();

    private final Map<String, String> moduleOfLayer = new HashMap<>();

    private TorchImport(StateDict tensors, ModelDescription description) {
        this.tensors = tensors;
        this.description = description;
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
        try (StateDict tensors = TorchFile.looksLikeOne(file) ? TorchFile.open(file) : SafeTensors.open(file)) {
            TorchImport torch = new TorchImport(tensors, description);
            torch.collectModules(prefix);
            torch.matchByName(prefix, names);
            for (String kind : List.of("conv", "dense", "batchnorm")) {
                torch.matchByNumberOrShape(kind);
            }
            Map<String, float[]> weights = torch.readWeights();
            return Model.of(description, backend, parameter -> weights.get(parameter.name()));
        }
    }

    private void collectModules(String prefix) throws IOException {
        for (String name : tensors.names()) {
            int dot = name.lastIndexOf('.');
            if (name.startsWith(prefix) && dot >= prefix.length() && SUFFIXES.contains(name.substring(dot + 1))) {
                modules.computeIfAbsent(name.substring(0, dot), module -> new LinkedHashSet<>())
                        .add(name.substring(dot + 1));
            }
        }
        if (modules.isEmpty()) {
            throw new ModelFileException(tensors.file(), "has no tensors named " + prefix + "<module>.weight");
        }
    }

    private void matchByName(String prefix, Map<String, String> names) throws IOException {
        for (Map.Entry<String, String> entry : names.entrySet()) {
            description.layer(entry.getKey());
            String module = prefix + entry.getValue();
            if (!modules.containsKey(module)) {
                throw new ModelFileException(
                        tensors.file(),
                        "has no module " + module + " for layer " + entry.getKey() + "; the modules are "
                                + String.join(", ", modules.keySet()));
            }
            moduleOfLayer.put(entry.getKey(), module);
        }
        for (ParameterDescription parameter : description.parameters()) {
            String module = prefix + parameter.layer();
            if (modules.containsKey(module) && !moduleOfLayer.containsValue(module)) {
                moduleOfLayer.putIfAbsent(parameter.layer(), module);
            }
        }
    }

    private void matchByNumberOrShape(String kind) throws IOException {
        List<String> layers = description.parameters().stream()
                .filter(parameter -> parameter.role().suffix().equals("weight"))
                .filter(parameter -> kind.equals(KINDS.get(WeightLayout.torchShape(parameter).length)))
                .map(ParameterDescription::layer)
                .filter(name -> !moduleOfLayer.containsKey(name))
                .toList();
        List<String> candidates = new ArrayList<>();
        for (String module : modules.keySet()) {
            if (!moduleOfLayer.containsValue(module) && kind(module).equals(kind)) {
                candidates.add(module);
            }
        }
        candidates.sort(TorchImport::compareWithNumbers);
        if (candidates.size() != layers.size()) {
            throw new ModelFileException(
                    tensors.file(),
                    "has " + candidates.size() + " " + kind + " modules " + candidates + " for the " + layers.size()
                            + " " + kind + " layers " + layers + " of the model");
        }
        if (candidates.stream()
                        .map(name -> NUMBER.matcher(name).replaceAll("#"))
                        .distinct()
                        .count()
                == 1) {
            for (int i = 0; i < layers.size(); i++) {
                moduleOfLayer.put(layers.get(i), candidates.get(i));
            }
        } else {
            matchByShape(layers, candidates);
        }
    }

    private void matchByShape(List<String> layers, List<String> candidates) throws IOException {
        for (String layer : layers) {
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
        List<ParameterDescription> parameters = description.parameters().stream()
                .filter(parameter -> parameter.layer().equals(layer))
                .toList();
        List<String> fitting = new ArrayList<>();
        for (String module : candidates) {
            boolean fits = true;
            for (ParameterDescription parameter : parameters) {
                String name = module + "." + parameter.role().suffix();
                fits &= tensors.contains(name) && WeightLayout.fits(parameter, tensors.shape(name));
            }
            if (fits) {
                fitting.add(module);
            }
        }
        return fitting;
    }

    private String kind(String module) throws IOException {
        if (!modules.get(module).contains("weight")) {
            throw new ModelFileException(
                    tensors.file(),
                    "has no tensor " + module + ".weight beside " + module + "."
                            + modules.get(module).iterator().next());
        }
        List<Integer> shape = tensors.shape(module + ".weight");
        String kind = KINDS.get(shape.size());
        if (kind == null) {
            throw new ModelFileException(
                    tensors.file(),
                    "tensor " + module + ".weight has the shape " + shape
                            + ", which is no convolution (rank 3 or 4), dense layer (rank 2) or batch normalisation"
                            + " (rank 1)");
        }
        return kind;
    }

    private Map<String, float[]> readWeights() throws IOException {
        requireOneLayerEach();
        Map<String, float[]> weights = new HashMap<>();
        for (ParameterDescription parameter : description.parameters()) {
            String name = moduleOfLayer.get(parameter.layer()) + "."
                    + parameter.role().suffix();
            if (!tensors.contains(name)) {
                throw new ModelFileException(
                        tensors.file(),
                        "has no tensor " + name + ", which should be " + parameter.name() + " of the model");
            }
            weights.put(parameter.name(), ModelFile.readWeight(tensors, name, parameter));
        }
        for (Map.Entry<String, String> match : moduleOfLayer.entrySet()) {
            if (modules.get(match.getValue()).contains("bias") && !weights.containsKey(match.getKey() + ".bias")) {
                throw new ModelFileException(
                        tensors.file(),
                        "has a tensor " + match.getValue() + ".bias, but layer " + match.getKey()
                                + " of the model has no bias");
            }
        }
        return weights;
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
