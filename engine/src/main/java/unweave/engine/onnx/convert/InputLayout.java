package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.OnnxDimension;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;
import unweave.engine.onnx.OnnxValue;
import unweave.kernels.BadInputException;

/**
 * How the axes of the file's input lie in the network's image:
 *
 * <pre>
 * batch, channels, height, width     height x width x channels
 * batch, height, width, 1            height x width x 1
 * batch, frequency, time             frequency x time x 1
 * batch, 1, time; batch, time        1 x time x 1
 * </pre>
 *
 * With time first, height and width are exchanged.
 */
final class InputLayout {
    private final String tensor;
    /** Batch first, as 1; without a batch if the tensor has one axis only. */
    private final int[] dims;
    /** The axis of height, width and channels; -1 for none. */
    private final int[] axes;

    private final boolean batched;

    private InputLayout(String tensor, boolean batched, int[] dims, int... axes) {
        this.batched = batched;
        this.tensor = tensor;
        this.dims = dims;
        this.axes = axes;
    }

    static InputLayout of(OnnxGraph graph, String tensor, int[] dims, boolean timeFirst) {
        int[] axes =
                switch (dims.length) {
                    case 1 -> new int[] {-1, 0, -1};
                    case 2 -> new int[] {-1, 1, -1};
                    case 3 ->
                        dims[1] == 1
                                ? new int[] {-1, 2, -1}
                                : dims[2] == 1 ? new int[] {-1, 1, -1} : new int[] {1, 2, -1};
                    case 4 -> channelsLast(graph, tensor, dims) ? new int[] {1, 2, 3} : new int[] {2, 3, 1};
                    default ->
                        throw graph.refusal("input \"" + tensor + "\" has " + dims.length
                                + " axes; a network reads images, sequences or waveforms: cut elsewhere with --input");
                };
        if (timeFirst && axes[0] >= 0) {
            int height = axes[0];
            axes[0] = axes[1];
            axes[1] = height;
        }
        return new InputLayout(tensor, dims.length > 1, dims, axes);
    }

    /** One array of up to three axes, which are height, width and channels. */
    static InputLayout withoutBatch(String tensor, int... dims) {
        int rank = dims.length;
        return new InputLayout(tensor, false, dims, rank > 1 ? 0 : -1, rank > 1 ? 1 : 0, rank > 2 ? 2 : -1);
    }

    /** As TensorFlow exports images. */
    private static boolean channelsLast(OnnxGraph graph, String tensor, int... dims) {
        List<OnnxNode> readers = graph.consumers(tensor);
        boolean turnedFirst = readers.size() == 1
                && readers.get(0).op().equals("Transpose")
                && Arrays.equals(readers.get(0).integers("perm"), new int[] {0, 3, 1, 2});
        return turnedFirst || (dims[3] == 1 && dims[1] != 1);
    }

    /** The sizes of the axes, from the file and, where it leaves them open, from the caller; the batch is 1. */
    static int[] dims(OnnxGraph graph, OnnxValue value, int... given) {
        List<OnnxDimension> declared = value.dims();
        if (declared == null && given == null) {
            throw graph.refusal("the shape of input \"" + value.name() + "\" is not in the file; give it");
        }
        if (declared != null && given != null && declared.size() != given.length) {
            throw new BadInputException(
                    "input \"" + value.name() + "\" has the axes " + declared + ", not " + Arrays.toString(given));
        }
        int rank = declared == null ? given.length : declared.size();
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            long size = declared == null ? -1 : declared.get(i).size();
            boolean batch = i == 0 && rank > 1;
            if (batch) {
                dims[i] = 1;
            } else if (size > 0 && given != null && given[i] != size) {
                throw new BadInputException(
                        "input \"" + value.name() + "\" has the axes " + declared + ", not " + Arrays.toString(given));
            } else if (size > 0 || given != null) {
                dims[i] = (int) (size > 0 ? size : given[i]);
            } else {
                throw graph.refusal("the size of axis " + i + " (" + declared.get(i) + ") of input \"" + value.name()
                        + "\" " + declared + " is open in the file; it follows from --front-end or --check-input");
            }
            if (dims[i] < 1) {
                throw graph.refusal("axis " + i + " of input \"" + value.name() + "\" has the size " + dims[i]);
            }
        }
        return dims;
    }

    LayerShape shape() {
        return LayerShape.image(length(0), length(1), length(2));
    }

    private int length(int place) {
        return axes[place] < 0 ? 1 : dims[axes[place]];
    }

    View view(Draft input) {
        List<List<View.Part>> parts = new ArrayList<>();
        for (int axis = 0; axis < dims.length; axis++) {
            int at = axis;
            parts.add(IntStream.range(0, 3)
                    .filter(place -> axes[place] == at)
                    .mapToObj(place -> new View.Part(place, length(place), 1))
                    .toList());
        }
        return View.of(input, parts, batched ? 0 : -1);
    }

    /** Batch first, -1 for any number of inputs; a tensor of one axis has no batch. */
    int[] dims() {
        int[] open = dims.clone();
        if (batched) {
            open[0] = -1;
        }
        return open;
    }

    /** An array in the file's layout as N H W C; it is not modified. */
    float[] toNetwork(float[] values, int... given) {
        boolean fits = given.length == dims.length;
        int batch = !batched ? 1 : given.length == 0 ? 0 : given[0];
        for (int i = batched ? 1 : 0; fits && i < dims.length; i++) {
            fits = given[i] == dims[i];
        }
        int size = shape().features();
        if (!fits || values.length != batch * size) {
            throw new BadInputException("an array of " + Arrays.toString(given) + " for input \"" + tensor
                    + "\", which has the axes " + Arrays.toString(dims()) + " (-1: any number)");
        }
        int[] positions = view(new Draft("", shape())).positions();
        float[] placed = new float[values.length];
        for (int n = 0; n < batch; n++) {
            for (int i = 0; i < size; i++) {
                placed[n * size + positions[i]] = values[n * size + i];
            }
        }
        return placed;
    }
}
