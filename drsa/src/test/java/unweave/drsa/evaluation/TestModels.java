package unweave.drsa.evaluation;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;

/** Networks whose right explanation is known, and a small one with convolutions. */
final class TestModels {
    private TestModels() {}

    /** logit[c] = sum over bins: weights[c][bin] * x[bin]; the right explanation is weights[c] * x. */
    static Model linear(Backend backend, int height, int width, float[]... weights) {
        return linear(backend, LayerShape.image(height, width, 1), weights);
    }

    /** As above, with weights height x width x channels. */
    static Model linear(Backend backend, LayerShape input, float[]... weights) {
        List<String> names = IntStream.range(0, weights.length)
                .mapToObj(i -> "class " + (i + 1))
                .toList();
        ModelDescription description = new ModelDescription(
                input,
                List.of(new Flatten("flatten", List.of()), new Dense("dense1", List.of(), weights.length, false)),
                names,
                new JsonObject(),
                new JsonObject());
        float[] columns = new float[input.features() * weights.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = weights[i % weights.length][i / weights.length];
        }
        return Model.of(description, backend, parameter -> columns);
    }

    /** Filters 4 6 8, 16 x 16 inputs, 3 classes, random weights. */
    static Model convolutional(Backend backend, long seed) {
        return Model.create(ModelDescription.cnn(16, new int[] {4, 6, 8}, 10, 3, 0f), backend, seed);
    }

    /** Values from low to high. */
    static float[] uniform(int count, float low, float high, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = low + (high - low) * random.nextFloat();
        }
        return values;
    }

    /** Subspaces spanned by a random matrix. */
    static Subspaces subspaces(String layer, int dimensions, int count, int classIndex, long seed) {
        double[] matrix = HaarOrthogonal.sample(dimensions, seed);
        float[] basis = new float[matrix.length];
        for (int i = 0; i < basis.length; i++) {
            basis[i] = (float) matrix[i];
        }
        return subspaces(layer, count, classIndex, basis);
    }

    /** Subspaces spanned by a given matrix, D x D, row-major. */
    static Subspaces subspaces(String layer, int count, int classIndex, float[] basis) {
        Provenance provenance = new Provenance("", layer, classIndex, "class " + (classIndex + 1), 20, 4, 9);
        int dimensions = (int) Math.round(Math.sqrt(basis.length));
        return new Subspaces(
                provenance,
                Method.DRSA,
                new SubspaceSettings(count, 0, 1, 0, 1f),
                dimensions,
                basis,
                new float[][] {{0f}},
                0,
                new double[count]);
    }
}
