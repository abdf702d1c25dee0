package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * y = gamma (x - mean) / sqrt(variance + eps) + beta with the statistics of the values that are normalised together:
 * layer normalisation over some axes, group and instance normalisation.
 */
public final class LayerNormNode extends Node {
    private final NormalizedRows rows;
    private final Parameter gamma;
    private final Parameter beta;
    /** What the rows meet: gamma and beta, or ones and zeros where these belong to channels. */
    private final Parameter rowGamma;

    private final Parameter rowBeta;
    private final float eps;
    private final Floats mean;
    private final Floats inverseStd;

    private LayerNormNode(
            Tape tape, String layer, Tensor x, NormalizedRows rows, Parameter gamma, Parameter beta, float eps) {
        super(layer, x);
        this.rows = rows;
        this.gamma = gamma;
        this.beta = beta;
        this.eps = eps;
        rowGamma = rows.perChannel() ? tape.constant(rows.width(), 1f) : gamma;
        rowBeta = rows.perChannel() ? tape.constant(rows.width(), 0f) : beta;
        mean = tape.backend().floats(x.size() / rows.width());
        inverseStd = tape.backend().floats(x.size() / rows.width());
    }

    /** Computes it and adds it to {@code tape}. */
    static Tensor record(
            Tape tape, String layer, Tensor x, NormalizedRows rows, Parameter gamma, Parameter beta, float eps) {
        LayerNormNode node = new LayerNormNode(tape, layer, x, rows, gamma, beta, eps);
        Floats y = tape.owned(node.normalized(tape.backend()));
        if (rows.perChannel()) {
            tape.backend().elementwise().multiply(y, gamma.value(), y);
            tape.backend().elementwise().add(y, beta.value(), y);
        }
        return tape.record(node, new Tensor(x.shape(), y, true));
    }

    /** The output, without gamma and beta where these belong to channels; new memory. */
    private Floats normalized(Backend backend) {
        return rows.through(backend, input().data(), (x, y) -> backend.normalization()
                .layerNormForward(rows.width(), x, rowGamma.value(), rowBeta.value(), eps, mean, inverseStd, y));
    }

    /** Which values are normalised together. */
    public NormalizedRows rows() {
        return rows;
    }

    public Parameter gamma() {
        return gamma;
    }

    public Parameter beta() {
        return beta;
    }

    /** 1 / standard deviation of each row of the input. */
    public Floats inverseStd() {
        return inverseStd;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        if (rows.perChannel()) {
            addChannelGradients(backend, dy, gradients);
            backend.elementwise().multiply(dy, gamma.value(), dy);
        }
        Floats dx = rows.through(
                backend,
                dy,
                (dyRows, dxRows) -> rows.with(
                        input().data(),
                        x -> gradients.addTo(
                                rowGamma,
                                dg -> gradients.addTo(rowBeta, db -> backend.normalization()
                                        .layerNormBackward(
                                                rows.width(),
                                                x,
                                                rowGamma.value(),
                                                mean,
                                                inverseStd,
                                                dyRows,
                                                dxRows,
                                                dg,
                                                db)))));
        dy.close();
        gradients.add(input(), dx);
    }

    /** dgamma and dbeta of each channel: those of a batch normalisation of what is normalised already. */
    private void addChannelGradients(Backend backend, Floats dy, Gradients gradients) {
        int channels = output().channels();
        try (Floats normalized = normalized(backend);
                Floats zeros = backend.floats(channels);
                Floats ones = backend.floats(channels);
                Floats unused = backend.floats(dy.size())) {
            backend.fill(zeros, 0f);
            backend.fill(ones, 1f);
            gradients.addTo(
                    gamma,
                    dg -> gradients.addTo(beta, db -> backend.normalization()
                            .batchNormBackward(channels, normalized, gamma.value(), zeros, ones, dy, unused, dg, db)));
        }
    }

    @Override
    void free() {
        mean.close();
        inverseStd.close();
    }
}
