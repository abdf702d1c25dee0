package unweave.engine.onnx.convert;

/**
 * y = scale x + shift with constants, where x is the output of a layer of the same shape. Chains of products and sums
 * with constants are one of these.
 */
record ChannelwiseMap(Draft source, Spread scale, Spread shift) {
    static ChannelwiseMap of(Draft draft) {
        return draft.affine() == null ? new ChannelwiseMap(draft, Spread.of(1), Spread.of(0)) : draft.affine();
    }

    ChannelwiseMap times(Spread factor) {
        return new ChannelwiseMap(source, scale.with(factor, (a, b) -> a * b), shift.with(factor, (a, b) -> a * b));
    }

    ChannelwiseMap plus(Spread term) {
        return new ChannelwiseMap(source, scale, shift.with(term, Double::sum));
    }

    /** The layers that compute it: a batch normalisation where each channel has its own scale and shift. */
    Draft layers(Sketch sketch) {
        boolean scaled = !scale.all(1);
        boolean shifted = !shift.all(0);
        Draft last;
        if (!scaled && !shifted) {
            return source;
        } else if (isPlainLayerNorm(source) && scale.perChannel() && shift.perChannel()) {
            last = sketch.add(layerNorm());
        } else if (scaled && shifted && scale.perChannel() && shift.perChannel() && !scale.isNumber()) {
            last = sketch.add(batchNorm());
        } else {
            last = scaled ? sketch.add(constants("scale", "weight", source, scale)) : source;
            last = shifted ? shifted(sketch, last) : last;
        }
        if (last.affine() == null && last != source) {
            last.affine(this);
        }
        return last;
    }

    private Draft shifted(Sketch sketch, Draft last) {
        return shift.perChannel() && isLinear(last)
                ? sketch.add(withBias(last))
                : sketch.add(constants("shift", "bias", last, shift));
    }

    private static boolean isLinear(Draft draft) {
        return switch (draft.kind()) {
            case "conv", "depthwise", "convtranspose", "dense" -> true;
            default -> false;
        };
    }

    /** The convolution or dense layer with this shift as a part of its bias. */
    private Draft withBias(Draft linear) {
        Draft biased = linear.copy();
        int[] channels = {1, 1, linear.lengths()[Draft.CHANNELS]};
        float[] bias = shift.floats(channels);
        float[] before = linear.weights().get("bias");
        for (int i = 0; before != null && i < bias.length; i++) {
            bias[i] += before[i];
        }
        biased.fields().remove("bias");
        return biased.weight("bias", bias);
    }

    private static boolean isPlainLayerNorm(Draft draft) {
        return draft.kind().equals("layernorm")
                && draft.weights().isEmpty()
                && !draft.fields().has("axes");
    }

    /** The layer normalisation with this as its own scale and shift. */
    private Draft layerNorm() {
        int[] channels = {1, 1, source.lengths()[Draft.CHANNELS]};
        Draft draft = source.copy();
        draft.fields().remove("affine");
        return draft.weight("weight", scale.floats(channels)).weight("bias", shift.floats(channels));
    }

    private static Draft constants(String kind, String suffix, Draft source, Spread values) {
        return new Draft(kind, source.shape(), source)
                .set("shape", values.shape(source.shape().flat()))
                .weight(suffix, values.floats());
    }

    /** Of mean 0, variance 1 and an epsilon that float32 cannot tell from 0. */
    private Draft batchNorm() {
        int channels = source.lengths()[Draft.CHANNELS];
        int[] all = {1, 1, channels};
        return new Draft("batchnorm", source.shape(), source)
                .set("epsilon", 1e-30)
                .weight("weight", scale.floats(all))
                .weight("bias", shift.floats(all))
                .weight("running_mean", new float[channels])
                .weight("running_var", Spread.of(1).floats(all));
    }
}
