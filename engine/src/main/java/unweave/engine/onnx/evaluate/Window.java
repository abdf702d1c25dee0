package unweave.engine.onnx.evaluate;

import java.util.Arrays;

/**
 * How a window moves along the spatial axes of an image: kernel, strides, dilations, padding before and behind, and how
 * often it stands. One axis is seen as two, of which the first has length 1.
 */
record Window(
        int[] input, int[] kernel, int[] strides, int[] dilations, int[] before, int[] behind, int[] output, int rank) {

    /** The window of a convolution or a pool over an input of these dims (batch, channels, one or two more). */
    static Window of(Call call, int[] dims, int[] kernelShape) {
        int rank = dims.length - 2;
        call.require(
                rank == 1 || rank == 2,
                "it reads an array of " + dims.length + " dims; known are one and two spatial axes");
        int[] kernel = call.node().integers("kernel_shape", kernelShape);
        call.require(kernel.length == rank, "its kernel has " + kernel.length + " dims for " + rank + " spatial axes");
        int[] strides = spatial(call, "strides", rank, 1);
        int[] dilations = spatial(call, "dilations", rank, 1);
        int[] pads = call.node().integers("pads", new int[2 * rank]);
        call.require(pads.length == 2 * rank, "it has " + pads.length + " pads for " + rank + " spatial axes");
        int[] before = new int[rank];
        int[] behind = new int[rank];
        int[] output = new int[rank];
        boolean ceil = call.node().integer("ceil_mode", 0) != 0;
        String auto = call.node().text("auto_pad", "NOTSET");
        for (int i = 0; i < rank; i++) {
            int length = dims[2 + i];
            int reach = Math.addExact(Math.multiplyExact(dilations[i], kernel[i] - 1), 1);
            call.require(
                    kernel[i] > 0 && strides[i] > 0 && dilations[i] > 0,
                    "its kernel, strides and dilations are not all positive");
            switch (auto) {
                case "SAME_UPPER", "SAME_LOWER" -> {
                    int steps = (length + strides[i] - 1) / strides[i];
                    int total = Math.max(0, (steps - 1) * strides[i] + reach - length);
                    before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                    behind[i] = total - before[i];
                }
                case "NOTSET" -> {
                    before[i] = pads[i];
                    behind[i] = pads[i + rank];
                }
                case "VALID" -> {}
                default -> throw call.refusal("auto_pad \"" + auto + "\" is not known");
            }
            int room = length + before[i] + behind[i] - reach;
            call.require(
                    room >= 0,
                    "its kernel reaches over " + reach + ", its input of length " + length
                            + " with padding is shorter");
            output[i] = room / strides[i] + 1;
            if (ceil && room % strides[i] != 0 && output[i] * strides[i] < length + before[i]) {
                // A last window that the input does not fill, if it begins inside of the input or the padding before.
                output[i]++;
            }
        }
        return new Window(
                flat(Arrays.copyOfRange(dims, 2, dims.length), 1),
                flat(kernel, 1),
                flat(strides, 1),
                flat(dilations, 1),
                flat(before, 0),
                flat(behind, 0),
                flat(output, 1),
                rank);
    }

    static int[] spatial(Call call, String attribute, int rank, int otherwise) {
        int[] all = new int[rank];
        Arrays.fill(all, otherwise);
        int[] given = call.node().integers(attribute, all);
        call.require(
                given.length == rank, "it has " + given.length + " " + attribute + " for " + rank + " spatial axes");
        return given;
    }

    static int[] flat(int[] values, int other) {
        return values.length == 1 ? new int[] {other, values[0]} : values;
    }

    /** The dims of the output. */
    int[] outputDims(int batch, int channels) {
        return rank == 1 ? new int[] {batch, channels, output[1]} : new int[] {batch, channels, output[0], output[1]};
    }

    int inputSize() {
        return input[0] * input[1];
    }

    int outputSize() {
        return output[0] * output[1];
    }

    int kernelSize() {
        return kernel[0] * kernel[1];
    }

    /** The place in the input that the window at an output reads with a tap; may lie outside. */
    int place(int axis, int output, int tap) {
        return output * strides[axis] - before[axis] + tap * dilations[axis];
    }
}
