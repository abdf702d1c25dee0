package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;

/** Concatenation of tensors and constants, and nearest-neighbour resizing. */
final class JoinNodes {
    private JoinNodes() {}

    static Value concat(Site site) {
        View lead = null;
        for (int i = 0; i < site.count(); i++) {
            if (site.input(i) instanceof View view
                    && (lead == null
                            || view.layer().shape().features()
                                    > lead.layer().shape().features())) {
                lead = view;
            }
        }
        if (lead == null) {
            throw site.refusal("joins nothing that depends on the input");
        }
        if (site.count() == 1) {
            return lead;
        }
        int axis = site.axis(site.node().integer("axis", 1), lead.rank());
        site.requireNoBatch(lead, List.of(axis));
        List<List<Integer>> places = places(lead, axis);
        int place = IntStream.range(0, 3)
                .filter(p -> places.get(p).contains(axis))
                .findFirst()
                .orElseThrow();
        List<Draft> drafts = new ArrayList<>();
        int joint = 0;
        int[] lengths = new int[3];
        int[] dims = lead.dims();
        for (int i = 0; i < site.count(); i++) {
            Draft part = part(site, site.input(i), lead, axis, places);
            drafts.add(part);
            lengths = part.lengths();
            joint += lengths[place];
            dims[axis] += i == 0 ? -lead.size(axis) : 0;
            dims[axis] += size(site.input(i), axis);
        }
        lengths[place] = joint;
        Draft draft = new Draft(
                        "concat", LayerShape.image(lengths[0], lengths[1], lengths[2]), drafts.toArray(Draft[]::new))
                .set("axis", Draft.PLACES.get(place));
        return new View(site.sketch().add(draft), axes(dims, places), lead.batch());
    }

    private static int size(Value value, int axis) {
        return value instanceof View view
                ? view.size(axis)
                : ((Value.Fixed) value).array().dims()[axis];
    }

    /** Whole axes in places, the joined one first in its place: as the largest part has them if that is so there. */
    private static List<List<Integer>> places(View lead, int axis) {
        List<List<View.Part>> parts = lead.parts().orElse(null);
        boolean alone = lead.longAxes().stream().allMatch(i -> i == axis);
        List<List<Integer>> behind = alone
                ? List.of(List.of(), List.of(), Sketch.allAxes(lead))
                : List.of(
                        IntStream.range(0, axis).boxed().toList(),
                        List.of(axis),
                        IntStream.range(axis + 1, lead.rank()).boxed().toList());
        if (parts == null
                || parts.stream().anyMatch(of -> of.size() > 1)
                || lead.layer().shape().flat()) {
            return behind;
        }
        List<List<Integer>> places = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).isEmpty()) {
                places.get(parts.get(i).get(0).place()).add(i);
            }
        }
        places.forEach(of -> of.sort(
                (i, j) -> parts.get(j).get(0).step() - parts.get(i).get(0).step()));
        if (parts.get(axis).isEmpty()) {
            List<Integer> free = places.stream()
                    .filter(List::isEmpty)
                    .reduce((first, second) -> second)
                    .orElse(places.get(0));
            free.add(0, axis);
        }
        boolean first = places.stream().anyMatch(of -> !of.isEmpty() && of.get(0) == axis);
        return first ? places : behind;
    }

    private static Draft part(Site site, Value value, View lead, int axis, List<List<Integer>> places) {
        int[] dims = lead.dims();
        if (value instanceof View view) {
            dims[axis] = view.rank() == lead.rank() ? view.size(axis) : -1;
            if (!Arrays.equals(dims, view.dims())) {
                throw site.refusal("joins " + lead + " and " + view + " along axis " + axis);
            }
            return site.sketch().arranged(site.sketch().image(view), places).layer();
        }
        NdArray array = site.fixed(indexOf(site, value));
        dims[axis] = array.rank() == lead.rank() ? array.dims()[axis] : -1;
        if (!Arrays.equals(dims, array.dims())) {
            throw site.refusal(
                    "joins " + lead + " and a constant of " + Arrays.toString(array.dims()) + " along axis " + axis);
        }
        int[] lengths = new int[3];
        List<Factor> order = new ArrayList<>();
        List<List<Factor>> rowMajor = rowMajor(dims);
        for (int p = 0; p < 3; p++) {
            lengths[p] = 1;
            for (int one : places.get(p)) {
                lengths[p] *= dims[one];
                order.addAll(rowMajor.get(one));
            }
        }
        int[] positions = View.positions(order);
        float[] values = new float[positions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.number(positions[i]);
        }
        return CombinationNodes.constant(site, LayerShape.image(lengths[0], lengths[1], lengths[2]), values);
    }

    private static int indexOf(Site site, Value value) {
        return IntStream.range(0, site.count())
                .filter(i -> site.input(i) == value)
                .findFirst()
                .orElseThrow();
    }

    static List<List<Factor>> rowMajor(int... dims) {
        List<List<Factor>> axes = new ArrayList<>();
        int stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            axes.add(0, List.of(new Factor(dims[i], stride)));
            stride *= dims[i];
        }
        return axes;
    }

    private static List<List<Factor>> axes(int[] dims, List<List<Integer>> places) {
        List<List<Factor>> axes = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            axes.add(List.of());
        }
        int stride = 1;
        for (int place = 2; place >= 0; place--) {
            for (int i = places.get(place).size() - 1; i >= 0; i--) {
                int axis = places.get(place).get(i);
                axes.set(axis, List.of(new Factor(dims[axis], stride)));
                stride *= dims[axis];
            }
        }
        return axes;
    }

    /** Resize and Upsample with nearest neighbours: every value of an axis is one of the input's. */
    static Value resize(Site site) {
        View view = site.view(0);
        String mode = site.node().text("mode", "nearest");
        if (!mode.equals("nearest")) {
            throw site.refusal("mode \"" + mode + "\"; only nearest neighbours can be computed: export with"
                    + " mode=\"nearest\", or cut before it with --output");
        }
        boolean newer = site.node().op().equals("Resize") && site.node().opset() >= 11;
        NdArray scales = site.fixedOrNull(newer ? 2 : 1);
        NdArray sizes = newer ? site.fixedOrNull(3) : null;
        float[] given = site.node().numbers("scales");
        int[] axes = site.node().integers("axes");
        int[] factors = new int[view.rank()];
        View resized = view;
        boolean whole = true;
        List<int[]> taken = new ArrayList<>();
        for (int axis = 0; axis < view.rank(); axis++) {
            int place = axis;
            if (axes.length > 0) {
                int at = axis;
                place = IntStream.range(0, axes.length)
                        .filter(i -> site.axis(axes[i], view.rank()) == at)
                        .findFirst()
                        .orElse(-1);
            }
            double scale = 1;
            int length = view.size(axis);
            if (place >= 0 && scales != null && scales.size() > 0) {
                scale = scales.number(place);
            } else if (place >= 0 && given.length > 0) {
                scale = given[place];
            } else if (place >= 0 && sizes != null) {
                scale = (double) sizes.integer(place) / length;
            }
            int[] indices = nearest(site, length, scale);
            factors[axis] = indices.length / length;
            int factor = factors[axis];
            whole &= indices.length % length == 0
                    && IntStream.range(0, indices.length).allMatch(i -> indices[i] == i / factor);
            taken.add(indices);
        }
        View upsampled = whole ? ImageNodes.upsampled(site, view, factors) : null;
        if (upsampled != null) {
            return upsampled;
        }
        for (int axis = 0; axis < view.rank(); axis++) {
            resized = site.sketch().select(resized, axis, taken.get(axis));
        }
        return resized;
    }

    private static int[] nearest(Site site, int length, double scale) {
        int out = (int) Math.floor(length * scale + 1e-9);
        boolean older = site.node().op().equals("Upsample") || site.node().opset() < 11;
        String transformation = older ? "asymmetric" : site.node().text("coordinate_transformation_mode", "half_pixel");
        String rounding = older ? "floor" : site.node().text("nearest_mode", "round_prefer_floor");
        return IntStream.range(0, out)
                .map(i -> {
                    double x =
                            switch (transformation) {
                                case "asymmetric" -> i / scale;
                                case "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric" ->
                                    out == 1 && transformation.startsWith("pytorch") ? 0 : (i + 0.5) / scale - 0.5;
                                case "align_corners" -> out == 1 ? 0 : (double) i * (length - 1) / (out - 1);
                                default ->
                                    throw site.refusal("coordinate_transformation_mode \"" + transformation + "\"");
                            };
                    double rounded =
                            switch (rounding) {
                                case "floor" -> Math.floor(x + 1e-9);
                                case "ceil" -> Math.ceil(x - 1e-9);
                                case "round_prefer_ceil" -> Math.floor(x + 0.5);
                                default -> Math.ceil(x - 0.5);
                            };
                    return (int) Math.max(0, Math.min(length - 1, rounded));
                })
                .toArray();
    }
}
