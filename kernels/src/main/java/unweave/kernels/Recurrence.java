package unweave.kernels;

/**
 * Recurrent layers in one direction, with p = W_ih x + b_ih of all steps given, W = W_hh, b = b_hh, and h' the hidden
 * state of the step before, zeros at first. Gates lie in PyTorch's order. s is the logistic function.
 *
 * <pre>
 * LSTM               i, f, o = s(p + W h' + b), g = tanh(a), a = p + W h' + b,   rows i f g o
 *                    c = f c' + i g, h = o tanh(c)
 * GRU                r, z = s(p + W h' + b), n = tanh(a), a = p + r q, q = W h' + b,   rows r z n
 *                    h = (1 - z) n + z h'
 * GRU_RESET_BEFORE   as GRU, with a = p + W q + b, q = r h'
 * TANH, RELU         h = tanh(a), h = max(0, a), a = p + W h' + b
 * </pre>
 *
 * For every step of every series, the forward pass saves i f g o c a (LSTM), r z n q a (GRU) or a, each of
 * {@code units} values.
 */
public interface Recurrence {
    /**
     * The hidden states of all steps.
     *
     * @param projected p, batch x steps x gates x units
     * @param weight W, gates x units rows of units
     * @param bias b, gates x units
     * @param h batch x steps x units, written
     * @param saved batch x steps x saved x units, written, for the ways back
     */
    void recurrentForward(RecurrentShape shape, Floats projected, Floats weight, Floats bias, Floats h, Floats saved);

    /**
     * Gradients through time, from those of all hidden states.
     *
     * @param dh gradients of h
     * @param dProjected gradients of p, written
     * @param dHidden gradients of what W h' + b (in GRU_RESET_BEFORE also W q + b) gives, written; those of W and b
     *     follow by products and sums
     */
    void recurrentBackward(
            RecurrentShape shape, Floats weight, Floats h, Floats saved, Floats dh, Floats dProjected, Floats dHidden);

    /**
     * Relevance through time by LRP-all (Arras et al. 2017, 2019; Arjona-Medina et al. 2019): of a product of a gate
     * and a signal all goes to the signal, tanh passes it on, and sums are shared by the epsilon rule, d(R, z) = R / (z
     * + eps sign(z)), 0 where that divides by 0. With R the relevance of h and of what the step behind gives back:
     *
     * <pre>
     * LSTM     v = d(R + R'c, c), where R'c = f c' v goes to the step before;   Ra = i g v
     * GRU      v = d(R, h), where z h' v goes to the step before;               Ra = (1 - z) n v
     * others   Ra = R
     * quotient = d(Ra, a);   h'_j sum over k: W_kj quotient_k goes to the step before, rows of g, n or a
     *                        (GRU: r_k W_kj, GRU_RESET_BEFORE: W_kj r_j)
     * lost = all that the stabilisers keep or that is divided by 0
     * </pre>
     *
     * An input x receives x_j sum over k: W_ih,kj quotient_k, with the same rows.
     *
     * @param relevance of h; its batch may be a multiple of the shape's, whose operands then repeat
     * @param quotient as large as {@code relevance}, written
     * @param lost as large as {@code relevance}, written
     */
    void recurrentRelevance(
            RecurrentShape shape,
            float eps,
            Floats weight,
            Floats h,
            Floats saved,
            Floats relevance,
            Floats quotient,
            Floats lost);

    /**
     * How many maps of the shape's batch an operand like h holds.
     *
     * @throws IllegalArgumentException unless it holds whole ones
     */
    static int maps(RecurrentShape shape, long size) {
        if (size == 0 || size % shape.size() != 0) {
            throw new IllegalArgumentException(
                    "an operand has " + size + " values where a multiple of " + shape.size() + " is needed");
        }
        return Math.toIntExact(size / shape.size());
    }
}
