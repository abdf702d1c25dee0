package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import unweave.engine.onnx.NdArray;

/**
 * Convolution, y[n, o, p] = b[o] + sum over c, t of w[o, c, t] x[n, c, p s - a + t d] with stride s, dilation d and a
 * padding of a, in groups of channels; and its transposition, which adds where the convolution reads.
 */
final class ConvolutionOperations {
    private ConvolutionOperations() {}

    static void register(OperationTable table) {
        table.one("Conv", ConvolutionOperations::convolution);
        table.one("ConvTranspose", ConvolutionOperations::transposed);
    }

    private static NdArray convolution(Call call) {
        NdArray x = call.input(0);
        NdArray w = call.input(1);
        int rank = x.rank() - 2;
        call.require(rank >= 1 && w.rank() == x.rank(), "it reads " + x.rank() + " dims with a kernel of " + w.rank());
        Window window = Window.of(call, x.dims(), spatial(w));
        int groups = (int) call.node().integer("group", 1);
        int channels = x.dims()[1];
        int outputs = w.dims()[0];
        int each = w.dims()[1];
        call.require(
                groups > 0
                        && channels == groups * each
                        && outputs % groups == 0
                        && window.kernelSize() == w.size() / outputs / each,
                "its kernel of dims " + Arrays.toString(w.dims()) + " does not fit " + channels + " channels in "
                        + groups + " groups");
        double[] bias = bias(call, outputs);
        double[] values = x.numbers();
        double[] weights = w.numbers();
        int batch = x.dims()[0];
        int[] dims = window.outputDims(batch, outputs);
        double[] result = new double[NdArray.size(dims)];
        // Each output channel is one task's alone, so that the order of its sums is fixed.
        IntStream.range(0, batch * outputs).parallel().forEach(task -> {
            int o = task % outputs;
            int start = task * window.outputSize();
            Arrays.fill(result, start, start + window.outputSize(), bias[o]);
            for (int c = 0; c < each; c++) {
                int channel = task / outputs * channels + o / (outputs / groups) * each + c;
                for (int tap = 0; tap < window.kernelSize(); tap++) {
                    double weight = weights[(o * each + c) * window.kernelSize() + tap];
                    addTap(window, tap, weight, values, channel * window.inputSize(), result, start);
                }
            }
        });
        return NdArray.of(x.type(), dims, result);
    }

    private static int[] spatial(NdArray w) {
        return Arrays.copyOfRange(w.dims(), 2, w.rank());
    }

    private static double[] bias(Call call, int outputs) {
        NdArray bias = call.optional(2);
        call.require(
                bias == null || bias.size() == outputs,
                "its bias has not one value for each of " + outputs + " channels");
        return bias == null ? new double[outputs] : bias.numbers();
    }

    private static void addTap(Window window, int tap, double weight, double[] x, int from, double[] y, int to) {
        int row = tap / window.kernel()[1];
        int column = tap % window.kernel()[1];
        int step = window.strides()[1];
        int width = window.input()[1];
        int shift = window.place(1, 0, column);
        int first = Math.max(0, (-shift + step - 1) / step);
        int last = Math.min(window.output()[1], width - shift <= 0 ? 0 : (width - shift + step - 1) / step);
        for (int i = 0; i < window.output()[0]; i++) {
            int line = window.place(0, i, row);
            if (line < 0 || line >= window.input()[0]) {
                continue;
            }
            int source = from + line * width + shift;
            int target = to + i * window.output()[1];
            for (int j = first; j < last; j++) {
                y[target + j] += weight * x[source + j * step];
            }
        }
    }

    /** The kernel's dims are inputs, outputs of a group, and the spatial ones. */
    private static NdArray transposed(Call call) {
        NdArray x = call.input(0);
        NdArray w = call.input(1);
        int rank = x.rank() - 2;
        call.require(
                (rank == 1 || rank == 2) && w.rank() == x.rank() && w.dims()[0] == x.dims()[1],
                "its kernel of dims " + Arrays.toString(w.dims()) + " does not fit an input of dims "
                        + Arrays.toString(x.dims()) + "; known are one and two spatial axes");
        int groups = (int) call.node().integer("group", 1);
        int channels = x.dims()[1];
        call.require(groups > 0 && channels % groups == 0, channels + " channels are not " + groups + " groups");
        Window window = transposedWindow(call, x.dims(), spatial(w));
        int each = w.dims()[1];
        int outputs = each * groups;
        double[] bias = bias(call, outputs);
        double[] values = x.numbers();
        double[] weights = w.numbers();
        int[] dims = window.outputDims(x.dims()[0], outputs);
        double[] y = new double[NdArray.size(dims)];
        for (int task = 0; task < x.dims()[0] * outputs; task++) {
            int o = task % outputs;
            int start = task * window.outputSize();
            Arrays.fill(y, start, start + window.outputSize(), bias[o]);
            for (int c = 0; c < channels / groups; c++) {
                int channel = o / each * (channels / groups) + c;
                int kernel = (channel * each + o % each) * window.kernelSize();
                scatter(
                        window,
                        values,
                        (task / outputs * channels + channel) * window.inputSize(),
                        weights,
                        kernel,
                        y,
                        start);
            }
        }
        return NdArray.of(x.type(), dims, y);
    }

    private static void scatter(Window window, double[] x, int from, double[] weights, int kernel, double[] y, int to) {
        for (int i = 0; i < window.inputSize(); i++) {
            for (int tap = 0; tap < window.kernelSize(); tap++) {
                int row = window.place(0, i / window.input()[1], tap / window.kernel()[1]);
                int column = window.place(1, i % window.input()[1], tap % window.kernel()[1]);
                if (row >= 0 && row < window.output()[0] && column >= 0 && column < window.output()[1]) {
                    y[to + row * window.output()[1] + column] += weights[kernel + tap] * x[from + i];
                }
            }
        }
    }

    /** As {@link Window#of}, but the input says where the window stands, and the output is what it covers. */
    private static Window transposedWindow(Call call, int[] dims, int[] kernelShape) {
        int rank = dims.length - 2;
        int[] kernel = call.node().integers("kernel_shape", kernelShape);
        int[] strides = Window.spatial(call, "strides", rank, 1);
        int[] dilations = Window.spatial(call, "dilations", rank, 1);
        int[] extra = Window.spatial(call, "output_padding", rank, 0);
        int[] pads = call.node().integers("pads", new int[2 * rank]);
        int[] wanted = call.node().has("output_shape") ? call.node().integers("output_shape") : null;
        String auto = call.node().text("auto_pad", "NOTSET");
        int[] before = new int[rank];
        int[] behind = new int[rank];
        int[] output = new int[rank];
        for (int i = 0; i < rank; i++) {
            int covered = Math.addExact(
                    Math.multiplyExact(strides[i], dims[2 + i] - 1) + extra[i] + 1,
                    Math.multiplyExact(kernel[i] - 1, dilations[i]));
            if (wanted != null || auto.startsWith("SAME")) {
                output[i] = wanted == null ? dims[2 + i] * strides[i] : wanted[i + wanted.length - rank];
                int total = Math.max(0, covered - output[i]);
                before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                behind[i] = total - before[i];
            } else {
                before[i] = auto.equals("VALID") ? 0 : pads[i];
                behind[i] = auto.equals("VALID") ? 0 : pads[i + rank];
                output[i] = covered - before[i] - behind[i];
            }
            call.require(output[i] > 0, "its padding leaves nothing");
        }
        return new Window(
                Window.flat(Arrays.copyOfRange(dims, 2, dims.length), 1),
                Window.flat(kernel, 1),
                Window.flat(strides, 1),
                Window.flat(dilations, 1),
                Window.flat(before, 0),
                Window.flat(behind, 0),
                Window.flat(output, 1),
                rank);
    }
}
