package unweave.engine.model;

import java.util.Arrays;
import java.util.List;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.kernels.Counter;

/**
 * Initial weights as PyTorch's default: weights and biases of convolutions and dense layers are uniform in [-b, b), b =
 * 1 / sqrt(fan-in), which is Kaiming's uniform initialisation (He et al. 2015) with a = sqrt(5). The fan-in is the
 * number of inputs of one output: kernel height x kernel width x input channels per group. Those of recurrent layers
 * have the number of hidden values instead. Batch normalisation, scaling and shift start as the identity.
 */
final class Initialization {
    private final List<ParameterDescription> parameters;
    private final long seed;

    Initialization(ModelDescription description, long seed) {
        this.parameters = description.parameters();
        this.seed = seed;
    }

    /** The values of one parameter; each has a random stream of its own. */
    float[] values(ParameterDescription parameter) {
        float[] values = new float[parameter.size()];
        switch (parameter.role()) {
            case CONV_WEIGHT, DENSE_WEIGHT, BIAS ->
                fillUniform(values, 1 / Math.sqrt(fanIn(parameter)), stream(parameter));
            case WEIGHT_IH,
                    WEIGHT_HH,
                    BIAS_IH,
                    BIAS_HH,
                    WEIGHT_IH_REVERSE,
                    WEIGHT_HH_REVERSE,
                    BIAS_IH_REVERSE,
                    BIAS_HH_REVERSE -> fillUniform(values, 1 / Math.sqrt(units(parameter)), stream(parameter));
            case SCALE, RUNNING_VARIANCE, FACTOR -> Arrays.fill(values, 1f);
            case SLOPE -> Arrays.fill(values, 0.25f);
            case SHIFT, RUNNING_MEAN, OFFSET, CONSTANT -> Arrays.fill(values, 0f);
        }
        return values;
    }

    private long stream(ParameterDescription parameter) {
        return Counter.derive(seed, parameters.indexOf(parameter));
    }

    /** The product of all axes of the layer's weights but the last, which counts the outputs. */
    private int fanIn(ParameterDescription parameter) {
        ParameterDescription weight = parameters.stream()
                .filter(p -> p.layer().equals(parameter.layer()))
                .findFirst()
                .orElseThrow();
        return weight.size() / weight.shape().get(weight.shape().size() - 1);
    }

    /** The number of values of a recurrent layer's hidden state. */
    private int units(ParameterDescription parameter) {
        return parameters.stream()
                .filter(p -> p.layer().equals(parameter.layer()) && p.role() == Role.WEIGHT_HH)
                .findFirst()
                .orElseThrow()
                .shape()
                .get(1);
    }

    private static void fillUniform(float[] values, double bound, long stream) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2.0 * Counter.uniform(stream, i) - 1.0) * bound);
        }
    }
}
