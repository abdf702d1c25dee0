package unweave.kernels;

/**
 * Pooling over windows. In the backward passes the batch of {@code dy} and {@code dx}, which is the batch of
 * {@code shape}, may be a multiple of the batch that {@code winners} was recorded for: sample n then uses the winners
 * of sample n mod (recorded batch), so that several relevance maps of the same inputs pass as one batch.
 */
public interface Pooling {
    /**
     * y[n,p,c] = max over the window of x; winners[n,p,c] = iy * inWidth + ix of the first (row by row) of the largest
     * values. Padding never wins. NaN wins over numbers, the first of them.
     */
    void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners);

    /** dx[n,q,c] = sum of dy[n,p,c] over the windows p whose winner is q; all of dx is overwritten. */
    void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx);

    /** y[n,p,c] = (sum of x over the window, padding as zeros) / {@linkplain PoolShape#divisor divisor}[p]. */
    void avgPoolForward(PoolShape shape, Floats x, Floats y);

    /** dx[n,q,c] = sum of dy[n,p,c] / {@linkplain PoolShape#divisor divisor}[p] over the windows p that contain q. */
    void avgPoolBackward(PoolShape shape, Floats dy, Floats dx);

    /**
     * y[n,p,c] = (sum of |x|^exponent over the window)^(1/exponent), padding as zeros (ONNX's LpPool).
     *
     * @param exponent at least 1
     */
    void lpPoolForward(PoolShape shape, float exponent, Floats x, Floats y);

    /**
     * dx[n,q,c] = sum of dy[n,p,c] sign(x[n,q,c]) (|x[n,q,c]| / y[n,p,c])^(exponent - 1) over the windows p that
     * contain q; a window whose y is 0 counts for nothing. x and y may have a smaller batch, as {@code winners} above.
     *
     * @param exponent at least 1
     */
    void lpPoolBackward(PoolShape shape, float exponent, Floats x, Floats y, Floats dy, Floats dx);
}
