package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta per channel; momentum is the weight of the newest batch in the
 * running statistics.
 */
public record BatchNorm(String name, List<String> inputs, float epsilon, float momentum) implements Layer {
    public BatchNorm {
        inputs = Layer.checked(name, inputs, 1);
        if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
            throw Layer.wrong(
                    name, "epsilon must be above 0 and momentum between 0 and 1, not " + epsilon + " and " + momentum);
        }
    }

    static BatchNorm read(JsonFields fields, String name, List<String> inputs) {
        return new BatchNorm(name, inputs, fields.number("epsilon", 1e-5f), fields.number("momentum", 0.1f));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("epsilon", epsilon);
        json.addProperty("momentum", momentum);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        return Stream.of(Role.SCALE, Role.SHIFT, Role.RUNNING_MEAN, Role.RUNNING_VARIANCE)
                .map(role -> new ParameterDescription(name, role, List.of(input.vectorLength()), input))
                .toList();
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.batchNorm(
                name,
                inputs.get(0),
                weights.get(name, Role.SCALE),
                weights.get(name, Role.SHIFT),
                weights.get(name, Role.RUNNING_MEAN),
                weights.get(name, Role.RUNNING_VARIANCE),
                epsilon,
                momentum);
    }

    @Override
    public Optional<ChannelMap> channelMap(Function<Role, float[]> values) {
        float[] gamma = values.apply(Role.SCALE);
        float[] beta = values.apply(Role.SHIFT);
        float[] mean = values.apply(Role.RUNNING_MEAN);
        float[] variance = values.apply(Role.RUNNING_VARIANCE);
        double[] scale = new double[gamma.length];
        double[] shift = new double[gamma.length];
        for (int c = 0; c < scale.length; c++) {
            scale[c] = gamma[c] / Math.sqrt((double) variance[c] + epsilon);
            shift[c] = beta[c] - mean[c] * scale[c];
        }
        return Optional.of(new ChannelMap(scale, shift));
    }
}
