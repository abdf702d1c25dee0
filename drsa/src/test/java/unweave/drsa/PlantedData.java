package unweave.drsa;

import java.util.Random;

/**
 * Activation and context vectors whose relevance lies in known subspaces: every row draws both from one block of a
 * random orthogonal matrix.
 */
final class PlantedData {
    private PlantedData() {}

    /** Where the data would have come from. */
    static Provenance provenance() {
        return new Provenance("0123456789abcdef", "conv3", 1, "drums", 500, 16, 7);
    }

    /**
     * The data; row n belongs to block n mod K of the planted matrix, and block k carries the k-th part of
     * {@code strengths}.
     *
     * @param planted D x D orthogonal, row-major
     * @param strengths factor on the relevance of each of the K blocks
     * @param noise standard deviation of what is added in all directions, relative to the values in the block
     */
    static ContextData of(int rows, int dimensions, double[] planted, double[] strengths, double noise, long seed) {
        Random random = new Random(seed);
        int width = dimensions / strengths.length;
        float[] a = new float[rows * dimensions];
        float[] c = new float[rows * dimensions];
        for (int n = 0; n < rows; n++) {
            int block = n % strengths.length;
            for (int i = block * width; i < (block + 1) * width; i++) {
                double latent = random.nextGaussian();
                for (int j = 0; j < dimensions; j++) {
                    a[n * dimensions + j] += (float) (latent * planted[j * dimensions + i]);
                    c[n * dimensions + j] += (float) (strengths[block] * latent * planted[j * dimensions + i]);
                }
            }
            for (int j = 0; j < dimensions; j++) {
                a[n * dimensions + j] += (float) (noise * random.nextGaussian());
                c[n * dimensions + j] += (float) (noise * random.nextGaussian());
            }
        }
        return new ContextData(provenance(), dimensions, a, c);
    }

    /**
     * |U_k^T Q_b|^2 / (D/K): 1 where block k of U spans the same subspace as block b of Q, 0 where they are at right
     * angles.
     */
    static double overlap(int dimensions, int subspaces, float[] u, int k, double[] q, int b) {
        int width = dimensions / subspaces;
        double sum = 0;
        for (int i = k * width; i < (k + 1) * width; i++) {
            for (int j = b * width; j < (b + 1) * width; j++) {
                double dot = 0;
                for (int row = 0; row < dimensions; row++) {
                    dot += u[row * dimensions + i] * q[row * dimensions + j];
                }
                sum += dot * dot;
            }
        }
        return sum / width;
    }
}
