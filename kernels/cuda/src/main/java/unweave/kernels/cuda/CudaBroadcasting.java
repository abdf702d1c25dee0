package unweave.kernels.cuda;

import unweave.kernels.Broadcast;
import unweave.kernels.Broadcasting;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/** {@link Broadcasting} on the GPU. */
final class CudaBroadcasting implements Broadcasting {
    /** As in broadcasting.cu. */
    private static final int COLUMNS = 32;

    private static final int ROWS = 8;

    private final CudaDevice device;
    private final ElementLaunches elements;
    private final RowSums rowSums;

    CudaBroadcasting(CudaDevice device) {
        this.device = device;
        elements = new ElementLaunches(device);
        rowSums = new RowSums(device);
    }

    @Override
    public void combine(Combination f, ImageShape shapeA, Floats a, ImageShape shapeB, Floats b, Floats c) {
        Broadcast broadcast = new Broadcast(shapeA, shapeB);
        ElementLaunches.requireSize(shapeA.size(), a);
        ElementLaunches.requireSize(shapeB.size(), b);
        ElementLaunches.requireSize(broadcast.shape().size(), c);
        Launch launch = elements.kernel("combine")
                .value(f.ordinal())
                .in(a)
                .value(broadcast.repeatsA())
                .in(b)
                .value(broadcast.repeatsB())
                .in(c);
        for (int axis = 1; axis < Broadcast.AXES; axis++) {
            launch.value(broadcast.length(axis));
        }
        elements.run(launch, c.size(), 1, 3);
    }

    @Override
    public void sumAxis(int length, int inner, Floats x, Floats sums) {
        ElementLaunches.requireSize(sums.size() * length, x);
        int outer = ElementLaunches.rows(inner, sums);
        if (inner == 1) {
            rowSums.sum(length, x, sums);
            return;
        }
        int tiles = (inner + COLUMNS - 1) / COLUMNS;
        device.kernel("sumAxis")
                .value(length)
                .value(inner)
                .in(x)
                .in(sums)
                .value(tiles)
                .grid((long) outer * tiles)
                .block(COLUMNS, ROWS, 1)
                .work((double) x.size(), Float.BYTES * (double) (x.size() + sums.size()))
                .run();
    }
}
