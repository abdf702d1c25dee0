package unweave.kernels.cuda;

import unweave.kernels.Ascent;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Subspaces;

/** Subspace analysis on the GPU. */
final class CudaSubspaces implements Subspaces, AutoCloseable {
    private final CudaDevice device;
    private final CudaSubspaceGradient gradients;
    private final CudaOrthogonalization orthogonalization;
    private CudaAscent lastAscent;

    CudaSubspaces(CudaDevice device) {
        this.device = device;
        gradients = new CudaSubspaceGradient(device);
        orthogonalization = new CudaOrthogonalization(device);
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
        requireDivides(dimensions, subspaces);
        Subspaces.requireWindows(rows, window);
        CudaSubspaceGradient.Shape shape = new CudaSubspaceGradient.Shape(starts, rows, window, dimensions, subspaces);
        device.own(u, shape.basisSize());
        device.own(gradient, shape.basisSize());
        requireRoom(objective, offset, starts);
        try (CudaFloats data = gradients.stack(shape, a, c);
                CudaInts position = device.ints(1)) {
            device.stream().fill(position.address(), Math.toIntExact(offset), 1);
            gradients.evaluate(shape, data, u, objective, position, gradient);
        }
    }

    @Override
    public void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u) {
        device.own(u, (long) starts * dimensions * dimensions);
        orthogonalization.orthogonalize(method, starts, dimensions, u);
    }

    @Override
    public void ascend(
            Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        requireDivides(ascent.dimensions(), ascent.subspaces());
        Subspaces.requireWindows(ascent.rows(), ascent.window());
        requireRoom(objective, offset, (long) steps * ascent.starts());
        if (steps == 0) {
            return;
        }
        CudaAscent.Place place = new CudaAscent.Place(
                ascent,
                device.own(u).address(),
                device.own(gradient).address(),
                device.own(objective).address());
        if (lastAscent == null || !lastAscent.place().equals(place)) {
            close();
            lastAscent = new CudaAscent(device, gradients, orthogonalization, place);
        }
        lastAscent.run(steps, a, c, u, gradient, objective, offset);
    }

    @Override
    public void projectRelevance(int rows, int dimensions, int subspaces, Floats u, Floats a, Floats c, Floats out) {
        requireDivides(dimensions, subspaces);
        int width = dimensions / subspaces;
        long size = (long) rows * dimensions;
        device.own(a, size);
        try (CudaFloats g = device.floats(size)) {
            long basis = device.own(u, (long) dimensions * dimensions).address();
            long projected = device.own(out, subspaces * size).address();
            device.blas()
                    .sgemm(
                            false,
                            false,
                            rows,
                            dimensions,
                            dimensions,
                            1f,
                            device.own(c, size).address(),
                            dimensions,
                            basis,
                            dimensions,
                            0f,
                            g.address(),
                            dimensions);
            device.blas()
                    .sgemmStridedBatched(
                            false,
                            true,
                            rows,
                            dimensions,
                            width,
                            1f,
                            g.address(),
                            dimensions,
                            width,
                            basis,
                            dimensions,
                            width,
                            0f,
                            projected,
                            dimensions,
                            size,
                            subspaces);
            device.kernel("multiplyByActivations")
                    .over(size)
                    .value(size)
                    .value(subspaces)
                    .in(a)
                    .in(out)
                    .work(subspaces * size, Float.BYTES * (2.0 * subspaces + 1) * size)
                    .run();
        }
    }

    private static void requireDivides(int dimensions, int subspaces) {
        if (subspaces < 1 || dimensions % subspaces != 0) {
            throw new IllegalArgumentException(
                    dimensions + " dimensions cannot be cut into " + subspaces + " subspaces of equal size");
        }
    }

    private void requireRoom(Floats objective, long offset, long count) {
        if (offset < 0 || offset + count > device.own(objective).size()) {
            throw new IndexOutOfBoundsException(
                    "objectives " + offset + " to " + (offset + count) + " of " + objective.size());
        }
    }

    @Override
    public void close() {
        if (lastAscent != null) {
            lastAscent.close();
            lastAscent = null;
        }
    }
}
