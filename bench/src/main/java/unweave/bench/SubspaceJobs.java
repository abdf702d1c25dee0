package unweave.bench;

import java.util.List;
import java.util.function.BiFunction;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;

/**
 * One step of the search for subspaces, as {@link unweave.drsa.SubspaceAscent} takes it: gradient, addition,
 * orthogonalisation.
 */
final class SubspaceJobs {
    private static final int STARTS = 3;

    /**
     * Steps of one ascent. The search takes a hundred on the same data, so that one inspection of the data hardly
     * counts.
     */
    private static final int STEPS = 10;

    private SubspaceJobs() {}

    static List<Job> all() {
        return List.of(
                step("", 9600, 128, JobData::vectors),
                step(", nothing zero", 9600, 128, JobData::fullVectors),
                step("", 9600, 64, JobData::vectors),
                step("", 8000, 16, JobData::vectors));
    }

    /**
     * The three starts are one batch; the time reported is that of one of them. Projections and gradient are two
     * products of N x D by D x D each.
     */
    private static Job step(String note, int rows, int dimensions, BiFunction<Integer, Integer, JobData.Vectors> data) {
        double flops = 8.0 * rows * dimensions * dimensions;
        return new Job(
                "DRSA step, one of 3 starts, D " + dimensions + " N " + rows + note,
                flops,
                1.0 / (STARTS * STEPS),
                (backend, threads) -> new Step(backend, rows, dimensions, data.apply(rows, dimensions)));
    }

    private static final class Step implements PreparedJob {
        private final Backend backend;
        private final Ascent ascent;
        private final Floats activations;
        private final Floats contexts;
        private final Floats bases;
        private final Floats gradient;
        private final Floats objective;

        Step(Backend backend, int rows, int dimensions, JobData.Vectors data) {
            this.backend = backend;
            ascent = new Ascent(STARTS, rows, dimensions, JobData.CONCEPTS, 1f, Orthogonalization.AUTO);
            activations = backend.floats(data.activations());
            contexts = backend.floats(data.contexts());
            bases = backend.floats(starts(dimensions));
            gradient = backend.floats(bases.size());
            objective = backend.floats(STARTS * STEPS);
        }

        private static float[] starts(int dimensions) {
            float[] bases = new float[STARTS * dimensions * dimensions];
            for (int start = 0; start < STARTS; start++) {
                System.arraycopy(
                        JobData.basis(dimensions, start),
                        0,
                        bases,
                        start * dimensions * dimensions,
                        dimensions * dimensions);
            }
            return bases;
        }

        @Override
        public double run() {
            backend.subspaces().ascend(ascent, STEPS, activations, contexts, bases, gradient, objective, 0);
            return backend.toArray(objective)[0];
        }

        @Override
        public void close() {
            activations.close();
            contexts.close();
            bases.close();
            gradient.close();
            objective.close();
        }
    }
}
