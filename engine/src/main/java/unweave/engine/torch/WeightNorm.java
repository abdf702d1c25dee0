package unweave.engine.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.engine.file.StateDict;

/**
 * A state dict in which normalised weights (Salimans and Kingma 2016) are what they stand for: w = g v / |v|, the norm
 * over the axes on which g has length 1. PyTorch stores g and v as "conv.weight_g" and "conv.weight_v", from version
 * 2.0 on as "conv.parametrizations.weight.original0" and "...original1"; here they are "conv.weight".
 */
final class WeightNorm implements StateDict {
    private static final String PARAMETRIZED = ".parametrizations.weight.original";

    private final StateDict tensors;
    /** By the name of the weight, the names of g and v. */
    private final Map<String, List<String>> parts = new LinkedHashMap<>();

    private final Set<String> names = new LinkedHashSet<>();

    private WeightNorm(StateDict tensors) throws IOException {
        this.tensors = tensors;
        for (String name : tensors.names()) {
            if (name.endsWith(".weight_g")) {
                find(name, name.substring(0, name.length() - 2) + "_v", name.substring(0, name.length() - 2));
            } else if (name.endsWith(PARAMETRIZED + "0")) {
                String module = name.substring(0, name.length() - PARAMETRIZED.length() - 1);
                find(name, module + PARAMETRIZED + "1", module + ".weight");
            }
        }
        names.addAll(tensors.names());
        parts.forEach((weight, gAndV) -> {
            gAndV.forEach(names::remove);
            names.add(weight);
        });
    }

    /** The same tensors with the weights in place of their parts. */
    static StateDict undone(StateDict tensors) throws IOException {
        WeightNorm norm = new WeightNorm(tensors);
        return norm.parts.isEmpty() ? tensors : norm;
    }

    private void find(String g, String v, String weight) throws IOException {
        if (tensors.contains(v) && !tensors.contains(weight) && fit(tensors.shape(g), tensors.shape(v))) {
            parts.put(weight, List.of(g, v));
        }
    }

    /** Whether g has one value for all of v, or for each index of some axes. */
    private static boolean fit(List<Integer> g, List<Integer> v) {
        if (g.isEmpty()) {
            return true;
        }
        boolean fit = g.size() == v.size();
        for (int axis = 0; fit && axis < g.size(); axis++) {
            fit = g.get(axis) == 1 || g.get(axis).intValue() == v.get(axis);
        }
        return fit;
    }

    @Override
    public Path file() {
        return tensors.file();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    @Override
    public boolean contains(String name) {
        return names.contains(name);
    }

    @Override
    public List<Integer> shape(String name) throws IOException {
        return tensors.shape(parts.containsKey(name) ? parts.get(name).get(1) : name);
    }

    @Override
    public float[] floats(String name) throws IOException {
        List<String> gAndV = parts.get(name);
        if (gAndV == null) {
            return tensors.floats(name);
        }
        float[] g = tensors.floats(gAndV.get(0));
        float[] v = tensors.floats(gAndV.get(1));
        int[] groups = groups(tensors.shape(gAndV.get(0)), tensors.shape(gAndV.get(1)), v.length);
        double[] squares = new double[g.length];
        for (int i = 0; i < v.length; i++) {
            squares[groups[i]] += (double) v[i] * v[i];
        }
        float[] weight = new float[v.length];
        for (int i = 0; i < v.length; i++) {
            weight[i] = (float) (g[groups[i]] * v[i] / Math.sqrt(squares[groups[i]]));
        }
        return weight;
    }

    /** For each value of v the value of g that it belongs to. */
    private static int[] groups(List<Integer> g, List<Integer> v, int size) {
        int[] groups = new int[size];
        for (int i = 0; i < size; i++) {
            int rest = i;
            int stride = 1;
            for (int axis = g.size() - 1; axis >= 0; axis--) {
                groups[i] += g.get(axis) == 1 ? 0 : rest % v.get(axis) * stride;
                stride *= g.get(axis);
                rest /= v.get(axis);
            }
        }
        return groups;
    }

    @Override
    public void close() throws IOException {
        tensors.close();
    }
}
