package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;

/**
 * Resize and Upsample. With nearest neighbours every value is one of the input's; linear interpolation is a product
 * with a matrix along each axis.
 */
final class ResizeNodes {
    private ResizeNodes() {}

    static Value convert(Site site) {
        View view = site.view(0);
        String mode = site.node().text("mode", "nearest");
        boolean plain = site.node().integer("antialias", 0) == 0
                && site.node().integer("exclude_outside", 0) == 0
                && site.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch");
        if (!plain || !(mode.equals("nearest") || mode.equals("linear"))) {
            throw site.refusal("mode \"" + mode + "\"" + (plain ? "" : " with further settings")
                    + "; nearest neighbours and plain linear interpolation can be computed: export with one of these");
        }
        double[] scales = scales(site, view);
        List<double[]> positions = new ArrayList<>();
        for (int axis = 0; axis < view.rank(); axis++) {
            positions.add(positions(site, view.size(axis), scales[axis]));
        }
        return mode.equals("nearest") ? nearest(site, view, positions) : linear(site, view, positions);
    }

    /** How much longer each axis becomes. */
    private static double[] scales(Site site, View view) {
        OnnxNode node = site.node();
        boolean newer = node.op().equals("Resize") && node.opset() >= 11;
        NdArray scales = site.fixedOrNull(newer ? 2 : 1);
        NdArray sizes = newer ? site.fixedOrNull(3) : null;
        float[] given = node.numbers("scales");
        List<Integer> axes = site.axes(view, node.integers("axes"));
        double[] factors = new double[view.rank()];
        for (int axis = 0; axis < factors.length; axis++) {
            int place = axes.indexOf(axis);
            factors[axis] = 1;
            if (place >= 0 && scales != null && scales.size() > 0) {
                factors[axis] = scales.number(place);
            } else if (place >= 0 && sizes != null) {
                factors[axis] = (double) sizes.integer(place) / view.size(axis);
            } else if (place >= 0 && given.length > 0) {
                factors[axis] = given[place];
            }
        }
        return factors;
    }

    /** Where each new value lies among the old ones. */
    private static double[] positions(Site site, int length, double scale) {
        int out = (int) Math.floor(length * scale + 1e-9);
        String transformation =
                isOld(site) ? "asymmetric" : site.node().text("coordinate_transformation_mode", "half_pixel");
        if (out < 1) {
            throw site.refusal("makes " + out + " values of " + length);
        }
        return IntStream.range(0, out)
                .mapToDouble(i -> switch (transformation) {
                    case "asymmetric" -> i / scale;
                    case "half_pixel" -> (i + 0.5) / scale - 0.5;
                    case "pytorch_half_pixel" -> out == 1 ? 0 : (i + 0.5) / scale - 0.5;
                    case "tf_half_pixel_for_nn" -> (i + 0.5) / scale;
                    case "align_corners" -> out == 1 ? 0 : i * (length - 1) / (length * scale - 1);
                    default -> throw site.refusal("coordinate_transformation_mode \"" + transformation + "\"");
                })
                .toArray();
    }

    private static boolean isOld(Site site) {
        return site.node().op().equals("Upsample") || site.node().opset() < 11;
    }

    private static View nearest(Site site, View view, List<double[]> positions) {
        String rounding = isOld(site) ? "floor" : site.node().text("nearest_mode", "round_prefer_floor");
        int[] factors = new int[view.rank()];
        boolean whole = true;
        List<int[]> taken = new ArrayList<>();
        for (int axis = 0; axis < view.rank(); axis++) {
            int length = view.size(axis);
            int[] indices = new int[positions.get(axis).length];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = Math.max(0, Math.min(length - 1, rounded(positions.get(axis)[i], rounding)));
            }
            int factor = indices.length / length;
            factors[axis] = factor;
            whole &= indices.length % length == 0
                    && IntStream.range(0, indices.length).allMatch(i -> indices[i] == i / factor);
            taken.add(indices);
        }
        View upsampled = whole ? ImageNodes.upsampled(site, view, factors) : null;
        if (upsampled != null) {
            return upsampled;
        }
        View resized = view;
        for (int axis = 0; axis < view.rank(); axis++) {
            resized = site.sketch().select(resized, axis, taken.get(axis));
        }
        return resized;
    }

    private static int rounded(double x, String rounding) {
        return (int)
                switch (rounding) {
                    case "floor" -> Math.floor(x + 1e-9);
                    case "ceil" -> Math.ceil(x - 1e-9);
                    case "round_prefer_ceil" -> Math.floor(x + 0.5);
                    default -> Math.ceil(x - 0.5);
                };
    }

    private static View linear(Site site, View view, List<double[]> positions) {
        View resized = view;
        for (int axis = 0; axis < view.rank(); axis++) {
            int length = view.size(axis);
            int out = positions.get(axis).length;
            double[] matrix = new double[length * out];
            boolean same = length == out;
            for (int i = 0; i < out; i++) {
                double x = Math.max(0, Math.min(length - 1, positions.get(axis)[i]));
                int before = (int) Math.floor(x);
                int behind = Math.min(length - 1, before + 1);
                matrix[before * out + i] += 1 - (x - before);
                matrix[behind * out + i] += x - before;
                same &= x == i;
            }
            if (!same) {
                resized = ProductNodes.linear(site, resized, axis, NdArray.of(matrix, length, out), null, null);
            }
        }
        return resized;
    }
}
