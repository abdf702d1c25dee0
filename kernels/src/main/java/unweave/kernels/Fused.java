package unweave.kernels;

/**
 * Several operations in one pass, whose intermediate values never reach memory. The results are those of the operations
 * one after the other. Outputs are overwritten unless stated otherwise, inputs not modified, and no output may share
 * memory with an input.
 */
public interface Fused {
    /**
     * A convolution, a ReLU and max-pooling: y, winners = maxPool(max(0, x * w + bias)).
     *
     * @param bias outChannels values, or null for none
     * @param pool the pooling of the convolution's output
     * @param y pool.outputSize() values
     * @param winners as {@link Pooling#maxPoolForward} writes them: cells of the output of the convolution; null if
     *     they are not needed
     */
    void convReluMaxPool(ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners);

    /**
     * A convolution and a nonlinearity: y = f(x * w + bias; c).
     *
     * @param bias outChannels values, or null for none
     * @param y outputSize values
     */
    void convActivate(ConvShape shape, Floats x, Floats w, Floats bias, Activation f, Activation.Constants c, Floats y);

    /**
     * The gradients of {@link #convReluMaxPool} from that of its output: those of the convolution for dz[n,q,c] = sum
     * of dy[n,p,c] over the windows p whose winner is q, where y[n,p,c] &gt; 0.
     *
     * @param y what the pooling gave
     * @param dx inputSize values, or null if not wanted
     * @param dw weightSize values, or null if not wanted
     * @param dbias outChannels values, or null if not wanted; null where dw is
     */
    void convReluMaxPoolBackward(
            ConvShape shape,
            Floats x,
            Floats w,
            PoolShape pool,
            Floats y,
            Floats dy,
            Ints winners,
            Floats dx,
            Floats dw,
            Floats dbias);

    /**
     * The first half of a propagation rule: q[m,i] = r[m,i] / s(z[i]) with z = x * w + bias, for every map m of r; s
     * and its zeros as in {@link Propagation#stabilizedDivide}.
     *
     * @param shape of the batch of x
     * @param bias outChannels values, or null for none
     * @param r maps x outputSize values
     * @param q as r
     */
    void convDivide(ConvShape shape, Floats x, Floats w, Floats bias, float eps, Floats r, Floats q);

    /**
     * The second half of a propagation rule: out[i] = alpha * x[i] * g[i], or out[i] += that, where g =
     * {@link Convolutions#convBackwardInput} of q; x repeats.
     *
     * @param shape of the batch of q: that of x times the number of maps
     * @param x inputSize / maps values
     * @param add whether the product is added to out
     */
    void convBackwardInputProduct(ConvShape shape, Floats q, Floats w, float alpha, Floats x, boolean add, Floats out);

    /**
     * {@link #convDivide} behind max-pooling, at the winners: q[m,i] = r[m,i] / s(z[winner of window i]).
     * {@link Pooling#maxPoolBackward} of q equals convDivide of its result for r.
     *
     * @param shape of the batch of x
     * @param pool the pooling of the convolution's output, of the same batch
     * @param r maps x pool.outputSize() values
     * @param winners pool.outputSize() numbers, as in {@link Pooling#maxPoolBackward}
     * @param q as r
     */
    void convMaxPoolDivide(
            ConvShape shape,
            Floats x,
            Floats w,
            Floats bias,
            float eps,
            PoolShape pool,
            Floats r,
            Ints winners,
            Floats q);

    /**
     * The second half of a propagation rule behind max-pooling, or all of a rule whose denominators do not depend on
     * the input: out[i] = alpha * x[i] * g[i], or out[i] += that, where g = {@link Convolutions#convBackwardInput} of
     * r[m,j] / s(z[j]) and r = {@link Pooling#maxPoolBackward} of dy; s and its zeros as in
     * {@link Propagation#stabilizedDivide}; x repeats.
     *
     * @param shape of the batch of dy: that of x times the number of maps
     * @param pool the pooling of the convolution's output, of the same batch
     * @param dy pool.outputSize() values
     * @param winners as in {@link Pooling#maxPoolBackward}; they repeat
     * @param z the denominators of one sample, outHeight x outWidth x outChannels; null if dy is divided already
     * @param x inputSize / maps values
     * @param add whether the product is added to out
     */
    void convMaxPoolBackwardInputProduct(
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
            Floats out);
}
