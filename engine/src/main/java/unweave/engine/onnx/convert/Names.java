package unweave.engine.onnx.convert;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import unweave.engine.layer.Layer;

/**
 * Names that people can type: of the module that holds a layer's weights where the file says it ("features.0"), else of
 * what the layer does, with a number ("relu3").
 */
final class Names {
    private static final int LONGEST = 40;

    private final Set<String> taken = new HashSet<>(Set.of(Layer.INPUT));
    private final Map<String, Integer> counts = new HashMap<>();

    private Names() {}

    /** Names all layers, in their order. */
    static void give(List<Draft> drafts) {
        Names names = new Names();
        for (Draft draft : drafts) {
            String module = module(draft);
            if (!module.isEmpty() && names.taken.add(module)) {
                draft.name(module);
            }
        }
        drafts.stream().filter(draft -> draft.name() == null).forEach(draft -> draft.name(names.numbered(draft)));
    }

    private String numbered(Draft draft) {
        String base = base(draft);
        String name;
        do {
            name = base + counts.merge(base, 1, Integer::sum);
        } while (!taken.add(name));
        return name;
    }

    private static String base(Draft draft) {
        if (draft.kind().equals("activation")) {
            return draft.fields().get("function").getAsString();
        }
        if (draft.kind().equals("reduce")) {
            return draft.fields().get("operation").getAsString();
        }
        return draft.kind().endsWith("pool") ? "pool" : draft.kind().equals("batchnorm") ? "bn" : draft.kind();
    }

    /** The module that the name of the weights or of the node says; "" if neither says anything. */
    private static String module(Draft draft) {
        if (draft.weights().isEmpty()) {
            return "";
        }
        String weights = draft.module() == null ? "" : draft.module();
        String name = "";
        if (!weights.contains("::") && weights.contains(".")) {
            name = weights.substring(0, weights.lastIndexOf('.'));
        } else if (draft.node() != null && draft.node().name().startsWith("/") && draft.module() != null) {
            name = ofPath(draft.node().name());
        }
        name = name.replaceAll("[^A-Za-z0-9_.-]+", "_");
        return name.length() > LONGEST || name.toLowerCase(Locale.ROOT).startsWith("onnx") ? "" : name;
    }

    /** "/features/features.0/Conv" of PyTorch's exporter gives "features.0". */
    private static String ofPath(String path) {
        String[] steps = path.substring(1).split("/", -1);
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < steps.length - 1; i++) {
            boolean repeated = i + 1 < steps.length - 1 && steps[i + 1].startsWith(steps[i] + ".");
            if (!repeated) {
                name.append(name.length() == 0 ? "" : ".").append(steps[i]);
            }
        }
        return name.toString();
    }
}
