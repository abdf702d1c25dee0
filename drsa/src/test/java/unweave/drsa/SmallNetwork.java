package unweave.drsa;

import java.util.Random;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;

/**
 * An untrained network with 16 x 16 inputs, filters 4 6 8 in conv1 to conv3, and 3 classes, and random inputs for it.
 */
final class SmallNetwork {
    static final int FEATURES = 16 * 16;

    private SmallNetwork() {}

    static Model create(Backend backend, long seed) {
        return Model.create(ModelDescription.cnn(16, new int[] {4, 6, 8}, 10, 3, 0f), backend, seed);
    }

    /** Values from -1 to 1. */
    static float[] inputs(int count) {
        Random random = new Random(11);
        float[] values = new float[count * FEATURES];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    /** Subspaces of a layer, spanned by a random matrix. */
    static Subspaces subspaces(String fingerprint, String layer, int dimensions, int count, int classIndex) {
        Provenance provenance = new Provenance(fingerprint, layer, classIndex, "class " + (classIndex + 1), 20, 4, 9);
        double[] matrix = HaarOrthogonal.sample(dimensions, 100 + classIndex);
        float[] basis = new float[matrix.length];
        for (int i = 0; i < basis.length; i++) {
            basis[i] = (float) matrix[i];
        }
        double[] totals = new double[count];
        for (int k = 0; k < count; k++) {
            totals[k] = (count - k) / 3.;
        }
        SubspaceSettings settings = new SubspaceSettings(count, 2, 2, -5, 0.5f);
        return new Subspaces(
                provenance,
                Method.DRSA,
                settings,
                dimensions,
                basis,
                new float[][] {{.1f, .2f, .3f}, {.1f, .3f, .4f}},
                1,
                totals);
    }
}
