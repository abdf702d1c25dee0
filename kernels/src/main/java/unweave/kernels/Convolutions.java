package unweave.kernels;

/**
 * Convolution and the matrix products it contains. A dense layer is {@link ConvShape#dense}; an implementation may
 * treat it specially. Outputs are overwritten, inputs not modified, and no output may share memory with an input.
 */
public interface Convolutions {
    /**
     * y[n,p,o] = f(bias[o] + sum over taps t and channels i of the group: x[n, p*stride + t*dilation - pad, i] *
     * w[t,i,o]), where f is max(0, .) if {@code relu} and the identity otherwise (thesis Eq. 2.8, there of one
     * channel).
     *
     * @param bias outChannels values, or null for none
     */
    void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y);

    /**
     * dx[n,q,i] = sum over taps t and outputs p with p*stride + t*dilation - pad = q, and channels o: dy[n,p,o] *
     * w[t,i,o].
     */
    void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx);

    /**
     * dw[t,i,o] = sum over n, p: x[n, p*stride + t*dilation - pad, i] * dy[n,p,o]; dbias[o] = sum over n, p: dy[n,p,o].
     * The order of summation depends on the shape alone.
     *
     * @param dbias outChannels values, or null if not wanted
     */
    void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias);

    /**
     * C[m,n] = sum over k: op(A)[m,k] * op(B)[k,n], all row-major; op transposes where asked (A is then stored k x m, B
     * n x k).
     */
    void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c);
}
