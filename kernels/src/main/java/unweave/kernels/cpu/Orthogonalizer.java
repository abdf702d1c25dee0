package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;
import unweave.kernels.Orthogonalization;

/**
 * {@link unweave.kernels.Subspaces#orthogonalize}: replaces matrices by their orthogonal polar factors, by products in
 * float32 ({@link NewtonSchulz}) or by eigenvectors in float64 ({@link PolarFactor}). An instance keeps its memory from
 * call to call.
 */
final class Orthogonalizer {
    /** From this D on threads share each matrix; of smaller ones, each thread takes its own. */
    private static final int LEAST_SHARED = 96;

    private final WorkerPool pool;
    private final boolean vectors;
    private int lastDimensions;
    private PolarFactor[] byEigenvectors = {};
    private NewtonSchulz[] byProducts = {};

    Orthogonalizer(WorkerPool pool, boolean vectors) {
        this.pool = pool;
        this.vectors = vectors;
    }

    void orthogonalize(Orthogonalization method, int starts, int dimensions, float[] u) {
        Elements.requireSize(starts * dimensions * dimensions, u);
        if (lastDimensions != dimensions) {
            byEigenvectors = new PolarFactor[0];
            byProducts = new NewtonSchulz[0];
            lastDimensions = dimensions;
        }
        if (method != Orthogonalization.EIGEN) {
            byProducts(starts, dimensions, u);
        } else {
            byEigenvectors(IntStream.range(0, starts).toArray(), dimensions, u);
        }
    }

    /** @param which of the matrices */
    private void byEigenvectors(int[] which, int dimensions, float[] u) {
        prepareEigenvectors(which.length, dimensions);
        int size = dimensions * dimensions;
        if (dimensions < LEAST_SHARED) {
            pool.run(which.length, i -> byEigenvectors[i].replace(u, which[i] * size));
            return;
        }
        int panels = byEigenvectors[0].panels();
        pool.run(which.length, i -> byEigenvectors[i].findEigenvalues(u, which[i] * size));
        pool.run(which.length * panels, task -> byEigenvectors[task / panels].findEigenvectors(task % panels));
        pool.run(
                which.length * panels,
                task -> byEigenvectors[task / panels].multiply(task % panels, u, which[task / panels] * size));
    }

    /** Matrices that are singular or far from orthogonal are left over by the products, and are decomposed. */
    private void byProducts(int starts, int dimensions, float[] u) {
        if (byProducts.length != starts) {
            byProducts = new NewtonSchulz[starts];
            Arrays.setAll(byProducts, start -> new NewtonSchulz(dimensions, vectors));
        }
        int size = dimensions * dimensions;
        if (dimensions < LEAST_SHARED) {
            pool.run(
                    starts,
                    start -> NewtonSchulz.replace(new NewtonSchulz[] {byProducts[start]}, u, start * size, pool));
        } else {
            NewtonSchulz.replace(byProducts, u, 0, pool);
        }
        int[] left = IntStream.range(0, starts)
                .filter(start -> !byProducts[start].isReplaced())
                .toArray();
        if (left.length > 0) {
            byEigenvectors(left, dimensions, u);
        }
    }

    private void prepareEigenvectors(int starts, int dimensions) {
        for (int known = byEigenvectors.length; known < starts; known++) {
            byEigenvectors = Arrays.copyOf(byEigenvectors, known + 1);
            byEigenvectors[known] = new PolarFactor(dimensions, vectors);
        }
    }
}
