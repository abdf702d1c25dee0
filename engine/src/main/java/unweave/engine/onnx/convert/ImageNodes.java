package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;

/** Convolutions and pooling, along one or two axes behind batch and channels. */
final class ImageNodes {
    private ImageNodes() {}

    /**
     * The window of a node on the image that its input has become. Where the first spatial axis of the graph lies along
     * the width, as in networks that read time before frequency, everything is exchanged.
     */
    private static final class Windows {
        final Site site;
        final View view;
        final boolean swapped;
        final int spatial;
        final int[] kernel;
        final int[] stride;
        final int[] dilation;
        /** Top, left, bottom, right. */
        final int[] padding;

        Windows(Site site, int... kernelShape) {
            this.site = site;
            View input = site.view(0);
            spatial = input.rank() - 2;
            if (spatial < 1 || spatial > 2 || input.size(0) != 1) {
                throw site.refusal("reads " + input + "; only (batch, channels, one or two axes) can be computed");
            }
            if (kernelShape.length != spatial) {
                throw site.refusal("a kernel of " + kernelShape.length + " axes on a tensor of " + input.rank());
            }
            List<List<Integer>> straight = places(false);
            List<List<Integer>> turned = places(true);
            swapped = !Sketch.isArranged(input, straight)
                    && (Sketch.isArranged(input, turned) || (spatial == 2 && firstIsFaster(input)));
            view = site.sketch().arranged(input, swapped ? turned : straight);
            kernel = oriented(kernelShape, 1);
            stride = oriented(site.node().integers("strides", ones()), 1);
            dilation = oriented(site.node().integers("dilations", ones()), 1);
            padding = padding();
        }

        private List<List<Integer>> places(boolean turned) {
            if (spatial == 1) {
                return turned ? List.of(List.of(2), List.of(), List.of(1)) : List.of(List.of(), List.of(2), List.of(1));
            }
            return turned ? List.of(List.of(3), List.of(2), List.of(1)) : List.of(List.of(2), List.of(3), List.of(1));
        }

        private static boolean firstIsFaster(View view) {
            List<Factor> first = view.axes().get(2);
            List<Factor> second = view.axes().get(3);
            return !first.isEmpty()
                    && !second.isEmpty()
                    && first.get(0).stride() < second.get(0).stride();
        }

        private int[] ones() {
            int[] ones = new int[spatial];
            Arrays.fill(ones, 1);
            return ones;
        }

        /** Values for the graph's axes as values for height and width. */
        int[] oriented(int[] values, int missing) {
            if (values.length != spatial) {
                throw site.refusal(values.length + " values for " + spatial + " axes");
            }
            if (spatial == 1) {
                return swapped ? new int[] {values[0], missing} : new int[] {missing, values[0]};
            }
            return swapped ? new int[] {values[1], values[0]} : values.clone();
        }

        private int[] padding() {
            String auto = site.node().text("auto_pad", "NOTSET");
            if (auto.equals("VALID")) {
                return new int[4];
            }
            if (auto.startsWith("SAME")) {
                int[] lengths = view.layer().lengths();
                int[] padding = new int[4];
                for (int i = 0; i < 2; i++) {
                    int windows = (lengths[i] + stride[i] - 1) / stride[i];
                    int reach = (kernel[i] - 1) * dilation[i] + 1;
                    int total = Math.max(0, (windows - 1) * stride[i] + reach - lengths[i]);
                    padding[i] = auto.equals("SAME_LOWER") ? total - total / 2 : total / 2;
                    padding[i + 2] = total - padding[i];
                }
                return padding;
            }
            int[] pads = site.node().integers("pads", new int[2 * spatial]);
            if (pads.length != 2 * spatial) {
                throw site.refusal(pads.length + " pads for " + spatial + " axes");
            }
            int[] before = oriented(Arrays.copyOf(pads, spatial), 0);
            int[] after = oriented(Arrays.copyOfRange(pads, spatial, 2 * spatial), 0);
            return new int[] {before[0], before[1], after[0], after[1]};
        }

        /** Kernel or window, stride and padding as fields of a layer; what is usual is left out. */
        Draft write(Draft draft, String kernelField) {
            draft.set(kernelField, kernel).set("stride", stride);
            writePadding(draft, padding);
            if (dilation[0] != 1 || dilation[1] != 1) {
                draft.set("dilation", dilation);
            }
            return draft;
        }

        /** The output's length along height (0) or width (1). */
        int outputLength(int place, boolean ceil, int... pads) {
            int length = view.layer().lengths()[place];
            int reach = (kernel[place] - 1) * dilation[place] + 1;
            int room = length + pads[place] + pads[place + 2] - reach;
            if (room < 0) {
                throw site.refusal("a kernel that reaches over " + reach + " positions on " + length + " with padding "
                        + pads[place] + " and " + pads[place + 2] + "; give a longer input");
            }
            int windows = (ceil ? (room + stride[place] - 1) / stride[place] : room / stride[place]) + 1;
            return ceil && (windows - 1) * stride[place] >= length + pads[place] ? windows - 1 : windows;
        }

        LayerShape output(int channels, boolean ceil, int... pads) {
            return LayerShape.image(outputLength(0, ceil, pads), outputLength(1, ceil, pads), channels);
        }

        /** The view of an image that has the graph's axes in the same places. */
        View on(Draft draft) {
            return view(draft, places(swapped), view);
        }
    }

    /** The view of an image whose height, width and channels are one axis of the graph each, or none. */
    private static View view(Draft draft, List<List<Integer>> places, View like) {
        List<List<View.Part>> parts = new ArrayList<>();
        like.axes().forEach(axis -> parts.add(List.of()));
        for (int place = 0; place < 3; place++) {
            for (int axis : places.get(place)) {
                parts.set(axis, List.of(new View.Part(place, draft.lengths()[place], 1)));
            }
        }
        return View.of(draft, parts, like.batch());
    }

    private static void writePadding(Draft draft, int... padding) {
        if (padding[0] == padding[2] && padding[1] == padding[3]) {
            draft.set("padding", new int[] {padding[0], padding[1]});
        } else {
            draft.set("padding", padding);
        }
    }

    static Value conv(Site site) {
        NdArray weight = site.fixed(1);
        if (weight.rank() < 3) {
            throw site.refusal("weights of " + weight.rank() + " axes");
        }
        Windows windows = new Windows(site, Arrays.copyOfRange(weight.dims(), 2, weight.rank()));
        int groups = (int) site.node().integer("group", 1);
        int filters = weight.dims()[0];
        int channels = windows.view.size(1);
        if (weight.dims()[1] * groups != channels || filters % groups != 0) {
            throw site.refusal("weights for " + weight.dims()[1] * groups + " channels in " + groups + " groups on "
                    + channels + " channels");
        }
        Draft source = windows.view.layer();
        int[] padding = windows.padding;
        if (ShapeNodes.padsWithZeros(source)) {
            padding = ShapeNodes.joined(source, padding);
            if (padding != null) {
                source = source.inputs().get(0);
            } else {
                padding = windows.padding;
                source = windows.view.layer();
            }
        }
        boolean depthwise = groups > 1 && groups == channels;
        Draft draft =
                new Draft(depthwise ? "depthwise" : "conv", windows.output(filters, false, windows.padding), source);
        draft.set(depthwise ? "multiplier" : "filters", depthwise ? filters / groups : filters);
        windows.write(draft, "kernel");
        writePadding(draft, padding);
        if (!depthwise && groups > 1) {
            draft.set("groups", groups);
        }
        draft.weight("weight", convolution(weight, windows.swapped)).named(site.module(1));
        bias(site, draft, filters);
        return windows.on(site.sketch().add(draft));
    }

    static void bias(Site site, Draft draft, int units) {
        NdArray bias = site.fixedOrNull(2);
        if (bias == null) {
            draft.set("bias", false);
        } else if (bias.size() != units) {
            throw site.refusal("a bias of " + bias.size() + " values for " + units + " filters");
        } else {
            draft.weight("bias", bias.floats());
        }
    }

    /** O I Y X, or exchanged O I X Y, as Y X I O. */
    private static float[] convolution(NdArray weight, boolean swapped) {
        int outputs = weight.dims()[0];
        int inputs = weight.dims()[1];
        int first = weight.dims()[2];
        int second = weight.rank() == 4 ? weight.dims()[3] : 1;
        boolean turn = weight.rank() == 4 && swapped;
        float[] from = weight.floats();
        float[] to = new float[from.length];
        int pixel = inputs * outputs;
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                for (int a = 0; a < first; a++) {
                    for (int b = 0; b < second; b++) {
                        int place = turn ? b * first + a : a * second + b;
                        to[place * pixel + i * outputs + o] = from[((o * inputs + i) * first + a) * second + b];
                    }
                }
            }
        }
        return to;
    }

    static Value convTranspose(Site site) {
        NdArray weight = site.fixed(1);
        Windows windows = new Windows(site, Arrays.copyOfRange(weight.dims(), 2, weight.rank()));
        int groups = (int) site.node().integer("group", 1);
        int filters = weight.dims()[1] * groups;
        int[] extra = windows.oriented(site.node().integers("output_padding", new int[windows.spatial]), 0);
        int[] padding = windows.padding.clone();
        int[] lengths = windows.view.layer().lengths();
        int[] wanted = site.node().integers("output_shape");
        String auto = site.node().text("auto_pad", "NOTSET");
        int[] output = new int[2];
        for (int i = 0; i < 2; i++) {
            int all = (lengths[i] - 1) * windows.stride[i] + (windows.kernel[i] - 1) * windows.dilation[i] + 1;
            boolean same = auto.startsWith("SAME");
            if (wanted.length > 0 || same) {
                int length = wanted.length > 0
                        ? windows.oriented(
                                        Arrays.copyOfRange(wanted, wanted.length - windows.spatial, wanted.length), 1)[
                                i]
                        : lengths[i] * windows.stride[i];
                int total = all + extra[i] - length;
                extra[i] += Math.max(0, -total);
                total = Math.max(0, total);
                padding[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                padding[i + 2] = total - padding[i];
            }
            output[i] = all + extra[i] - padding[i] - padding[i + 2];
        }
        if (output[0] < 1 || output[1] < 1) {
            throw site.refusal("padding cuts away the whole output");
        }
        Draft draft = new Draft("convtranspose", LayerShape.image(output[0], output[1], filters), windows.view.layer())
                .set("filters", filters)
                .set("extra", extra);
        windows.write(draft, "kernel");
        writePadding(draft, padding);
        if (groups > 1) {
            draft.set("groups", groups);
        }
        // These are the weights of the convolution that goes back, which has as many filters as this has inputs.
        draft.weight("weight", convolution(weight, windows.swapped)).named(site.module(1));
        bias(site, draft, filters);
        return windows.on(site.sketch().add(draft));
    }

    static Value maxPool(Site site) {
        site.requireFirstOutputOnly();
        Windows windows = new Windows(site, site.node().integers("kernel_shape"));
        return pool(site, windows, "maxpool");
    }

    static Value averagePool(Site site) {
        return pool(site, new Windows(site, site.node().integers("kernel_shape")), "avgpool");
    }

    static Value lpPool(Site site) {
        return pool(site, new Windows(site, site.node().integers("kernel_shape")), "lppool");
    }

    private static Value pool(Site site, Windows windows, String kind) {
        boolean ceil = site.node().integer("ceil_mode", 0) != 0;
        int channels = windows.view.layer().lengths()[Draft.CHANNELS];
        LayerShape floor = windows.output(channels, false, windows.padding);
        LayerShape shape = windows.output(channels, ceil, windows.padding);
        Draft draft = windows.write(new Draft(kind, shape, windows.view.layer()), "window");
        if (!shape.equals(floor)) {
            draft.set("ceil", true);
        }
        boolean padded = Arrays.stream(windows.padding).anyMatch(p -> p != 0);
        if (kind.equals("avgpool") && padded && site.node().integer("count_include_pad", 0) == 0) {
            draft.set("countPadding", false);
        }
        if (kind.equals("lppool")) {
            draft.set("p", site.node().integer("p", 2));
        }
        return windows.on(site.sketch().add(draft));
    }

    /** Nearest neighbours or linear interpolation by given factors. */
    static View upsampled(Site site, View view, int[] factors) {
        int rank = view.rank();
        if (rank != 4 || factors[0] != 1 || factors[1] != 1) {
            return null;
        }
        List<List<Integer>> straight = List.of(List.of(2), List.of(3), List.of(1));
        List<List<Integer>> turned = List.of(List.of(3), List.of(2), List.of(1));
        boolean swapped = !Sketch.isArranged(view, straight) && Sketch.isArranged(view, turned);
        View image = site.sketch().arranged(view, swapped ? turned : straight);
        int[] scale = swapped ? new int[] {factors[3], factors[2]} : new int[] {factors[2], factors[3]};
        int[] lengths = image.layer().lengths();
        LayerShape shape = LayerShape.image(lengths[0] * scale[0], lengths[1] * scale[1], lengths[2]);
        Draft draft = site.sketch().add(new Draft("upsample", shape, image.layer()).set("scale", scale));
        return view(draft, swapped ? turned : straight, image);
    }
}
