package unweave.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import unweave.bench.GpuResults.Line;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.ConvShape;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.DeviceLog;
import unweave.kernels.Floats;
import unweave.kernels.cuda.CudaBackend;

/**
 * Every pass of every convolution by our kernels and by cuDNN, by the time that the device spends on the kernels of a
 * call. The transposition of weights is left out: cuDNN needs it only because our order of memory is another.
 */
final class ConvolutionComparison implements DeviceLog {
    private static final String TRANSPOSITION = "transpose";
    private static final String SEPARATOR = "copy";
    private static final int WARM_UP = 3;
    /** The target for the speed of our kernels, as a part of cuDNN's. */
    private static final double LEAST_SPEED = 0.6;

    private final List<Double> milliseconds = new ArrayList<>();
    private double current;

    private ConvolutionComparison() {}

    /** The separator ends the work of a call; the times before it are summed. */
    @Override
    public void deviceWork(String stream, String work, String shape, double flops, double bytes, long begin, long end) {
        if (work.equals(SEPARATOR)) {
            milliseconds.add(current);
            current = 0;
        } else if (!work.equals(TRANSPOSITION) && stream.equals("compute")) {
            current += (end - begin) * 1e-6;
        }
    }

    /** One line for each pass and shape, without cuDNN where {@code cudnn} is false. */
    static List<Line> run(int ordinal, GpuPlan plan, boolean cudnn, Ceilings ceilings) {
        List<ConvShape> shapes = plan.convolutions();
        List<double[]> ours = times(ordinal, ConvolutionLibrary.OWN, shapes, plan.convolutionRuns());
        List<double[]> theirs = cudnn ? times(ordinal, ConvolutionLibrary.CUDNN, shapes, plan.convolutionRuns()) : null;
        double leastSpeed = plan.targets() ? LEAST_SPEED : Double.NaN;
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ConvShape shape = shapes.get(i / Pass.values().length);
            double[] sorted = ours.get(i);
            double median = sorted[sorted.length / 2];
            double bytes = Float.BYTES * (double) (shape.inputSize() + shape.weightSize() + shape.outputSize());
            double least = Math.max(shape.flops() / ceilings.flopsPerSecond(), bytes / ceilings.bytesPerSecond());
            Line line = new Line(
                    "conv" + (i / Pass.values().length + 1) + " " + shape + " "
                            + Pass.values()[i % Pass.values().length],
                    median,
                    sorted[sorted.length / 10],
                    sorted[sorted.length - 1 - sorted.length / 10],
                    least / (median * 1e-3),
                    null,
                    null,
                    null,
                    null,
                    null);
            lines.add(
                    theirs == null ? line : line.against("cuDNN", theirs.get(i)[theirs.get(i).length / 2], leastSpeed));
        }
        return lines;
    }

    /** Sorted times of every pass of every shape. */
    private static List<double[]> times(int ordinal, ConvolutionLibrary library, List<ConvShape> shapes, int runs) {
        ConvolutionComparison log = new ConvolutionComparison();
        try (CudaBackend backend = CudaBackend.create(ordinal, library);
                Floats one = backend.floats(1);
                Floats other = backend.floats(1)) {
            backend.fill(one, 0);
            backend.reportTo(log);
            backend.copy(one, 0, other, 0, 1);
            for (ConvShape shape : shapes) {
                try (Operands operands = new Operands(backend, shape)) {
                    backend.copy(one, 0, other, 0, 1); // behind the uploads
                    for (Pass pass : Pass.values()) {
                        for (int run = 0; run < WARM_UP + runs; run++) {
                            operands.run(pass);
                            backend.copy(one, 0, other, 0, 1);
                        }
                    }
                }
            }
        }
        int each = Pass.values().length * (WARM_UP + runs) + 1;
        List<double[]> times = new ArrayList<>();
        for (int shape = 0; shape < shapes.size(); shape++) {
            for (int pass = 0; pass < Pass.values().length; pass++) {
                int first = 1 + shape * each + 1 + pass * (WARM_UP + runs) + WARM_UP;
                times.add(log.milliseconds.subList(first, first + runs).stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray());
            }
        }
        return times;
    }

    private enum Pass {
        FORWARD("forward"),
        INPUT_GRADIENT("input gradient"),
        WEIGHT_GRADIENT("weight gradient");

        private final String name;

        Pass(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final class Operands implements AutoCloseable {
        private final Backend backend;
        private final ConvShape shape;
        private final Floats x;
        private final Floats w;
        private final Floats y;
        private final Floats dx;
        private final Floats dw;

        Operands(Backend backend, ConvShape shape) {
            this.backend = backend;
            this.shape = shape;
            x = random(backend, shape.inputSize());
            w = random(backend, shape.weightSize());
            y = random(backend, shape.outputSize());
            dx = backend.floats(shape.inputSize());
            dw = backend.floats(shape.weightSize());
        }

        private static Floats random(Backend backend, long size) {
            SplittableRandom random = new SplittableRandom(size);
            float[] values = new float[Math.toIntExact(size)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-1, 1);
            }
            return backend.floats(values);
        }

        void run(Pass pass) {
            switch (pass) {
                case FORWARD -> backend.convolutions().convForward(shape, x, w, null, false, y);
                case INPUT_GRADIENT -> backend.convolutions().convBackwardInput(shape, y, w, dx);
                case WEIGHT_GRADIENT -> backend.convolutions().convBackwardWeights(shape, x, y, dw, null);
                default -> throw new IllegalArgumentException(pass.toString());
            }
        }

        @Override
        public void close() {
            for (Floats floats : Arrays.asList(x, w, y, dx, dw)) {
                floats.close();
            }
        }
    }
}
