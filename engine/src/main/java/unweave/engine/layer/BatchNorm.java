package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta per channel; momentum is the weight of the newest batch in the
 * running statistics.
 *
 * @param axis the axis that has one mean, variance, gamma and beta for each place: channels, or height or width of an
 *     image, such as its mel bands
 * @param affine whether there are gamma and beta; without them they are 1 and 0
 * @param bands the height is cut into so many bands of equal height, each normalised by itself (sub-spectral
 *     normalisation, Chang et al. 2021): band b of channel c has the parameters at c bands + b; 1 unless the axis is
 *     channels
 */
public record BatchNorm(
        String name, List<String> inputs, float epsilon, float momentum, Axis axis, boolean affine, int bands)
        implements Layer {
    public BatchNorm {
        inputs = Layer.checked(name, inputs, 1);
        if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
            throw Layer.wrong(
                    name, "epsilon must be above 0 and momentum between 0 and 1, not " + epsilon + " and " + momentum);
        }
        if (bands < 1 || (bands > 1 && axis != Axis.CHANNELS)) {
            throw Layer.wrong(
                    name,
                    "\"bands\" must be 1 or more, and 1 where the axis is not channels; it is " + bands + " for "
                            + axis.text());
        }
    }

    static BatchNorm read(JsonFields fields, String name, List<String> inputs) {
        return new BatchNorm(
                name,
                inputs,
                fields.number("epsilon", 1e-5f),
                fields.number("momentum", 0.1f),
                Axis.read(fields, "axis", Axis.CHANNELS),
                fields.flag("affine", true),
                fields.whole("bands", 1, 1));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("epsilon", epsilon);
        json.addProperty("momentum", momentum);
        json.addProperty("axis", axis.text());
        json.addProperty("affine", affine);
        json.addProperty("bands", bands);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        if (!alongChannels()) {
            requireImage(input);
        }
        if (bands > 1 && input.height() % bands != 0) {
            throw wrong(bands + " bands of equal height do not fit a height of " + input.height());
        }
        return input;
    }

    /** How many means and variances there are. */
    public int channels(List<LayerShape> inputs) {
        return Math.multiplyExact(inputs.get(0).length(axis), bands);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        int size = channels(inputs);
        Stream<Role> affineRoles = affine ? Stream.of(Role.SCALE, Role.SHIFT) : Stream.of();
        return Stream.concat(affineRoles, Stream.of(Role.RUNNING_MEAN, Role.RUNNING_VARIANCE))
                .map(role -> new ParameterDescription(name, role, List.of(size), input))
                .toList();
    }

    /** Whether this is the normalisation of each channel, which needs no other order of the values. */
    private boolean alongChannels() {
        return axis == Axis.CHANNELS && bands == 1;
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        if (alongChannels()) {
            return normalized(tape, inputs.get(0), weights);
        }
        LayerShape input = LayerShape.of(inputs.get(0));
        Rearrange asChannels = asChannels(input);
        Tensor x = asChannels.apply(tape, inputs, weights);
        return asChannels.inverse(name + ".back", input).apply(tape, List.of(normalized(tape, x, weights)), weights);
    }

    /** The input with what is normalised together as one channel: places along the axis, or band b of channel c. */
    private Rearrange asChannels(LayerShape input) {
        int h = input.height();
        int w = input.width();
        int c = input.channels();
        String rows = name + ".rows";
        return switch (axis) {
            case HEIGHT -> new Rearrange(rows, List.of(), List.of(h, w, c), List.of(1, 2, 0), List.of(w, c, h));
            case WIDTH -> new Rearrange(rows, List.of(), List.of(h, w, c), List.of(0, 2, 1), List.of(h, c, w));
            case CHANNELS ->
                new Rearrange(
                        rows,
                        List.of(),
                        List.of(bands, h / bands, w, c),
                        List.of(1, 2, 3, 0),
                        List.of(h / bands, w, c * bands));
        };
    }

    /** Batch normalisation over the channels of x. */
    private Tensor normalized(Tape tape, Tensor x, Weights weights) {
        Parameter mean = weights.get(name, Role.RUNNING_MEAN);
        int size = mean.shape()[0];
        return tape.batchNorm(
                name,
                x,
                affine ? weights.get(name, Role.SCALE) : tape.constant(size, 1f),
                affine ? weights.get(name, Role.SHIFT) : tape.constant(size, 0f),
                mean,
                weights.get(name, Role.RUNNING_VARIANCE),
                epsilon,
                momentum);
    }

    @Override
    public Optional<ChannelMap> channelMap(Function<Role, float[]> values) {
        if (!alongChannels()) {
            return Optional.empty();
        }
        float[] mean = values.apply(Role.RUNNING_MEAN);
        float[] variance = values.apply(Role.RUNNING_VARIANCE);
        double[] scale = new double[mean.length];
        double[] shift = new double[mean.length];
        for (int c = 0; c < scale.length; c++) {
            float gamma = affine ? values.apply(Role.SCALE)[c] : 1f;
            float beta = affine ? values.apply(Role.SHIFT)[c] : 0f;
            scale[c] = gamma / Math.sqrt((double) variance[c] + epsilon);
            shift[c] = beta - mean[c] * scale[c];
        }
        return Optional.of(new ChannelMap(scale, shift));
    }
}
