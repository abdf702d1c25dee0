package unweave.kernels.profile;

import java.util.List;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Orthogonalization;
import unweave.kernels.PoolShape;
import unweave.kernels.Recording;
import unweave.kernels.Spans;

/**
 * Passes every operation on to another backend and writes down when it ran and what it costs. Each method says the
 * cost: additions and multiplications, as in the table of operations, then the operands that memory gives or takes.
 */
public final class ProfilingBackend extends ProfiledElements {
    private final Timeline timeline;
    /** If not, the device tells what it does, and only the host's part, the queueing, is seen here. */
    private final boolean computesAtOnce;

    /** @param inner closed together with this one */
    public ProfilingBackend(Backend inner, Timeline timeline) {
        super(inner);
        this.timeline = timeline;
        this.computesAtOnce = !inner.reportTo(timeline);
    }

    @Override
    void run(String operation, Object shape, Cost cost, Runnable call) {
        timeline.operation(operation, shape, cost, computesAtOnce, call);
    }

    @Override
    public Spans spans() {
        return timeline;
    }

    @Override
    public String description() {
        return inner.description();
    }

    @Override
    public int inputsAtOnce() {
        return inner.inputsAtOnce();
    }

    @Override
    public Ceilings measureCeilings() {
        return inner.measureCeilings();
    }

    @Override
    public Floats floats(long size) {
        return inner.floats(size);
    }

    @Override
    public Ints ints(long size) {
        return inner.ints(size);
    }

    @Override
    public void synchronize() {
        run("synchronize", null, Cost.UNKNOWN, inner::synchronize);
    }

    /** Nothing is recorded, so that every operation can be timed whenever the recording is played. */
    @Override
    public Recording record(Runnable operations) {
        return new Recording() {
            @Override
            public void play() {
                operations.run();
            }

            @Override
            public void close() {
                // There is nothing to free.
            }
        };
    }

    /** Step by step where the steps can be timed; a device that has a better way shows its kernels itself. */
    @Override
    public void ascend(
            Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        if (computesAtOnce) {
            for (int step = 0; step < steps; step++) {
                subspaceGradient(
                        ascent.starts(),
                        ascent.rows(),
                        ascent.dimensions(),
                        ascent.subspaces(),
                        a,
                        c,
                        u,
                        gradient,
                        objective,
                        offset + (long) step * ascent.starts());
                addScaled(ascent.stepSize(), gradient, u);
                orthogonalize(ascent.orthogonalization(), ascent.starts(), ascent.dimensions(), u);
            }
        } else {
            run("ascend", ascent, Cost.UNKNOWN, () -> inner.subspaces()
                    .ascend(ascent, steps, a, c, u, gradient, objective, offset));
        }
    }

    @Override
    public void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        run("convForward", shape, Cost.of(shape.flops(), x, w, bias, y), () -> inner.convolutions()
                .convForward(shape, x, w, bias, relu, y));
    }

    @Override
    public void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx) {
        run("convBackwardInput", shape, Cost.of(shape.flops(), dy, w, dx), () -> inner.convolutions()
                .convBackwardInput(shape, dy, w, dx));
    }

    @Override
    public void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias) {
        run("convBackwardWeights", shape, Cost.of(shape.flops(), x, dy, dw, dbias), () -> inner.convolutions()
                .convBackwardWeights(shape, x, dy, dw, dbias));
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        run("gemm", List.of(m, n, k), Cost.of(2.0 * m * n * k, a, b, c), () -> inner.convolutions()
                .gemm(transposeA, transposeB, m, n, k, a, b, c));
    }

    @Override
    public void convReluMaxPool(
            ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners) {
        run(
                "convReluMaxPool",
                shape,
                Cost.of(shape.flops() + window(pool), x, w, bias, y).andMoved(winners == null ? 0 : winners.size()),
                () -> inner.fused().convReluMaxPool(shape, x, w, bias, pool, y, winners));
    }

    @Override
    public void convReluMaxPoolBackward(
            ConvShape shape,
            Floats x,
            Floats w,
            PoolShape pool,
            Floats y,
            Floats dy,
            Ints winners,
            Floats dx,
            Floats dw,
            Floats dbias) {
        double flops = (dx == null ? 0 : shape.flops()) + (dw == null ? 0 : shape.flops()) + pool.outputSize();
        run(
                "convReluMaxPoolBackward",
                shape,
                Cost.of(flops, x, w, y, dy, dx, dw, dbias).andMoved(winners.size()),
                () -> inner.fused().convReluMaxPoolBackward(shape, x, w, pool, y, dy, winners, dx, dw, dbias));
    }

    @Override
    public void convDivide(ConvShape shape, Floats x, Floats w, Floats bias, float eps, Floats r, Floats q) {
        run("convDivide", shape, Cost.of(shape.flops() + 2.0 * r.size(), x, w, bias, r, q), () -> inner.fused()
                .convDivide(shape, x, w, bias, eps, r, q));
    }

    @Override
    public void convBackwardInputProduct(
            ConvShape shape, Floats q, Floats w, float alpha, Floats x, boolean add, Floats out) {
        Cost product = Cost.of(shape.flops() + (add ? 3.0 : 2.0) * out.size(), q, w, x, out)
                .andMoved(add ? out.size() : 0);
        run("convBackwardInputProduct", shape, product, () -> inner.fused()
                .convBackwardInputProduct(shape, q, w, alpha, x, add, out));
    }

    @Override
    public void convMaxPoolDivide(
            ConvShape shape,
            Floats x,
            Floats w,
            Floats bias,
            float eps,
            PoolShape pool,
            Floats r,
            Ints winners,
            Floats q) {
        run(
                "convMaxPoolDivide",
                shape,
                Cost.of(shape.flops() + 2.0 * r.size(), x, w, bias, r, q).andMoved(winners.size()),
                () -> inner.fused().convMaxPoolDivide(shape, x, w, bias, eps, pool, r, winners, q));
    }

    @Override
    public void convMaxPoolBackwardInputProduct(
            ConvShape shape,
            PoolShape pool,
            Floats dy,
            Ints winners,
            float eps,
            Floats z,
            Floats w,
            float alpha,
            Floats x,
            boolean add,
            Floats out) {
        run(
                "convMaxPoolBackwardInputProduct",
                shape,
                Cost.of(shape.flops() + 2.0 * dy.size() + (add ? 3.0 : 2.0) * out.size(), dy, z, w, x, out)
                        .andMoved(winners.size() + (add ? out.size() : 0)),
                () -> inner.fused()
                        .convMaxPoolBackwardInputProduct(shape, pool, dy, winners, eps, z, w, alpha, x, add, out));
    }

    @Override
    public void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners) {
        run("maxPoolForward", shape, Cost.of(window(shape), x, y).andMoved(winners.size()), () -> inner.pooling()
                .maxPoolForward(shape, x, y, winners));
    }

    @Override
    public void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx) {
        run(
                "maxPoolBackward",
                shape,
                Cost.of(shape.outputSize(), dy, dx).andMoved(winners.size()),
                () -> inner.pooling().maxPoolBackward(shape, dy, winners, dx));
    }

    @Override
    public void avgPoolForward(PoolShape shape, Floats x, Floats y) {
        run("avgPoolForward", shape, Cost.of(window(shape), x, y), () -> inner.pooling()
                .avgPoolForward(shape, x, y));
    }

    @Override
    public void avgPoolBackward(PoolShape shape, Floats dy, Floats dx) {
        run("avgPoolBackward", shape, Cost.of(window(shape), dy, dx), () -> inner.pooling()
                .avgPoolBackward(shape, dy, dx));
    }

    @Override
    public void batchNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            float momentum,
            Floats runningMean,
            Floats runningVariance,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        run(
                "batchNormForward",
                x.size(),
                Cost.of(8.0 * x.size(), x, y).andMoved(8.0 * channels),
                () -> inner.normalization()
                        .batchNormForward(
                                channels,
                                x,
                                gamma,
                                beta,
                                eps,
                                momentum,
                                runningMean,
                                runningVariance,
                                savedMean,
                                savedInverseStd,
                                y));
    }

    @Override
    public void batchNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta) {
        run(
                "batchNormBackward",
                x.size(),
                Cost.of(10.0 * x.size(), x, dy, dx).andMoved(5.0 * channels),
                () -> inner.normalization()
                        .batchNormBackward(channels, x, gamma, savedMean, savedInverseStd, dy, dx, dgamma, dbeta));
    }

    @Override
    public void batchNormInference(
            int channels, Floats x, Floats gamma, Floats beta, float eps, Floats mean, Floats variance, Floats y) {
        run(
                "batchNormInference",
                x.size(),
                Cost.of(4.0 * x.size(), x, y).andMoved(4.0 * channels),
                () -> inner.normalization().batchNormInference(channels, x, gamma, beta, eps, mean, variance, y));
    }

    @Override
    public void layerNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        run(
                "layerNormForward",
                x.size(),
                Cost.of(8.0 * x.size(), x, gamma, beta, savedMean, savedInverseStd, y),
                () -> inner.normalization()
                        .layerNormForward(channels, x, gamma, beta, eps, savedMean, savedInverseStd, y));
    }

    @Override
    public void layerNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta) {
        run(
                "layerNormBackward",
                x.size(),
                Cost.of(12.0 * x.size(), x, gamma, savedMean, savedInverseStd, dy, dx, dgamma, dbeta),
                () -> inner.normalization()
                        .layerNormBackward(channels, x, gamma, savedMean, savedInverseStd, dy, dx, dgamma, dbeta));
    }

    @Override
    public void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits) {
        run(
                "softmaxCrossEntropy",
                logits.size(),
                Cost.of(10.0 * logits.size(), logits, losses, dlogits).andMoved(labels.size()),
                () -> inner.training().softmaxCrossEntropy(classes, logits, labels, losses, dlogits));
    }

    @Override
    public void sgd(float rate, float momentum, float decay, Floats gradient, Floats velocity, Floats w) {
        run("sgd", w.size(), Cost.of(6.0 * w.size(), gradient, velocity, velocity, w, w), () -> inner.training()
                .sgd(rate, momentum, decay, gradient, velocity, w));
    }

    @Override
    public void adam(
            float beta1,
            float beta2,
            float eps,
            float decay,
            Floats step,
            Floats gradient,
            Floats m,
            Floats v,
            Floats w) {
        run("adam", w.size(), Cost.of(14.0 * w.size(), gradient, m, m, v, v, w, w), () -> inner.training()
                .adam(beta1, beta2, eps, decay, step, gradient, m, v, w));
    }

    @Override
    public void subspaceGradient(
            int starts,
            int rows,
            int dimensions,
            int subspaces,
            Floats a,
            Floats c,
            Floats u,
            Floats gradient,
            Floats objective,
            long offset) {
        run(
                "subspaceGradient",
                List.of(starts, rows, dimensions),
                Cost.of(8.0 * rows * u.size(), a, c, u, gradient).andMoved(starts),
                () -> inner.subspaces()
                        .subspaceGradient(starts, rows, dimensions, subspaces, a, c, u, gradient, objective, offset));
    }

    @Override
    public void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u) {
        run(
                "orthogonalize",
                List.of(starts, dimensions, dimensions),
                Cost.of(20.0 * dimensions * u.size(), u, u),
                () -> inner.subspaces().orthogonalize(method, starts, dimensions, u));
    }

    @Override
    public void projectRelevance(int rows, int dimensions, int subspaces, Floats u, Floats a, Floats c, Floats out) {
        run(
                "projectRelevance",
                List.of(rows, dimensions),
                Cost.of(4.0 * rows * u.size(), u, a, c, out),
                () -> inner.subspaces().projectRelevance(rows, dimensions, subspaces, u, a, c, out));
    }

    /** Additions, or comparisons, of all windows. */
    private static double window(PoolShape shape) {
        return (double) shape.outputSize() * shape.kernelHeight() * shape.kernelWidth();
    }

    @Override
    public void close() {
        inner.close();
    }
}
