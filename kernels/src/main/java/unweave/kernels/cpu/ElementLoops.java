package unweave.kernels.cpu;

/**
 * The loops over one range of values that C2 does not vectorise by itself: those that choose between values, and those
 * where an operand is read at another index than the output is written. This is the scalar twin;
 * {@link VectorElementLoops} computes the same bits with SIMD. {@code shift} is the distance from the index of the
 * output to that of a repeating operand.
 */
class ElementLoops {
    /** The SIMD loops if {@code vectors}, else their scalar twins. */
    static ElementLoops choose(boolean vectors) {
        return vectors ? new VectorElementLoops() : new ElementLoops();
    }

    /** dx[i - dxStart] = y[i] &gt; 0 ? dy[i] : 0. */
    void reluBackward(float[] y, float[] dy, float[] dx, int from, int to, int dxStart) {
        for (int i = from; i < to; i++) {
            dx[i - dxStart] = y[i] > 0 ? dy[i] : 0;
        }
    }

    /** y[i] = max(low, min(high, x[i + shift])). */
    void clip(float low, float high, float[] x, float[] y, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(low, Math.min(high, x[i + shift]));
        }
    }

    /** dx[i] = dy[i] where low &lt; x[i] &lt;= high, else 0. */
    void clipBackward(float low, float high, float[] x, float[] dy, float[] dx, int from, int to) {
        for (int i = from; i < to; i++) {
            dx[i] = x[i] > low && x[i] <= high ? dy[i] : 0;
        }
    }

    /** c[i] = a[i] + b[i + shift]. */
    void add(float[] a, float[] b, float[] c, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            c[i] = a[i] + b[i + shift];
        }
    }

    /** y[i] += alpha * x[i + shift]. */
    void addScaled(float alpha, float[] x, float[] y, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            y[i] += alpha * x[i + shift];
        }
    }

    /** c[i] = a[i] * b[i + shift]. */
    void multiply(float[] a, float[] b, float[] c, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            c[i] = a[i] * b[i + shift];
        }
    }

    /** out[i] = alpha * x[i + shiftX] * g[i + shiftG]. */
    void product(float alpha, float[] x, float[] g, float[] out, int from, int to, int shiftX, int shiftG) {
        for (int i = from; i < to; i++) {
            out[i] = alpha * x[i + shiftX] * g[i + shiftG];
        }
    }

    /** out[i] += alpha * x[i + shiftX] * g[i + shiftG]. */
    void addProduct(float alpha, float[] x, float[] g, float[] out, int from, int to, int shiftX, int shiftG) {
        for (int i = from; i < to; i++) {
            out[i] += alpha * x[i + shiftX] * g[i + shiftG];
        }
    }

    /** out[i - outStart] = r[i] / s(z[i + shift]), 0 where s is 0. */
    void stabilizedDivide(float eps, float[] r, float[] z, float[] out, int from, int to, int shift, int outStart) {
        for (int i = from; i < to; i++) {
            out[i - outStart] = divide(r[i], z[i + shift], eps);
        }
    }

    /** out[i] = r[i] / s(z[i + shiftZ]) where selector[i + shiftSelector] * sign &gt; 0 and s is not 0, else 0. */
    void selectiveDivide(
            float eps,
            float sign,
            float[] selector,
            float[] r,
            float[] z,
            float[] out,
            int from,
            int to,
            int shiftSelector,
            int shiftZ) {
        for (int i = from; i < to; i++) {
            out[i] = selector[i + shiftSelector] * sign > 0 ? divide(r[i], z[i + shiftZ], eps) : 0;
        }
    }

    /** y[i] = (x[i] - mean[i + shift]) * scale[i + shift] + beta[i + shift]. */
    void normalize(float[] x, float[] mean, float[] scale, float[] beta, float[] y, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            y[i] = (x[i] - mean[i + shift]) * scale[i + shift] + beta[i + shift];
        }
    }

    /** sums[i] += (x[i + shift] - mean[i])^2. */
    void addSquaredDifferences(float[] x, float[] mean, float[] sums, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            float difference = x[i + shift] - mean[i];
            sums[i] += difference * difference;
        }
    }

    /** sums[i] += dy[i + shift] * (x[i + shift] - mean[i]). */
    void addProductsWithDifferences(float[] dy, float[] x, float[] mean, float[] sums, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            sums[i] += dy[i + shift] * (x[i + shift] - mean[i]);
        }
    }

    /** dx[i] = scale[j] * (dy[i] - meanDy[j] - (x[i] - mean[j]) * slope[j]) with j = i + shift. */
    void normalizeBackward(
            float[] x,
            float[] dy,
            float[] mean,
            float[] scale,
            float[] slope,
            float[] meanDy,
            float[] dx,
            int from,
            int to,
            int shift) {
        for (int i = from; i < to; i++) {
            int j = i + shift;
            dx[i] = scale[j] * (dy[i] - meanDy[j] - (x[i] - mean[j]) * slope[j]);
        }
    }

    /**
     * The sum of x[from] to x[to - 1]. Four sums side by side: one alone would wait for each addition to end before the
     * next.
     */
    double sum(float[] x, int from, int to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            sum0 += x[i];
            sum1 += x[i + 1];
            sum2 += x[i + 2];
            sum3 += x[i + 3];
        }
        for (; i < to; i++) {
            sum0 += x[i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    static float divide(float r, float z, float eps) {
        float s = z >= 0 ? z + eps : z - eps;
        return s == 0 ? 0 : r / s;
    }
}
