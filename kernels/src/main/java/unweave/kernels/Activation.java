package unweave.kernels;

/** Smooth and leaky nonlinearities f(x; a); ReLU has operations of its own. */
public enum Activation {
    /** x where x &gt; 0, else a x (Maas et al. 2013). */
    LEAKY_RELU,
    /** x where x &gt; 0, else a (exp(x) - 1) (Clevert et al. 2016). */
    ELU,
    /** x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016), the exact form; a is not used. */
    GELU,
    /** x / (1 + exp(-x)) (Elfwing et al. 2018), also called swish; a is not used. */
    SILU,
    /** 1 / (1 + exp(-x)); a is not used. */
    SIGMOID,
    /** tanh(x); a is not used. */
    TANH,
    /** log(1 + exp(a x)) / a: a ReLU smoothed by 1 / a (Dugas et al. 2001). */
    SOFTPLUS
}
