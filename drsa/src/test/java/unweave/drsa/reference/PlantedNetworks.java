package unweave.drsa.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;

/** Networks whose concepts are known, and inputs in which they show. */
final class PlantedNetworks {
    /** For {@link #pixelwise}: 2 x 2 values, three above 0 and one below. */
    static final float[] PIXELS = {1, 2, 3, -1};

    private static final int SIDE = 7;
    private static final float[] STRENGTHS = {2, 1, 5, 4, 3, 6, 1, 2};
    /** Row and column of the middle of the stroke in each input of {@link #strokeInputs}. */
    static final int[][] PLACES = {{1, 1}, {2, 5}, {4, 3}, {5, 5}, {3, 2}, {1, 4}, {5, 1}, {2, 2}};

    private PlantedNetworks() {}

    /** 2 x 2 inputs, channels max(0, x) and max(0, -2 x), one logit that weighs them with (1 5) (-1 5) (2 5) (7 3). */
    static Model pixelwise(Backend backend) {
        ModelDescription description = ModelDescription.parse(
                """
        {"input": {"height": 2, "width": 2}, "classes": ["it"], "layers": [
          {"name": "conv", "kind": "conv", "filters": 2, "kernel": 1, "bias": false},
          {"name": "relu", "kind": "relu"}, {"name": "flat", "kind": "flatten"},
          {"name": "out", "kind": "dense", "units": 1, "bias": false}]}""");
        return Model.of(
                description,
                backend,
                p -> p.name().startsWith("conv") ? new float[] {1, -2} : new float[] {1, 5, -1, 5, 2, 5, 7, 3});
    }

    /** 7 x 7 inputs, two 3 x 3 filters that see upright and lying strokes, both of which speak for the one class. */
    static Model strokes(Backend backend) {
        ModelDescription description = ModelDescription.parse(
                """
        {"input": {"height": 7, "width": 7}, "classes": ["stroke"], "layers": [
          {"name": "conv", "kind": "conv", "filters": 2, "kernel": 3, "padding": "same", "bias": false},
          {"name": "relu", "kind": "relu"}, {"name": "flat", "kind": "flatten"},
          {"name": "out", "kind": "dense", "units": 1, "bias": false}]}""");
        // With -1 beside the stroke, neither filter reacts to the other's strokes anywhere.
        float[][] taps = {{-1, 1, -1, -1, 1, -1, -1, 1, -1}, {-1, -1, -1, 1, 1, 1, -1, -1, -1}};
        float[] weights = new float[18];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = taps[i % 2][i / 2];
        }
        return Model.of(description, backend, p -> p.name().startsWith("conv") ? weights : ones(SIDE * SIDE * 2));
    }

    private static float[] ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Eight inputs with one stroke each, upright in those with even numbers. */
    static float[] strokeInputs() {
        float[] inputs = new float[PLACES.length * SIDE * SIDE];
        for (int n = 0; n < PLACES.length; n++) {
            for (int step = -1; step <= 1; step++) {
                int row = PLACES[n][0] + (n % 2 == 0 ? step : 0);
                int column = PLACES[n][1] + (n % 2 == 0 ? 0 : step);
                inputs[(n * SIDE + row) * SIDE + column] = STRENGTHS[n];
            }
        }
        return inputs;
    }

    /** The numbers of the inputs with upright (0) or lying (1) strokes, the strongest first. */
    static List<Integer> byStrength(int concept) {
        return IntStream.range(0, PLACES.length)
                .boxed()
                .filter(n -> n % 2 == concept)
                .sorted(Comparator.comparingDouble(n -> -STRENGTHS[n]))
                .toList();
    }

    /** Filters 4 6 8, 16 x 16 inputs, 3 classes, random weights. */
    static Model convolutional(Backend backend) {
        return Model.create(ModelDescription.cnn(16, new int[] {4, 6, 8}, 10, 3, 0f), backend, 8);
    }

    /** Inputs for {@link #convolutional}, values from -1 to 1. */
    static float[] randomInputs(int count) {
        Random random = new Random(11);
        float[] values = new float[count * 16 * 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    /** Subspaces spanned by the columns of a matrix, D x D, row-major, of class 0. */
    static Subspaces subspaces(String layer, int count, float... basis) {
        return subspaces(layer, count, 0, basis);
    }

    /** Subspaces spanned by a random matrix. */
    static Subspaces randomSubspaces(String layer, int dimensions, int count, int classIndex) {
        double[] matrix = HaarOrthogonal.sample(dimensions, 100 + classIndex);
        float[] basis = new float[matrix.length];
        for (int i = 0; i < basis.length; i++) {
            basis[i] = (float) matrix[i];
        }
        return subspaces(layer, count, classIndex, basis);
    }

    private static Subspaces subspaces(String layer, int count, int classIndex, float[] basis) {
        Provenance provenance = new Provenance("", layer, classIndex, "class " + (classIndex + 1), 20, 4, 9);
        int dimensions = (int) Math.round(Math.sqrt(basis.length));
        return new Subspaces(
                provenance,
                Method.RANDOM,
                new SubspaceSettings(count, 0, 1, 0, 1f),
                dimensions,
                basis,
                new float[][] {{0f}},
                0,
                new double[count]);
    }
}
