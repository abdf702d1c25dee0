package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;
import unweave.kernels.Activation;

/** Batch, layer, group and instance normalisation, and softmax. */
final class NormalizationNodes {
    private static final List<String> BATCH_NORM = List.of("weight", "bias", "running_mean", "running_var");

    private NormalizationNodes() {}

    static Value batchNorm(Site site) {
        OnnxNode node = site.node();
        if (node.integer("training_mode", 0) != 0) {
            throw site.refusal("is in training mode; export the network after model.eval()");
        }
        site.requireFirstOutputOnly();
        View view = site.view(0);
        if (view.rank() == 1) {
            throw site.refusal("reads one axis");
        }
        List<NdArray> parameters =
                IntStream.rangeClosed(1, 4).mapToObj(site::fixed).toList();
        if (parameters.stream().anyMatch(p -> p.size() != view.size(1))) {
            throw site.refusal("parameters of other sizes than its " + view.size(1) + " channels");
        }
        List<View.Part> parts = view.parts().map(all -> all.get(1)).orElse(null);
        int[] lengths = view.layer().lengths();
        View ready = view;
        int place = Draft.CHANNELS;
        int bands = 1;
        int[] positions = IntStream.range(0, view.size(1)).toArray();
        if (parts != null
                && parts.size() == 1
                && parts.get(0).size() == lengths[parts.get(0).place()]) {
            place = parts.get(0).place();
        } else if (isBands(parts, lengths)) {
            bands = parts.get(1).size();
        } else if (view.longAxes().stream().allMatch(axis -> axis == 1)) {
            ready = view.on(site.sketch().flattened(view.layer()));
            positions = view.positions();
        } else {
            ready = site.sketch().channelsLast(site.sketch().image(view), List.of(1));
        }
        Draft draft = new Draft("batchnorm", ready.layer().shape(), ready.layer())
                .set("epsilon", (float) node.number("epsilon", 1e-5));
        if (place != Draft.CHANNELS) {
            draft.set("axis", Draft.PLACES.get(place));
        }
        if (bands > 1) {
            draft.set("bands", bands);
        }
        for (int i = 0; i < 4; i++) {
            float[] values = parameters.get(i).floats();
            float[] placed = new float[values.length];
            for (int c = 0; c < values.length; c++) {
                placed[positions[c]] = values[c];
            }
            draft.weight(BATCH_NORM.get(i), placed);
        }
        return ready.on(site.sketch().add(draft.named(site.module(1))));
    }

    /** Channels, each in bands of equal height. */
    private static boolean isBands(List<View.Part> parts, int... lengths) {
        return parts != null
                && parts.size() == 2
                && parts.get(0).place() == Draft.CHANNELS
                && parts.get(0).size() == lengths[Draft.CHANNELS]
                && parts.get(1).place() == Draft.HEIGHT
                && parts.get(1).outermost(lengths);
    }

    static Value layerNorm(Site site) {
        site.requireFirstOutputOnly();
        View view = site.view(0);
        int axis = site.axis(site.node().integer("axis", -1), view.rank());
        List<Integer> axes = IntStream.range(axis, view.rank()).boxed().toList();
        View normalised =
                layerNorm(site, view, axes, site.node().number("epsilon", 1e-5), site.fixed(1), site.fixedOrNull(2));
        normalised.layer().named(site.module(1));
        return normalised;
    }

    /** Normalisation over some axes. Without scale and bias if {@code scale} is null. */
    static View layerNorm(Site site, View view, List<Integer> axes, double epsilon, NdArray scale, NdArray bias) {
        site.requireNoBatch(view, axes);
        List<Integer> normalised = new ArrayList<>(view.longAxes());
        normalised.retainAll(axes);
        boolean vector = view.layer().shape().flat() && normalised.equals(view.longAxes());
        View image = vector ? view : site.sketch().image(view);
        boolean[] places = Reduction.places(image, normalised);
        if (places == null) {
            image = site.sketch().channelsLast(image, normalised);
            places = new boolean[] {false, false, true};
        }
        if (normalised.isEmpty()) {
            throw site.refusal("normalises axes of one value");
        }
        Draft draft = new Draft("layernorm", image.layer().shape(), image.layer()).set("epsilon", (float) epsilon);
        if (!(places[2] && !places[0] && !places[1])) {
            List<String> names = new ArrayList<>();
            for (int place = 0; place < 3; place++) {
                if (places[place]) {
                    names.add(Draft.PLACES.get(place));
                }
            }
            draft.setTexts("axes", names);
        }
        if (scale == null) {
            draft.set("affine", false);
        } else {
            int[] lengths = image.layer().lengths();
            for (int place = 0; place < 3; place++) {
                lengths[place] = places[place] ? lengths[place] : 1;
            }
            draft.weight("weight", Spread.of(image, scale).floats(lengths))
                    .weight("bias", (bias == null ? Spread.of(0) : Spread.of(image, bias)).floats(lengths));
        }
        return image.on(site.sketch().add(draft));
    }

    static Value instanceNorm(Site site) {
        View view = site.view(0);
        int groups = view.size(1);
        double epsilon = site.node().number("epsilon", 1e-5);
        int[] lengths = view.layer().lengths();
        List<View.Part> parts = view.parts().map(all -> all.get(1)).orElse(List.of());
        boolean divides = !view.layer().shape().flat()
                && parts.size() == 1
                && parts.get(0).place() == Draft.CHANNELS
                && parts.get(0).outermost(lengths);
        View ready = divides ? view : site.sketch().channelsLast(site.sketch().image(view), List.of(1));
        boolean whole = ready.layer().lengths()[Draft.CHANNELS] == groups;
        Draft draft = new Draft(
                        whole ? "instancenorm" : "groupnorm", ready.layer().shape(), ready.layer())
                .set("epsilon", (float) epsilon)
                .set("affine", whole);
        if (!whole) {
            draft.set("groups", groups);
        }
        NdArray scale = site.fixed(1);
        NdArray bias = site.fixed(2);
        if (whole) {
            draft.weight("weight", scale.floats()).weight("bias", bias.floats()).named(site.module(1));
            return ready.on(site.sketch().add(draft));
        }
        View normalised = ready.on(site.sketch().add(draft));
        View scaled = CombinationNodes.scaled(site, normalised, alongChannels(normalised, scale));
        return CombinationNodes.shifted(site, scaled, alongChannels(normalised, bias));
    }

    private static Spread alongChannels(View view, NdArray values) {
        int[] dims = new int[view.rank()];
        Arrays.fill(dims, 1);
        dims[1] = values.size();
        return Spread.of(view, values.reshape(dims));
    }

    static Value groupNorm(Site site) {
        View view = site.view(0);
        int channels = view.size(1);
        int groups = (int) site.node().integer("num_groups", 1);
        View ready = site.sketch().channelsLast(site.sketch().image(view), List.of(1));
        NdArray scale = site.fixed(1);
        NdArray bias = site.fixed(2);
        Draft draft = new Draft("groupnorm", ready.layer().shape(), ready.layer())
                .set("groups", groups)
                .set("epsilon", (float) site.node().number("epsilon", 1e-5))
                .weight("weight", perChannel(scale, channels))
                .weight("bias", perChannel(bias, channels))
                .named(site.module(1));
        return ready.on(site.sketch().add(draft));
    }

    /** One value for each channel, from such values or, before opset 21, from one for each group. */
    private static float[] perChannel(NdArray values, int channels) {
        float[] each = new float[channels];
        for (int c = 0; c < channels; c++) {
            each[c] = (float) values.number(c / (channels / values.size()));
        }
        return each;
    }

    static Value softmax(Site site) {
        View view = site.view(0);
        boolean older = site.node().opset() < 13;
        int axis = site.axis(site.node().integer("axis", older ? 1 : -1), view.rank());
        List<Integer> axes = older ? IntStream.range(axis, view.rank()).boxed().toList() : List.of(axis);
        site.requireNoBatch(view, axes);
        List<Integer> normalised = new ArrayList<>(view.longAxes());
        normalised.retainAll(axes);
        boolean vector = view.layer().shape().flat() && normalised.equals(view.longAxes());
        View ready = vector ? view : site.sketch().channelsLast(site.sketch().image(view), normalised);
        View softmax =
                ready.on(site.sketch().add(new Draft("softmax", ready.layer().shape(), ready.layer())));
        return site.node().op().equals("LogSoftmax") ? ScalarNodes.activation(site, softmax, Activation.LOG) : softmax;
    }

    static Value prelu(Site site) {
        View view = site.view(0);
        Spread slopes = Spread.of(view, site.fixed(1));
        LayerShape shape = view.layer().shape();
        Draft draft = new Draft("prelu", shape, view.layer())
                .set("shape", slopes.shape(shape.flat()))
                .weight("weight", slopes.floats())
                .named(site.module(1));
        return view.on(site.sketch().add(draft));
    }
}
