package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Indexing;
import unweave.kernels.Ints;

/** {@link Indexing} on the GPU, {@code gather.cu}. */
final class CudaIndexing implements Indexing {
    private static final int BLOCK = 256;

    private final CudaDevice device;

    CudaIndexing(CudaDevice device) {
        this.device = device;
    }

    @Override
    public void gather(int width, int sources, Floats x, Ints index, float fill, Floats y) {
        int outputs = Math.toIntExact(index.size());
        int batch = Indexing.batch(x.size(), sources, y.size(), outputs, width);
        Launch launch = device.kernel("gather")
                .value(width)
                .value(sources)
                .value(outputs)
                .in(x)
                .in(index)
                .value(fill)
                .in(y);
        run(launch, Math.multiplyExact(batch, outputs), width, 0, 2 * y.size() + index.size());
    }

    @Override
    public void gatherBackward(int width, int outputs, Floats dy, Ints starts, Ints places, Floats dx) {
        int sources = Math.toIntExact(starts.size()) - 1;
        int batch = Indexing.batch(dy.size(), outputs, dx.size(), sources, width);
        Launch launch = device.kernel("gatherBackward")
                .value(width)
                .value(sources)
                .value(outputs)
                .in(dy)
                .in(starts)
                .in(places)
                .in(dx);
        run(
                launch,
                Math.multiplyExact(batch, sources),
                width,
                dy.size(),
                dy.size() + dx.size() + starts.size() + places.size());
    }

    /** Up to a warp along a row, the rest of a block over rows. */
    private static void run(Launch launch, int rows, int width, double flops, double values) {
        int threadsAlongRow = Math.min(32, ElementLaunches.powerOfTwoFrom(width % 4 == 0 ? width / 4 : width));
        int rowsOfBlock = BLOCK / threadsAlongRow;
        launch.value(rows)
                .grid((rows + rowsOfBlock - 1L) / rowsOfBlock)
                .block(threadsAlongRow, rowsOfBlock, 1)
                .work(flops, Float.BYTES * values)
                .run();
    }
}
