package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * c = a b or c = a b^T for every matrix, one for each row of the images: a [N, H, M, K], b [N, H, K, P] or, transposed,
 * [N, H, P, K], c [N, H, M, P]. Both factors are activations, as in attention.
 */
public final class MatMulNode extends Node {
    private final boolean transposeSecond;

    private MatMulNode(String layer, Tensor a, Tensor b, boolean transposeSecond) {
        super(layer, a, b);
        this.transposeSecond = transposeSecond;
    }

    /** Computes the products and adds them to {@code tape}. */
    static Tensor record(Tape tape, String layer, Tensor a, Tensor b, boolean transposeSecond) {
        int depthOfB = transposeSecond ? 3 : 2;
        if (a.rank() != 4
                || b.rank() != 4
                || a.batch() != b.batch()
                || a.length(1) != b.length(1)
                || a.length(3) != b.length(depthOfB)) {
            throw new IllegalArgumentException("layer " + layer + " multiplies " + a + " and " + b
                    + (transposeSecond ? " transposed" : "") + ": the matrices do not fit");
        }
        MatMulNode node = new MatMulNode(layer, a, b, transposeSecond);
        int[] shape = {a.batch(), a.length(1), a.length(2), b.length(5 - depthOfB)};
        boolean needsGradient = a.needsGradient() || b.needsGradient();
        return tape.record(node, new Tensor(shape, node.product(tape, a, b), needsGradient));
    }

    private Floats product(Tape tape, Tensor a, Tensor b) {
        int columns = b.length(transposeSecond ? 2 : 3);
        Floats c = tape.own(a.size() / a.channels() * columns);
        tape.backend()
                .attention()
                .matmul(false, transposeSecond, a.length(2), columns, a.channels(), a.data(), b.data(), c);
        return c;
    }

    /**
     * The gradient of a factor: dc b^T of the first, a^T dc of the second, or what these are where b is transposed.
     *
     * @param factor 0 or 1
     * @param dc a multiple of the output's size, not modified; the other factor repeats
     * @return new memory, the same multiple of the factor's size
     */
    public Floats towards(Backend backend, int factor, Floats dc) {
        Tensor a = inputs().get(0);
        Tensor b = inputs().get(1);
        int m = output().length(2);
        int p = output().length(3);
        int k = a.channels();
        Floats result = backend.floats(
                dc.size() / output().size() * inputs().get(factor).size());
        if (factor == 0) {
            backend.attention().matmul(false, !transposeSecond, m, k, p, dc, b.data(), result);
        } else if (transposeSecond) {
            backend.attention().matmul(true, false, p, k, m, dc, a.data(), result);
        } else {
            backend.attention().matmul(true, false, k, p, m, a.data(), dc, result);
        }
        return result;
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative();
    }

    @Override
    void backward(Backend backend, Floats dc, Gradients gradients) {
        for (int factor = 0; factor < 2; factor++) {
            if (inputs().get(factor).needsGradient()) {
                gradients.add(inputs().get(factor), towards(backend, factor, dc));
            }
        }
        dc.close();
    }
}
