package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Recurrence;
import unweave.kernels.RecurrentShape;

/** {@link Recurrence} on the GPU, {@code recurrent.cu}: a block for each series goes through its steps. */
final class CudaRecurrence implements Recurrence {
    private static final int BLOCK = 256;

    private final CudaDevice device;

    CudaRecurrence(CudaDevice device) {
        this.device = device;
    }

    @Override
    public void recurrentForward(
            RecurrentShape shape, Floats projected, Floats weight, Floats bias, Floats h, Floats saved) {
        ElementLaunches.requireSize(shape.gatesSize(), projected);
        ElementLaunches.requireSize((long) shape.cell().gates() * shape.units(), bias);
        requireRecorded(shape, weight, h, saved);
        Launch launch = begin("recurrentForward", shape)
                .in(projected)
                .in(weight)
                .in(bias)
                .in(h)
                .in(saved);
        run(launch, shape.batch(), shape.gatesSize() * 2.0 * shape.units(), projected, weight, h, saved);
    }

    @Override
    public void recurrentBackward(
            RecurrentShape shape, Floats weight, Floats h, Floats saved, Floats dh, Floats dProjected, Floats dHidden) {
        requireRecorded(shape, weight, h, saved);
        ElementLaunches.requireSize(shape.size(), dh);
        ElementLaunches.requireSize(shape.gatesSize(), dProjected, dHidden);
        try (Floats scratch = device.floats(2L * shape.batch() * shape.units())) {
            Launch launch = begin("recurrentBackward", shape)
                    .in(weight)
                    .in(h)
                    .in(saved)
                    .in(dh)
                    .in(dProjected)
                    .in(dHidden)
                    .in(scratch);
            double flops = shape.gatesSize() * 2.0 * shape.units();
            run(launch, shape.batch(), flops, weight, h, saved, dh, dProjected, dHidden);
        }
    }

    @Override
    public void recurrentRelevance(
            RecurrentShape shape,
            float eps,
            Floats weight,
            Floats h,
            Floats saved,
            Floats relevance,
            Floats quotient,
            Floats lost) {
        requireRecorded(shape, weight, h, saved);
        ElementLaunches.requireSize(relevance.size(), quotient, lost);
        int series = Math.multiplyExact(Recurrence.maps(shape, relevance.size()), shape.batch());
        try (Floats scratch = device.floats((long) series * shape.units())) {
            Launch launch = begin("recurrentRelevance", shape)
                    .value(shape.batch())
                    .value(eps)
                    .in(weight)
                    .in(h)
                    .in(saved)
                    .in(relevance)
                    .in(quotient)
                    .in(lost)
                    .in(scratch);
            run(launch, series, relevance.size() * 2.0 * shape.units(), weight, h, saved, relevance, quotient, lost);
        }
    }

    private static void requireRecorded(RecurrentShape shape, Floats weight, Floats h, Floats saved) {
        ElementLaunches.requireSize(shape.weightSize(), weight);
        ElementLaunches.requireSize(shape.size(), h);
        ElementLaunches.requireSize(shape.savedSize(), saved);
    }

    private Launch begin(String kernel, RecurrentShape shape) {
        return device.kernel(kernel)
                .value(shape.cell().ordinal())
                .value(shape.steps())
                .value(shape.units())
                .value(shape.backwards() ? 1 : 0);
    }

    private static void run(Launch launch, int series, double flops, Floats... operands) {
        double bytes = 0;
        for (Floats operand : operands) {
            bytes += (double) Float.BYTES * operand.size();
        }
        launch.grid(series).block(BLOCK).work(flops, bytes).run();
    }
}
