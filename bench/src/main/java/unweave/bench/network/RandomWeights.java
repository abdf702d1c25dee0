package unweave.bench.network;

import java.util.List;
import java.util.SplittableRandom;
import unweave.engine.layer.ParameterDescription;

/**
 * Weights that keep the size of activations through many layers, as trained ones do: uniform with variance 2 / fan-in
 * (He et al. 2015). Batch normalisation has means in [-0.5, 0.5), variances and factors in [0.5, 1.5), and shifts in
 * [-0.2, 0.2). Scalings are those of attention, near 1 / sqrt(64). The values of a parameter depend on its name alone.
 */
final class RandomWeights {
    private RandomWeights() {}

    static float[] values(ParameterDescription parameter) {
        return switch (parameter.role()) {
            case CONV_WEIGHT, DENSE_WEIGHT -> {
                double bound = Math.sqrt(6.0 / fanIn(parameter));
                yield uniform(parameter, -bound, bound);
            }
            case RUNNING_MEAN -> uniform(parameter, -0.5, 0.5);
            case SCALE, RUNNING_VARIANCE -> uniform(parameter, 0.5, 1.5);
            case FACTOR -> uniform(parameter, 0.1, 0.15);
            default -> uniform(parameter, -0.2, 0.2);
        };
    }

    /** The product of all axes of the weights but the last, which counts the outputs. */
    private static int fanIn(ParameterDescription weight) {
        List<Integer> shape = weight.shape();
        return weight.size() / shape.get(shape.size() - 1);
    }

    private static float[] uniform(ParameterDescription parameter, double low, double high) {
        SplittableRandom random = new SplittableRandom(parameter.name().hashCode());
        float[] values = new float[parameter.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(low, high);
        }
        return values;
    }
}
