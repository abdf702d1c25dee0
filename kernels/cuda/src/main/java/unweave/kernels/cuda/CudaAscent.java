package unweave.kernels.cuda;

import unweave.kernels.Ascent;
import unweave.kernels.Floats;

/**
 * The steps of {@link unweave.kernels.Subspaces#ascend} on one problem: a step is recorded as a graph once and launched
 * again and again, so the host only says "again", many steps ahead of the device. A profile, which wants to see the
 * kernels, gets them one by one. Data, U, its eigenvectors and the place of the next objective stay on the device.
 */
final class CudaAscent implements AutoCloseable {
    private final CudaDevice device;
    private final CudaSubspaceGradient gradients;
    private final CudaOrthogonalization orthogonalization;
    private final Place place;
    private final CudaSubspaceGradient.Shape shape;
    private final CudaFloats data;
    private final CudaFloats vectors;
    private final CudaInts position;
    private CudaGraph graph;

    /** What is recorded: a problem and where its operands lie. */
    record Place(Ascent ascent, long u, long gradient, long objective) {}

    CudaAscent(
            CudaDevice device, CudaSubspaceGradient gradients, CudaOrthogonalization orthogonalization, Place place) {
        this.device = device;
        this.gradients = gradients;
        this.orthogonalization = orthogonalization;
        this.place = place;
        Ascent ascent = place.ascent();
        shape = new CudaSubspaceGradient.Shape(
                ascent.starts(), ascent.rows(), ascent.window(), ascent.dimensions(), ascent.subspaces());
        data = device.floats((long) shape.stackedRows() * shape.dimensions());
        vectors = orthogonalization.doubles(shape.starts(), shape.dimensions());
        position = device.ints(1);
    }

    Place place() {
        return place;
    }

    /**
     * Takes at least one step. The first from I as eigenvectors: results must not depend on what was computed before.
     */
    void run(int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        device.own(u, shape.basisSize());
        device.own(gradient, shape.basisSize());
        gradients.stackInto(shape, a, c, data);
        orthogonalization.beginVectors(shape.starts(), shape.dimensions(), vectors);
        device.stream().fill(position.address(), Math.toIntExact(offset), 1);
        int taken = 0;
        boolean recorded = !device.stream().isListenedTo();
        if (recorded && graph == null) {
            // Loads the kernels and takes the memory that recording then finds.
            step(u, gradient, objective);
            taken = 1;
            graph = device.capture(() -> step(u, gradient, objective));
        }
        for (; taken < steps; taken++) {
            if (recorded) {
                graph.play();
            } else {
                step(u, gradient, objective);
            }
        }
    }

    private void step(Floats u, Floats gradient, Floats objective) {
        gradients.step(shape, place.ascent().stepSize(), data, u, objective, position, gradient);
        orthogonalization.orthogonalize(
                place.ascent().orthogonalization(), shape.starts(), shape.dimensions(), u, vectors);
    }

    @Override
    public void close() {
        if (graph != null) {
            graph.close();
        }
        data.close();
        vectors.close();
        position.close();
    }
}
