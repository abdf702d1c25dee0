package unweave.engine.onnx.evaluate;

import unweave.engine.onnx.NdArray;

/** Enlarges and shrinks by repeating or leaving out: each output takes the nearest input. */
final class ResizeOperations {
    private ResizeOperations() {}

    static void register(OperationTable table) {
        table.one("Upsample", ResizeOperations::upsample);
        table.one("Resize", ResizeOperations::resize);
    }

    private static void requireNearest(Call call) {
        String mode = call.node().text("mode", "nearest");
        call.require(mode.equals("nearest"), "it interpolates (mode " + mode + "); known is nearest");
    }

    private static NdArray upsample(Call call) {
        requireNearest(call);
        NdArray x = call.input(0);
        float[] scales =
                call.opset() < 9 ? call.node().numbers("scales") : call.input(1).floats();
        return nearest(call, x, scales, null, Moves.identity(x.rank()), "asymmetric", "floor");
    }

    private static NdArray resize(Call call) {
        requireNearest(call);
        NdArray x = call.input(0);
        if (call.opset() < 11) {
            return nearest(call, x, call.input(1).floats(), null, Moves.identity(x.rank()), "asymmetric", "floor");
        }
        call.require(
                call.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch"),
                "it keeps the aspect ratio; known is stretch");
        int[] axes =
                call.node().has("axes") ? call.axes(call.node().integers("axes"), x.rank()) : Moves.identity(x.rank());
        NdArray scales = call.optional(2);
        NdArray sizes = call.optional(3);
        boolean bySize = sizes != null && sizes.size() > 0;
        call.require(bySize || (scales != null && scales.size() > 0), "it has neither scales nor sizes");
        return nearest(
                call,
                x,
                bySize ? null : scales.floats(),
                bySize ? Call.ints(sizes) : null,
                axes,
                call.node().text("coordinate_transformation_mode", "half_pixel"),
                call.node().text("nearest_mode", "round_prefer_floor"));
    }

    private static NdArray nearest(
            Call call, NdArray x, float[] scales, int[] sizes, int[] axes, String coordinates, String rounding) {
        int given = sizes == null ? scales.length : sizes.length;
        call.require(given == axes.length, "it has " + given + " sizes for " + axes.length + " axes");
        int[] dims = x.dims().clone();
        double[] factors = new double[axes.length];
        for (int i = 0; i < axes.length; i++) {
            int length = x.dims()[axes[i]];
            dims[axes[i]] = sizes == null ? (int) Math.floor((double) length * scales[i]) : sizes[i];
            factors[i] = sizes == null ? scales[i] : (double) sizes[i] / length;
            call.require(factors[i] > 0, "it scales by " + factors[i]);
        }
        NdArray.size(dims);
        int[][] tables = Moves.everything(x.dims());
        for (int i = 0; i < axes.length; i++) {
            int length = x.dims()[axes[i]];
            int[] table = new int[dims[axes[i]]];
            for (int k = 0; k < table.length; k++) {
                double place = place(call, coordinates, k, factors[i], length, table.length);
                table[k] = Math.max(0, Math.min(length - 1, rounded(call, rounding, place)));
            }
            tables[axes[i]] = table;
        }
        return Moves.take(x, tables, null);
    }

    /** Where an output lies in the input. */
    private static double place(Call call, String coordinates, int output, double scale, int length, int newLength) {
        return switch (coordinates) {
            case "asymmetric" -> output / scale;
            case "half_pixel" -> (output + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> newLength > 1 ? (output + 0.5) / scale - 0.5 : 0;
            case "align_corners" -> newLength > 1 ? output * (length - 1.0) / (newLength - 1.0) : 0;
            case "tf_half_pixel_for_nn" -> (output + 0.5) / scale;
            case "half_pixel_symmetric" -> {
                double adjustment = newLength / (scale * length);
                yield length / 2.0 * (1 - adjustment) + (output + 0.5) / scale - 0.5;
            }
            default -> throw call.refusal("coordinate_transformation_mode \"" + coordinates + "\" is not known");
        };
    }

    private static int rounded(Call call, String rounding, double place) {
        return (int)
                switch (rounding) {
                    case "floor" -> Math.floor(place);
                    case "ceil" -> Math.ceil(place);
                    case "round_prefer_floor" -> Math.ceil(place - 0.5);
                    case "round_prefer_ceil" -> Math.floor(place + 0.5);
                    default -> throw call.refusal("nearest_mode \"" + rounding + "\" is not known");
                };
    }
}
