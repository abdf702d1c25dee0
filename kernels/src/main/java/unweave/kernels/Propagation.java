package unweave.kernels;

/**
 * The pieces of layer-wise relevance propagation that are not convolutions. s(z) = z + eps * sign(z) with sign(0) = +1.
 * Where noted, the shorter operand repeats (element i uses z[i mod z.size()]): activations are stored once for several
 * relevance maps of the same inputs.
 */
public interface Propagation {
    /** out[i] = transform(w[i]). */
    void transformWeights(WeightTransform transform, float g, Floats w, Floats out);

    /** y[i] = max(x[i], 0). */
    void positivePart(Floats x, Floats y);

    /** y[i] = min(x[i], 0). */
    void negativePart(Floats x, Floats y);

    /** out[i] = r[i] / s(z[i]); z repeats. Where s(z) = 0 (z = 0 and eps = 0) the result is 0. */
    void stabilizedDivide(float eps, Floats r, Floats z, Floats out);

    /** out[i] = sign(z[i]) * max(|z[i]|, eps), sign(0) = +1: a denominator that is changed only where it is small. */
    void clippedDenominator(float eps, Floats z, Floats out);

    /**
     * out[n,i] = z[n,i] + eps * rms_n * sign(z[n,i]), sign(0) = +1, with rms_n = sqrt(mean_i z[n,i]^2) over the
     * {@code width} values of row n: a stabiliser on the scale of the layer. Mean squares are accumulated in float64.
     */
    void rmsDenominator(int width, float eps, Floats z, Floats out);

    /**
     * Division for rules that depend on the sign of the pre-activation: out[i] = r[i] / s(z[i]) where selector[i] *
     * sign &gt; 0, else 0; selector and z repeat. {@code sign} is +1 or -1.
     */
    void selectiveDivide(float eps, float sign, Floats selector, Floats r, Floats z, Floats out);

    /** out[i] += alpha * x[i] * g[i]; x repeats. The last step of a rule: input times the backward pass. */
    void addProduct(float alpha, Floats x, Floats g, Floats out);

    /** c[i] = a[i] != 0 ? r[i] / a[i] : 0; a repeats. The context vector of DRSA (c_j = R_j / a_j). */
    void contextVectors(Floats r, Floats a, Floats c);
}
