package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of the graph as a view of a layer's output for one input: which values of the output, in which order, its
 * axes run over. Every value of the output belongs to the tensor exactly once.
 *
 * @param layer whose output it is
 * @param axes the tensor's axes in the graph's order, each a product of factors; the batch counts as an axis of 1
 * @param batch which of the axes is the batch; -1 if a reshape has merged it with another
 */
record View(Draft layer, List<List<Factor>> axes, int batch) implements Value {
    View {
        axes = axes.stream().map(Factor::merged).toList();
        int size = axes.stream().mapToInt(Factor::size).reduce(1, Math::multiplyExact);
        if (size != layer.shape().features()) {
            throw new IllegalStateException(size + " values in a view of " + layer.shape());
        }
    }

    /** A factor of an axis within one place (height, width or channels): {@code size} positions, {@code step} apart. */
    record Part(int place, int size, int step) {
        /** Whether its positions are the slowest of its place. */
        boolean outermost(int[] lengths) {
            return size * step == lengths[place];
        }
    }

    int rank() {
        return axes.size();
    }

    int size(int axis) {
        return Factor.size(axes.get(axis));
    }

    int[] dims() {
        return axes.stream().mapToInt(Factor::size).toArray();
    }

    /** The axes that are longer than 1. */
    List<Integer> longAxes() {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < rank(); i++) {
            if (!axes.get(i).isEmpty()) {
                found.add(i);
            }
        }
        return found;
    }

    /** The same axes over another layer's output of the same shape. */
    View on(Draft other) {
        return new View(other, axes, batch);
    }

    /** Axis i is axis {@code order[i]} of this. */
    View transposed(int... order) {
        List<List<Factor>> turned = new ArrayList<>();
        int turnedBatch = -1;
        for (int axis : order) {
            if (axis == batch) {
                turnedBatch = turned.size();
            }
            turned.add(axes.get(axis));
        }
        return new View(layer, turned, turnedBatch);
    }

    /** An axis of length 1 more, before the axis that is now at this place. */
    View inserted(int axis) {
        List<List<Factor>> more = new ArrayList<>(axes);
        more.add(axis, List.of());
        return new View(layer, more, batch >= axis ? batch + 1 : batch);
    }

    /** Without an axis of length 1. */
    View removed(int axis) {
        List<List<Factor>> fewer = new ArrayList<>(axes);
        fewer.remove(axis);
        return new View(layer, fewer, batch > axis ? batch - 1 : batch == axis ? -1 : batch);
    }

    /**
     * The same values in the same order along other axes.
     *
     * @return empty if an axis would have to be cut where it cannot be
     */
    Optional<View> reshaped(int... dims) {
        List<Factor> all = new ArrayList<>();
        axes.forEach(all::addAll);
        List<Factor> left = new ArrayList<>(Factor.merged(all));
        Collections.reverse(left);
        List<List<Factor>> made = new ArrayList<>();
        for (int dim : dims) {
            List<Factor> axis = new ArrayList<>();
            int missing = dim;
            while (missing > 1) {
                Factor next = left.remove(left.size() - 1);
                if (missing % next.size() == 0) {
                    axis.add(next);
                    missing /= next.size();
                } else if (next.size() % missing == 0) {
                    int rest = next.size() / missing;
                    axis.add(new Factor(missing, next.stride() * rest));
                    left.add(new Factor(rest, next.stride()));
                    missing = 1;
                } else {
                    return Optional.empty();
                }
            }
            made.add(axis);
        }
        return Optional.of(new View(layer, made, batchAfter(dims)));
    }

    /** Where the batch is after a reshape: an axis of 1 with as many values before it as now. */
    private int batchAfter(int... dims) {
        if (batch < 0) {
            return -1;
        }
        int before = 1;
        for (int i = 0; i < batch; i++) {
            before *= size(i);
        }
        int found = -1;
        int product = 1;
        for (int i = 0; i < dims.length; i++) {
            if (product == before && dims[i] == 1 && (found < 0 || i == batch)) {
                found = i;
            }
            product *= dims[i];
        }
        return found;
    }

    /** Each axis in parts that lie in one place each; empty if one of them lies across the border of two places. */
    Optional<List<List<Part>>> parts() {
        List<List<Part>> parts = new ArrayList<>();
        for (List<Factor> axis : axes) {
            List<Part> inPlaces = new ArrayList<>();
            for (Factor factor : axis) {
                if (!split(factor, inPlaces)) {
                    return Optional.empty();
                }
            }
            parts.add(inPlaces);
        }
        return Optional.of(parts);
    }

    private boolean split(Factor factor, List<Part> parts) {
        int[] lengths = layer.lengths();
        int[] strides = layer.strides();
        int end = factor.size() * factor.stride();
        for (int place = Draft.HEIGHT; place <= Draft.CHANNELS; place++) {
            int from = Math.max(strides[place], factor.stride());
            int to = Math.min(strides[place] * lengths[place], end);
            if (to > from) {
                if (to % from != 0 || from % strides[place] != 0 || strides[place] * lengths[place] % from != 0) {
                    return false;
                }
                parts.add(new Part(place, to / from, from / strides[place]));
            }
        }
        return true;
    }

    /** The view that parts make of a layer's output. */
    static View of(Draft layer, List<List<Part>> parts, int batch) {
        int[] strides = layer.strides();
        return new View(
                layer,
                parts.stream()
                        .map(axis -> axis.stream()
                                .map(part -> new Factor(part.size(), part.step() * strides[part.place()]))
                                .toList())
                        .toList(),
                batch);
    }

    /** For each value in the tensor's own order its position in the output of the layer. */
    int[] positions() {
        List<Factor> all = new ArrayList<>();
        axes.forEach(all::addAll);
        return positions(all);
    }

    static int[] positions(List<Factor> factors) {
        int[] positions = {0};
        for (Factor factor : factors) {
            int[] longer = new int[positions.length * factor.size()];
            for (int i = 0; i < positions.length; i++) {
                for (int j = 0; j < factor.size(); j++) {
                    longer[i * factor.size() + j] = positions[i] + j * factor.stride();
                }
            }
            positions = longer;
        }
        return positions;
    }

    @Override
    public String toString() {
        return Arrays.toString(dims());
    }
}
