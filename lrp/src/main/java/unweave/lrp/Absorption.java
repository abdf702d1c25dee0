package unweave.lrp;

import java.util.Optional;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * Where the relevance of one layer goes that its inputs do not receive, summed up per sample. For a fraction with
 * factor f, q = R / s(z) and the bias' part b' of z, output k gives
 *
 * <pre>
 * to the bias          f q_k b'_k
 * to the stabiliser    f (R_k - q_k z_k)   where q_k is not 0
 * to nobody            R_k                 where no fraction divides it: z = 0, or the sign of no branch
 * </pre>
 *
 * and the rest, f q_k (z_k - b'_k), to the inputs.
 */
final class Absorption implements AutoCloseable {
    private final Backend backend;
    private final Floats bias;
    private final Floats stabilizer;
    private final Floats dropped;

    /**
     * @param relevance what arrived, samples x {@code width}
     * @param width values of the layer's output per sample
     */
    Absorption(Backend backend, Floats relevance, int width) {
        this.backend = backend;
        long samples = relevance.size() / width;
        bias = zeros(samples);
        stabilizer = zeros(samples);
        dropped = backend.floats(samples);
        backend.elementwise().sumRows(width, relevance, dropped);
    }

    private Floats zeros(long size) {
        Floats zeros = backend.floats(size);
        backend.fill(zeros, 0f);
        return zeros;
    }

    /** Adds what one fraction absorbs; z repeats under q and {@code relevance}. */
    void add(Fraction fraction, float gamma, AffineLayer layer, Floats relevance, Floats z, Floats q) {
        try (Floats part = backend.floats(q.size());
                Floats divided = backend.floats(q.size())) {
            backend.propagation().contextVectors(q, q, part); // 1 where q is not 0, else 0
            backend.elementwise().multiply(part, relevance, divided);
            addSums(-fraction.factor(), divided, dropped);
            backend.elementwise().multiply(q, z, part);
            backend.elementwise().addScaled(-1f, part, divided);
            addSums(fraction.factor(), divided, stabilizer);
            Optional<WeightTransform> counted = layer.hasBias() ? fraction.bias() : Optional.empty();
            if (counted.isPresent()) {
                try (Floats b = layer.bias(counted.get(), gamma)) {
                    backend.elementwise().multiply(q, b, part);
                }
                addSums(fraction.factor(), part, bias);
            }
        }
    }

    /** Takes what the inputs received of it, in the order of the output, off what nobody received. */
    void passedOn(Floats relevance) {
        addSums(-1f, relevance, dropped);
    }

    /** From now on nothing of what arrived counts as dropped. */
    void nothingDropped() {
        backend.fill(dropped, 0f);
    }

    /** Adds what the bias took, any number of values of each sample; as {@link #toStabilizer}. */
    void toBias(Floats relevance) {
        addSums(1f, relevance, bias);
    }

    /** Adds what the stabiliser took. */
    void toStabilizer(Floats relevance) {
        addSums(1f, relevance, stabilizer);
    }

    private void addSums(float factor, Floats values, Floats total) {
        try (Floats sums = backend.floats(total.size())) {
            backend.elementwise().sumRows(Math.toIntExact(values.size() / total.size()), values, sums);
            backend.elementwise().addScaled(factor, sums, total);
        }
    }

    /** Per sample. */
    Floats bias() {
        return bias;
    }

    /** Per sample. */
    Floats stabilizer() {
        return stabilizer;
    }

    /** Per sample. */
    Floats dropped() {
        return dropped;
    }

    @Override
    public void close() {
        bias.close();
        stabilizer.close();
        dropped.close();
    }
}
