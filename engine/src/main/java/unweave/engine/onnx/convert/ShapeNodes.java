package unweave.engine.onnx.convert;

import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;

/** Nodes that give the values of a tensor other axes: they become other views and no layers. */
final class ShapeNodes {
    /** FLOAT, FLOAT16, DOUBLE and BFLOAT16 as ONNX numbers them. */
    private static final Set<Long> FLOATS = Set.of(1L, 10L, 11L, 16L);

    private ShapeNodes() {}

    static Value same(Site site) {
        return site.input(0);
    }

    static Value dropout(Site site) {
        boolean training = site.reads(2) && site.fixed(2).integer(0) != 0;
        double ratio = site.reads(1) ? site.fixed(1).number(0) : 0.5;
        if (training && ratio != 0) {
            throw site.refusal("is in training mode; export the network after model.eval()");
        }
        return site.view(0);
    }

    static Value cast(Site site) {
        if (!FLOATS.contains(site.node().integer("to", 1))) {
            throw site.refusal("makes whole numbers of values that depend on the input");
        }
        return site.view(0);
    }

    static Value shape(Site site) {
        View view = site.view(0);
        int start = bounded(site.node().integer("start", 0), view.rank());
        int end = bounded(site.node().integer("end", view.rank()), view.rank());
        long[] dims = IntStream.range(start, Math.max(start, end))
                .mapToLong(view::size)
                .toArray();
        return new Value.Fixed(NdArray.ofIntegers(dims, dims.length));
    }

    private static int bounded(long axis, int rank) {
        return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    static Value size(Site site) {
        return new Value.Fixed(
                NdArray.ofIntegers(new long[] {site.view(0).layer().shape().features()}));
    }

    static Value transpose(Site site) {
        View view = site.view(0);
        int[] reversed =
                IntStream.range(0, view.rank()).map(i -> view.rank() - 1 - i).toArray();
        int[] order = site.node().integers("perm", reversed);
        if (order.length != view.rank()
                || !Arrays.equals(
                        IntStream.of(order).sorted().toArray(),
                        IntStream.range(0, view.rank()).toArray())) {
            throw site.refusal("perm " + Arrays.toString(order) + " on " + view.rank() + " axes");
        }
        return view.transposed(order);
    }

    static Value reshape(Site site) {
        View view = site.view(0);
        int[] wanted = site.integers(1, "shape");
        if (wanted == null) {
            throw site.refusal("has no shape");
        }
        boolean zeroCopies = site.node().integer("allowzero", 0) == 0;
        int[] dims = wanted.clone();
        int rest = view.layer().shape().features();
        int open = -1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0 && zeroCopies && i < view.rank()) {
                dims[i] = view.size(i);
            }
            if (dims[i] == -1) {
                open = i;
            } else if (dims[i] > 0 && rest % dims[i] == 0) {
                rest /= dims[i];
            } else {
                throw wrongShape(site, view, wanted);
            }
        }
        if (open >= 0) {
            dims[open] = rest;
        } else if (rest != 1) {
            throw wrongShape(site, view, wanted);
        }
        return site.sketch().reshaped(view, dims);
    }

    private static RuntimeException wrongShape(Site site, View view, int... wanted) {
        return site.refusal("makes " + Arrays.toString(wanted) + " of " + view
                + " for one input; export the network with a batch of 1");
    }

    static Value flatten(Site site) {
        View view = site.view(0);
        int axis = bounded(site.node().integer("axis", 1), view.rank());
        int before = IntStream.range(0, axis).map(view::size).reduce(1, (a, b) -> a * b);
        return site.sketch().reshaped(view, before, view.layer().shape().features() / before);
    }

    static Value squeeze(Site site) {
        View given = site.view(0);
        int[] axes = site.integers(1, "axes");
        List<Integer> gone = axes != null
                ? site.axes(given, axes)
                : Sketch.allAxes(given).stream()
                        .filter(axis -> given.size(axis) == 1 && axis != given.batch())
                        .toList();
        View view = given;
        for (int i = gone.size() - 1; i >= 0; i--) {
            if (view.size(gone.get(i)) != 1) {
                throw site.refusal("axis " + gone.get(i) + " has " + view.size(gone.get(i)) + " values");
            }
            view = view.removed(gone.get(i));
        }
        return view;
    }

    static Value unsqueeze(Site site) {
        View view = site.view(0);
        int[] axes = site.integers(1, "axes");
        if (axes == null) {
            throw site.refusal("has no axes");
        }
        int rank = view.rank() + axes.length;
        int[] sorted =
                IntStream.of(axes).map(axis -> site.axis(axis, rank)).sorted().toArray();
        for (int axis : sorted) {
            view = view.inserted(axis);
        }
        return view;
    }

    static Value expand(Site site) {
        return CombinationNodes.expanded(site, site.view(0), Site.wholes(site.fixed(1)));
    }

    static Value tile(Site site) {
        View view = site.view(0);
        int[] repeats = Site.wholes(site.fixed(1));
        for (int axis = 0; axis < repeats.length; axis++) {
            int size = view.size(axis);
            if (repeats[axis] != 1) {
                site.requireNoBatch(view, List.of(axis));
                int[] indices = IntStream.range(0, size * repeats[axis])
                        .map(i -> i % size)
                        .toArray();
                view = site.sketch().select(view, axis, indices);
            }
        }
        return view;
    }

    static Value slice(Site site) {
        View view = site.view(0);
        int[] starts = site.integers(1, "starts");
        int[] ends = site.integers(2, "ends");
        int[] axes = site.integers(3, "axes");
        int[] steps = site.reads(4) ? Site.wholes(site.fixed(4)) : null;
        for (int i = 0; i < starts.length; i++) {
            int axis = axes == null ? i : site.axis(axes[i], view.rank());
            int length = view.size(axis);
            int step = steps == null ? 1 : steps[i];
            int start = limited(starts[i], length, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
            int end = limited(ends[i], length, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
            int count = Math.max(0, (end - start + step - Integer.signum(step)) / step);
            if (count == 0) {
                throw site.refusal("takes nothing of axis " + axis + ", which has " + length + " values");
            }
            boolean first = starts[i] == 0 && (ends[i] == 1 || ends[i] == Integer.MAX_VALUE);
            if (axis == view.batch() && !first) {
                site.requireNoBatch(view, List.of(axis));
            }
            view = site.sketch()
                    .select(
                            view,
                            axis,
                            IntStream.range(0, count).map(j -> start + j * step).toArray());
        }
        return view;
    }

    private static int limited(int index, int length, int least, int most) {
        long from = index < 0 ? (long) index + length : index;
        return (int) Math.max(least, Math.min(most, from));
    }

    static List<Value> split(Site site) {
        View view = site.view(0);
        int axis = site.axis(site.node().integer("axis", 0), view.rank());
        int outputs = site.node().outputs().size();
        int length = view.size(axis);
        int[] sizes = site.integers(1, "split");
        if (sizes == null) {
            int each = (length + outputs - 1) / outputs;
            sizes = IntStream.range(0, outputs)
                    .map(i -> Math.min(each, length - i * each))
                    .toArray();
        }
        if (IntStream.of(sizes).sum() != length
                || sizes.length != outputs
                || Arrays.stream(sizes).anyMatch(s -> s < 1)) {
            throw site.refusal("parts of " + Arrays.toString(sizes) + " of an axis of " + length);
        }
        List<Value> values = new ArrayList<>();
        int start = 0;
        for (int size : sizes) {
            values.add(site.sketch()
                    .select(view, axis, IntStream.range(start, start + size).toArray()));
            start += size;
        }
        return values;
    }

    static Value gather(Site site) {
        View view = site.view(0);
        NdArray indices = site.fixed(1);
        int axis = site.axis(site.node().integer("axis", 0), view.rank());
        int length = view.size(axis);
        int[] taken = IntStream.of(Site.wholes(indices))
                .map(i -> i < 0 ? i + length : i)
                .toArray();
        if (Arrays.stream(taken).anyMatch(i -> i < 0 || i >= length) || taken.length == 0) {
            throw site.refusal("an index is outside axis " + axis + " of " + length + " values, or there is none");
        }
        View selected = site.sketch().select(view, axis, taken);
        if (indices.rank() == 0) {
            return selected.removed(axis);
        }
        if (indices.rank() == 1) {
            return selected;
        }
        int[] dims = new int[view.rank() - 1 + indices.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < axis
                    ? view.size(i)
                    : i < axis + indices.rank() ? indices.dims()[i - axis] : view.size(i - indices.rank() + 1);
        }
        return site.sketch().reshaped(selected, dims);
    }

    /** Blocks of an image as channels, or channels as blocks: both are reshapes and a transpose. */
    static Value depthToSpace(Site site) {
        View view = site.view(0);
        int block = (int) site.node().integer("blocksize", 1);
        int channels = view.size(1) / (block * block);
        int height = view.size(2);
        int width = view.size(3);
        boolean columnsFirst = site.node().text("mode", "DCR").equals("DCR");
        View apart = columnsFirst
                ? site.sketch().reshaped(view, 1, block, block, channels, height, width)
                : site.sketch().reshaped(view, 1, channels, block, block, height, width);
        View turned = columnsFirst ? apart.transposed(0, 3, 4, 1, 5, 2) : apart.transposed(0, 1, 4, 2, 5, 3);
        return site.sketch().reshaped(turned, 1, channels, height * block, width * block);
    }

    static Value spaceToDepth(Site site) {
        View view = site.view(0);
        int block = (int) site.node().integer("blocksize", 1);
        int channels = view.size(1);
        int height = view.size(2) / block;
        int width = view.size(3) / block;
        View apart = site.sketch().reshaped(view, 1, channels, height, block, width, block);
        return site.sketch().reshaped(apart.transposed(0, 3, 5, 1, 2, 4), 1, channels * block * block, height, width);
    }

    static Value pad(Site site) {
        OnnxNode node = site.node();
        View view = site.view(0);
        int[] pads = site.integers(1, node.has("paddings") ? "paddings" : "pads");
        String mode = node.text("mode", "constant");
        NdArray fill = site.fixedOrNull(2);
        double value = fill == null ? node.number("value", 0) : fill.number(0);
        int[] axes = site.reads(3) ? Site.wholes(site.fixed(3)) : null;
        int count = axes == null ? view.rank() : axes.length;
        if (pads == null || pads.length != 2 * count) {
            throw site.refusal("needs two pads for each of " + count + " axes");
        }
        int[] before = new int[view.rank()];
        int[] after = new int[view.rank()];
        for (int i = 0; i < count; i++) {
            int axis = axes == null ? i : site.axis(axes[i], view.rank());
            before[axis] = pads[i];
            after[axis] = pads[count + i];
        }
        return padded(site, cropped(site, view, before, after), mode, value, before, after);
    }

    /** Negative pads cut values away. */
    private static View cropped(Site site, View view, int[] before, int[] after) {
        View left = view;
        for (int axis = 0; axis < view.rank(); axis++) {
            int start = Math.max(0, -before[axis]);
            int end = view.size(axis) - Math.max(0, -after[axis]);
            if (end <= start) {
                throw site.refusal("cuts away all of axis " + axis);
            }
            left = site.sketch().select(left, axis, IntStream.range(start, end).toArray());
        }
        return left;
    }

    private static View padded(Site site, View view, String mode, double value, int[] before, int[] after) {
        List<Integer> grown = Sketch.allAxes(view).stream()
                .filter(axis -> before[axis] > 0 || after[axis] > 0)
                .toList();
        if (grown.isEmpty()) {
            return view;
        }
        site.requireNoBatch(view, grown);
        View ready = Padding.ready(site, view, grown);
        List<List<View.Part>> parts = ready.parts().orElseThrow();
        String name =
                switch (mode) {
                    case "constant" -> "constant";
                    case "reflect" -> "reflect";
                    case "edge" -> "replicate";
                    case "wrap" -> "circular";
                    default -> throw site.refusal("mode \"" + mode + "\"");
                };
        Draft source = ready.layer();
        int[] lengths = source.lengths();
        Draft draft = Padding.draft(source, parts, grown, before, after).set("mode", name);
        if (value != 0) {
            draft.set("value", (float) value);
        }
        Draft added = site.sketch().add(draft);
        List<List<View.Part>> longer = new ArrayList<>();
        for (int axis = 0; axis < parts.size(); axis++) {
            if (!grown.contains(axis)) {
                longer.add(parts.get(axis));
            } else {
                int place = parts.get(axis).isEmpty()
                        ? Padding.unitPlace(parts, lengths, grown, axis)
                        : parts.get(axis).get(0).place();
                longer.add(List.of(new View.Part(place, added.lengths()[place], 1)));
            }
        }
        return View.of(added, longer, ready.batch());
    }

    /** Whether a layer pads height and width with zeros and does nothing else. */
    static boolean padsWithZeros(Draft draft) {
        return draft.kind().equals("pad")
                && draft.fields().get("mode").getAsString().equals("constant")
                && !draft.fields().has("value")
                && !draft.fields().has("channels");
    }

    /** The padding of a convolution behind a layer that pads with zeros: top, left, bottom, right. */
    static int[] joined(Draft pad, int... padding) {
        int[] joint = padding.clone();
        for (int place = 0; place < 2; place++) {
            JsonArray pads = pad.fields().getAsJsonArray(Draft.PLACES.get(place));
            if (pads != null) {
                joint[place] += pads.get(0).getAsInt();
                joint[place + 2] += pads.get(1).getAsInt();
            }
        }
        return joint;
    }
}
