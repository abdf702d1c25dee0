package unweave.drsa;

import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Spans;

/**
 * The steps of the optimisation (thesis 3.5 to 3.8), several starts as one batch in the memory of a backend:
 *
 * <pre>
 * U &lt;- U + stepSize * dJ/dU,   then   U &lt;- U (U^T U)^(-1/2),
 * </pre>
 *
 * with the objective J of {@link unweave.kernels.Subspaces#subspaceGradient}; the steps between two reports are one
 * {@link unweave.kernels.Subspaces#ascend}. {@link SubspaceOptimizer} chooses the starts and the data.
 */
public final class SubspaceAscent implements AutoCloseable {
    /**
     * Number of steps after which the objectives are read back, checked and reported. Reading more often would stall an
     * asynchronous device.
     */
    static final int STEPS_PER_REPORT = 100;

    private final Backend backend;
    private final SubspaceSettings settings;
    private final int window;
    private final int dimensions;
    private final int rows;
    private final Floats a;
    private final Floats c;
    private final Floats u;
    private final Floats gradient;
    private final Floats objective;

    /**
     * Brings data and starts into the memory of the backend.
     *
     * @param window consecutive rows whose relevance is one datum
     * @param dimensions D
     * @param a activations, N x D; not modified
     * @param c contexts, N x D; not modified
     * @param start U of every start, starts x D x D, orthogonal; not modified
     */
    public SubspaceAscent(
            Backend backend,
            SubspaceSettings settings,
            int window,
            int dimensions,
            float[] a,
            float[] c,
            float[] start) {
        if (start.length != settings.starts() * dimensions * dimensions
                || a.length != c.length
                || a.length % dimensions != 0) {
            throw new IllegalArgumentException(
                    settings.starts() + " starts with " + start.length + " values, " + a.length + " activations and "
                            + c.length + " contexts do not fit together for D = " + dimensions);
        }
        this.backend = backend;
        this.settings = settings;
        this.window = window;
        this.dimensions = dimensions;
        this.rows = a.length / dimensions;
        this.a = backend.floats(a);
        this.c = backend.floats(c);
        this.u = backend.floats(start);
        this.gradient = backend.floats(u.size());
        this.objective = backend.floats((settings.steps() + 1L) * settings.starts());
    }

    /**
     * Takes all steps, then evaluates J once more.
     *
     * @throws BadInputException if an objective stops being a finite number
     */
    public void run(SubspaceProgress progress) {
        long begin = System.nanoTime();
        int steps = settings.steps();
        Ascent ascent = new Ascent(
                settings.starts(),
                rows,
                window,
                dimensions,
                settings.subspaces(),
                settings.stepSize(),
                settings.orthogonalization());
        for (int done = 0; done < steps; ) {
            int next = Math.min(steps, done + STEPS_PER_REPORT);
            try (Spans.Span span = backend.spans().open("ascent", next)) {
                backend.subspaces()
                        .ascend(ascent, next - done, a, c, u, gradient, objective, (long) done * settings.starts());
            }
            done = next;
            if (done < steps) {
                double secondsPerStep = (System.nanoTime() - begin) * 1e-9 / done;
                progress.progress(done, steps, finiteObjectives(done - 1), secondsPerStep * (steps - done));
            }
        }
        evaluate(steps);
        progress.progress(steps, steps, finiteObjectives(steps), 0);
    }

    /** J after {@code step} steps, kept on the device, and its gradient. */
    private void evaluate(int step) {
        long offset = (long) step * settings.starts();
        backend.subspaces()
                .subspaceGradient(
                        settings.starts(),
                        rows,
                        window,
                        dimensions,
                        settings.subspaces(),
                        a,
                        c,
                        u,
                        gradient,
                        objective,
                        offset);
    }

    private float[] finiteObjectives(int step) {
        float[] objectives = new float[settings.starts()];
        backend.download(objective, (long) step * objectives.length, objectives, 0, objectives.length);
        for (int start = 0; start < objectives.length; start++) {
            if (!Float.isFinite(objectives[start])) {
                throw new BadInputException("the objective of start " + (start + 1) + " became " + objectives[start]
                        + " by step " + step + "; try a step size smaller than " + settings.stepSize());
            }
        }
        return objectives;
    }

    /** J before every step and after the last, starts x (steps + 1). */
    public float[][] curves() {
        float[] all = backend.toArray(objective);
        int starts = settings.starts();
        float[][] curves = new float[starts][settings.steps() + 1];
        for (int i = 0; i < all.length; i++) {
            curves[i % starts][i / starts] = all[i];
        }
        return curves;
    }

    /** U of one start as it is now, D x D. */
    public float[] basis(int start) {
        float[] basis = new float[dimensions * dimensions];
        backend.download(u, (long) start * basis.length, basis, 0, basis.length);
        return basis;
    }

    /** Frees the memory. */
    @Override
    public void close() {
        a.close();
        c.close();
        u.close();
        gradient.close();
        objective.close();
    }
}
