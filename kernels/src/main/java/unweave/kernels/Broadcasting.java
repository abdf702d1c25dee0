package unweave.kernels;

/**
 * Operands of different shapes: where one has length 1 on an axis and the other more, its values repeat along that
 * axis. A smaller batch repeats, too, image n being image n mod the batch: the activations of some inputs meet several
 * relevance maps of the same inputs.
 */
public interface Broadcasting {
    /**
     * c = f(a, b), value by value. The shape of c has the larger length of both on every axis ({@link Broadcast}); c
     * may be the memory of an operand of that shape.
     *
     * @throws IllegalArgumentException if lengths differ and none is 1, or one batch does not divide the other
     */
    void combine(Combination f, ImageShape shapeA, Floats a, ImageShape shapeB, Floats b, Floats c);

    /**
     * sums[o, i] = sum over r &lt; length: x[o, r, i], of x with {@code inner} values behind each r, accumulated in
     * float64 in a fixed order: the adjoint of repeating along an axis.
     *
     * @throws IllegalArgumentException unless x has {@code length} times the values of sums, which are a multiple of
     *     inner
     */
    void sumAxis(int length, int inner, Floats x, Floats sums);
}
