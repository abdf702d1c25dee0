package unweave.kernels.cpu;

import unweave.kernels.Ascent;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Subspaces;

/** {@link unweave.kernels.Subspaces} on arrays. */
final class SubspaceKernels implements Subspaces {
    private final WorkerPool pool;
    private final CpuMemory memory;
    private final boolean vectors;
    private final ElementLoops loops;
    private final Orthogonalizer orthogonalizer;
    private SubspaceGradient lastGradient;

    SubspaceKernels(WorkerPool pool, CpuMemory memory, boolean vectors) {
        this.pool = pool;
        this.memory = memory;
        this.vectors = vectors;
        loops = ElementLoops.choose(vectors);
        orthogonalizer = new Orthogonalizer(pool, vectors);
    }

    @Override
    public void subspaceGradient(
            int starts,
            int rows,
            int window,
            int dimensions,
            int subspaces,
            Floats a,
            Floats c,
            Floats u,
            Floats gradient,
            Floats objective,
            long offset) {
        pool.requireNoRecording("subspaceGradient");
        subspaceGradient(
                starts,
                rows,
                window,
                dimensions,
                subspaces,
                memory.array(a),
                memory.array(c),
                memory.array(u),
                memory.array(gradient),
                memory.array(objective),
                Math.toIntExact(offset));
    }

    @Override
    public void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u) {
        pool.requireNoRecording("orthogonalize");
        orthogonalize(method, starts, dimensions, memory.array(u));
    }

    @Override
    public void ascend(
            Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        pool.requireNoRecording("ascend");
        ascend(
                ascent,
                steps,
                memory.array(a),
                memory.array(c),
                memory.array(u),
                memory.array(gradient),
                memory.array(objective),
                Math.toIntExact(offset));
    }

    @Override
    public void projectRelevance(int rows, int dimensions, int subspaces, Floats u, Floats a, Floats c, Floats out) {
        pool.requireNoRecording("projectRelevance");
        projectRelevance(
                rows, dimensions, subspaces, memory.array(u), memory.array(a), memory.array(c), memory.array(out));
    }

    void subspaceGradient(
            int starts,
            int rows,
            int window,
            int dimensions,
            int subspaces,
            float[] a,
            float[] c,
            float[] u,
            float[] gradient,
            float[] objective,
            int offset) {
        gradientOf(new SubspaceGradient.Shape(starts, rows, window, dimensions, subspaces), a, c, u, gradient)
                .compute(u, gradient, objective, offset);
    }

    /** As {@link Subspaces#ascend} defines it, but looks at the data once for all steps. */
    void ascend(
            Ascent ascent,
            int steps,
            float[] a,
            float[] c,
            float[] u,
            float[] gradient,
            float[] objective,
            int offset) {
        int starts = ascent.starts();
        SubspaceGradient.Shape shape = new SubspaceGradient.Shape(
                starts, ascent.rows(), ascent.window(), ascent.dimensions(), ascent.subspaces());
        SubspaceGradient ofData = gradientOf(shape, a, c, u, gradient);
        for (int step = 0; step < steps; step++) {
            ofData.compute(u, gradient, objective, offset + step * starts);
            loops.addScaled(ascent.stepSize(), gradient, u, 0, u.length, 0);
            orthogonalize(ascent.orthogonalization(), starts, ascent.dimensions(), u);
        }
    }

    private SubspaceGradient gradientOf(
            SubspaceGradient.Shape shape, float[] a, float[] c, float[] u, float[] gradient) {
        requireDivides(shape.dimensions(), shape.subspaces());
        Subspaces.requireWindows(shape.rows(), shape.window());
        Elements.requireSize(shape.rows() * shape.dimensions(), a, c);
        Elements.requireSize(shape.starts() * shape.dimensions() * shape.dimensions(), u, gradient);
        if (lastGradient == null || !lastGradient.shape().equals(shape)) {
            lastGradient = new SubspaceGradient(pool, vectors, shape);
        }
        lastGradient.load(a, c);
        return lastGradient;
    }

    void orthogonalize(Orthogonalization method, int starts, int dimensions, float[] u) {
        orthogonalizer.orthogonalize(method, starts, dimensions, u);
    }

    void projectRelevance(int rows, int dimensions, int subspaces, float[] u, float[] a, float[] c, float[] out) {
        requireDivides(dimensions, subspaces);
        Elements.requireSize(dimensions * dimensions, u);
        Elements.requireSize(rows * dimensions, a, c);
        Elements.requireSize(subspaces * rows * dimensions, out);
        RelevanceProjection projection = new RelevanceProjection(vectors, rows, dimensions, subspaces, u);
        pool.run(projection.tiles(), tile -> projection.project(tile, a, c, out));
    }

    private static void requireDivides(int dimensions, int subspaces) {
        if (subspaces < 1 || dimensions % subspaces != 0) {
            throw new IllegalArgumentException(
                    dimensions + " dimensions cannot be cut into " + subspaces + " subspaces of equal size");
        }
    }
}
