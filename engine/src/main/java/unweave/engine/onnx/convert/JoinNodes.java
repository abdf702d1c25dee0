package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;

/** Concatenation of tensors and constants. */
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
}
