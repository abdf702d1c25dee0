package unweave.engine.onnx.convert;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Layer normalisation that an exporter wrote in pieces, (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon), found
 * among the layers that the pieces became.
 */
final class NormalizationPatterns {
    private NormalizationPatterns() {}

    /** The normalisation that a quotient, or a product with a reciprocal, is; empty if it is none. */
    static Optional<View> match(Site site, View a, View b) {
        String op = site.node().op();
        if (op.equals("Div")) {
            return normalisation(site, a, deviation(b.layer()));
        }
        if (op.equals("Mul")) {
            Optional<View> one = normalisation(site, a, reciprocal(b.layer()));
            return one.isPresent() ? one : normalisation(site, b, reciprocal(a.layer()));
        }
        return Optional.empty();
    }

    /**
     * The mean of squares under a root.
     *
     * @param squared the layer whose squares were averaged
     */
    private record Deviation(Draft squared, Draft mean, double epsilon) {}

    private static Deviation deviation(Draft draft) {
        return isFunction(draft, "sqrt") || isPower(draft, 0.5)
                ? variance(draft.inputs().get(0))
                : null;
    }

    private static Deviation reciprocal(Draft draft) {
        if (isPower(draft, -0.5)) {
            return variance(draft.inputs().get(0));
        }
        return isPower(draft, -1) ? deviation(draft.inputs().get(0)) : null;
    }

    private static Deviation variance(Draft sum) {
        ChannelwiseMap map = ChannelwiseMap.of(sum);
        if (!map.scale().all(1) || !map.shift().isNumber() || !(map.shift().number() > 0) || !isMean(map.source())) {
            return null;
        }
        Draft squares = moved(map.source().inputs().get(0));
        boolean square = isPower(squares, 2);
        return square
                ? new Deviation(
                        squares.inputs().get(0), map.source(), map.shift().number())
                : null;
    }

    private static Optional<View> normalisation(Site site, View centred, Deviation deviation) {
        if (deviation == null
                || deviation.squared != centred.layer()
                || !centred.layer().kind().equals("subtract")) {
            return Optional.empty();
        }
        Draft x = centred.layer().inputs().get(0);
        Draft mean = moved(centred.layer().inputs().get(1));
        boolean ofX = isMean(mean)
                && moved(mean.inputs().get(0)) == moved(x)
                && mean.shape().equals(deviation.mean.shape())
                && x.shape().equals(centred.layer().shape());
        if (!ofX) {
            return Optional.empty();
        }
        // The axes are those along which the mean has length 1 and x has not; both lie alike in memory.
        int[] full = x.lengths();
        int[] reduced = centred.layer().inputs().get(1).lengths();
        View view = centred.on(x);
        boolean[] places = new boolean[3];
        for (int place = 0; place < 3; place++) {
            places[place] = full[place] != reduced[place];
        }
        List<List<View.Part>> parts = view.parts().orElse(null);
        if (parts == null) {
            return Optional.empty();
        }
        List<Integer> axes = IntStream.range(0, view.rank())
                .filter(axis -> parts.get(axis).stream().anyMatch(part -> places[part.place()]))
                .boxed()
                .toList();
        return axes.isEmpty()
                ? Optional.empty()
                : Optional.of(NormalizationNodes.layerNorm(site, view, axes, deviation.epsilon, null, null));
    }

    /** The layer whose values these are, moved or not. */
    private static Draft moved(Draft draft) {
        Draft source = draft;
        while (source.kind().equals("rearrange") || source.kind().equals("flatten")) {
            source = source.inputs().get(0);
        }
        return source;
    }

    private static boolean isMean(Draft draft) {
        return draft.kind().endsWith("avgpool")
                || (draft.kind().equals("reduce")
                        && draft.fields().get("operation").getAsString().equals("mean"));
    }

    private static boolean isFunction(Draft draft, String function) {
        return draft.kind().equals("activation")
                && draft.fields().get("function").getAsString().equals(function);
    }

    private static boolean isPower(Draft draft, double exponent) {
        return isFunction(draft, "power") && draft.fields().get("constant").getAsDouble() == exponent;
    }
}
