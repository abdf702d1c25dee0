package unweave.engine.torch;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.StateDict;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.ParameterDescription.Role;

/**
 * The modules of a state dict: tensors whose names differ in their last part alone. A layer of a recurrent module of
 * several layers (weight_ih_l1) is a module of its own, "rnn.l1"; the first is also "rnn" where it is the only one.
 */
final class TorchModules {
    /** What modules and layers are matched among, by what their weights look like. */
    enum Kind {
        CONV,
        DENSE,
        BATCHNORM,
        RECURRENT,
        /** One value per channel: PReLU, layer and group normalisation. */
        SCALE,
        SHIFT,
        CONSTANT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Set<String> SUFFIXES =
            Set.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked");

    private static final Pattern RECURRENT = Pattern.compile("((?:weight|bias)_(?:ih|hh))_l(\\d{1,4})(_reverse)?");

    private final StateDict tensors;
    /** Module (prefix included) to suffix, as ours, to tensor. */
    private final Map<String, Map<String, String>> modules = new LinkedHashMap<>();
    /** Tensors of no module. */
    private final Set<String> others = new LinkedHashSet<>();

    TorchModules(StateDict tensors, String prefix, TensorNames names) {
        this.tensors = tensors;
        for (String tensor : tensors.names()) {
            if (tensor.startsWith(prefix) && !names.leavesOut(tensor.substring(prefix.length()))) {
                collect(tensor, prefix);
            }
        }
        for (String module : List.copyOf(modules.keySet())) {
            String whole = module.endsWith(".l0") ? module.substring(0, module.length() - 3) : module;
            if (!whole.equals(module) && !modules.containsKey(whole) && !modules.containsKey(whole + ".l1")) {
                modules.put(whole, modules.remove(module));
            }
        }
    }

    private void collect(String tensor, String prefix) {
        int dot = tensor.lastIndexOf('.');
        String last = tensor.substring(dot + 1);
        Matcher recurrent = RECURRENT.matcher(last);
        if (dot >= prefix.length() && SUFFIXES.contains(last)) {
            of(tensor.substring(0, dot)).put(last, tensor);
        } else if (recurrent.matches()) {
            String whole = dot < 0 ? "" : tensor.substring(0, dot) + ".";
            String suffix = recurrent.group(1) + (recurrent.group(3) == null ? "" : "_reverse");
            of(whole + "l" + recurrent.group(2)).put(suffix, tensor);
        } else {
            others.add(tensor);
        }
    }

    private Map<String, String> of(String module) {
        return modules.computeIfAbsent(module, name -> new LinkedHashMap<>());
    }

    Set<String> names() {
        return modules.keySet();
    }

    boolean contains(String module) {
        return modules.containsKey(module);
    }

    boolean has(String module, String suffix) {
        return modules.get(module).containsKey(suffix);
    }

    /** The tensor of a module, or null. */
    String tensor(String module, String suffix) {
        return modules.get(module).get(suffix);
    }

    /** The suffixes of a module's tensors. */
    Set<String> suffixes(String module) {
        return modules.get(module).keySet();
    }

    /** Tensors that belong to no module, such as the window of a spectrogram. */
    Set<String> others() {
        return others;
    }

    /** @throws ModelFileException if the module is of no kind that is known here */
    Kind kind(String module) throws IOException {
        Map<String, String> own = modules.get(module);
        if (own.containsKey("running_mean")) {
            return Kind.BATCHNORM;
        }
        if (own.containsKey("weight_ih")) {
            return Kind.RECURRENT;
        }
        if (!own.containsKey("weight")) {
            if (own.keySet().equals(Set.of("bias"))) {
                return Kind.SHIFT;
            }
            throw new ModelFileException(
                    tensors.file(),
                    "has no tensor " + module + ".weight beside "
                            + own.values().iterator().next());
        }
        List<Integer> shape = tensors.shape(own.get("weight"));
        return switch (shape.size()) {
            case 3, 4 -> Kind.CONV;
            case 2 -> Kind.DENSE;
            case 0, 1 -> Kind.SCALE;
            default ->
                throw new ModelFileException(
                        tensors.file(),
                        "tensor " + own.get("weight") + " has the shape " + shape
                                + ", which is no convolution (rank 3 or 4), dense layer (rank 2) or normalisation (rank"
                                + " 1)");
        };
    }

    /** The kind of a layer with these parameters. */
    static Kind kind(List<ParameterDescription> parameters) {
        Set<String> suffixes = new LinkedHashSet<>();
        for (ParameterDescription parameter : parameters) {
            if (parameter.role() == Role.CONV_WEIGHT) {
                return Kind.CONV;
            }
            if (parameter.role() == Role.DENSE_WEIGHT) {
                return Kind.DENSE;
            }
            suffixes.add(parameter.role().suffix());
        }
        if (suffixes.contains("running_mean")) {
            return Kind.BATCHNORM;
        }
        if (suffixes.contains("weight_ih")) {
            return Kind.RECURRENT;
        }
        if (suffixes.contains("value")) {
            return Kind.CONSTANT;
        }
        return suffixes.contains("weight") ? Kind.SCALE : Kind.SHIFT;
    }
}
