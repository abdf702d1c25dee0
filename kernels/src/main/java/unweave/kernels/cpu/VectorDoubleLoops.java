package unweave.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DoubleLoops} with the Vector API. No method is called on the sums that live across a loop, for the reason
 * given at {@link VectorPanelProduct}.
 */
final class VectorDoubleLoops extends DoubleLoops {
    private static final VectorSpecies<Double> SPECIES =
            VectorSpecies.of(double.class, VectorWidth.FLOATS.vectorShape());
    private static final int LANES = SPECIES.length();
    private static final int WIDTH = 2 * LANES;

    /** Rows of a product that are summed together in registers, of which AVX-512 has 32. */
    private static final int ROWS = LANES >= 8 ? 8 : 4;

    @Override
    int width() {
        return WIDTH;
    }

    @Override
    void multiplyTransposed(
            int n, double[] x, double[] y, int yAt, int yStride, double[] out, int outAt, int outStride) {
        int stride = stride(n);
        int padded = padded(n);
        for (int row = 0; row < padded; row += ROWS) {
            if (ROWS == 8) {
                multiplyEight(n, x, row, stride, y, yAt, yStride, out, outAt + row * outStride, outStride);
            } else {
                multiplyFour(n, x, row, stride, y, yAt, yStride, out, outAt + row * outStride, outStride);
            }
        }
    }

    private static void multiplyEight(
            int depth,
            double[] left,
            int leftAt,
            int leftStride,
            double[] right,
            int rightAt,
            int rightStride,
            double[] out,
            int outAt,
            int outStride) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
        DoubleVector s40 = zero, s41 = zero, s50 = zero, s51 = zero, s60 = zero, s61 = zero, s70 = zero, s71 = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftAt + p * leftStride;
            DoubleVector right0 = load(right, rightAt + p * rightStride);
            DoubleVector right1 = load(right, rightAt + p * rightStride + LANES);
            DoubleVector factor = DoubleVector.broadcast(SPECIES, left[at]);
            s00 = factor.fma(right0, s00);
            s01 = factor.fma(right1, s01);
            factor = DoubleVector.broadcast(SPECIES, left[at + 1]);
            s10 = factor.fma(right0, s10);
            s11 = factor.fma(right1, s11);
            factor = DoubleVector.broadcast(SPECIES, left[at + 2]);
            s20 = factor.fma(right0, s20);
            s21 = factor.fma(right1, s21);
            factor = DoubleVector.broadcast(SPECIES, left[at + 3]);
            s30 = factor.fma(right0, s30);
            s31 = factor.fma(right1, s31);
            factor = DoubleVector.broadcast(SPECIES, left[at + 4]);
            s40 = factor.fma(right0, s40);
            s41 = factor.fma(right1, s41);
            factor = DoubleVector.broadcast(SPECIES, left[at + 5]);
            s50 = factor.fma(right0, s50);
            s51 = factor.fma(right1, s51);
            factor = DoubleVector.broadcast(SPECIES, left[at + 6]);
            s60 = factor.fma(right0, s60);
            s61 = factor.fma(right1, s61);
            factor = DoubleVector.broadcast(SPECIES, left[at + 7]);
            s70 = factor.fma(right0, s70);
            s71 = factor.fma(right1, s71);
        }
        store(out, outAt, s00);
        store(out, outAt + LANES, s01);
        store(out, outAt + outStride, s10);
        store(out, outAt + outStride + LANES, s11);
        store(out, outAt + 2 * outStride, s20);
        store(out, outAt + 2 * outStride + LANES, s21);
        store(out, outAt + 3 * outStride, s30);
        store(out, outAt + 3 * outStride + LANES, s31);
        store(out, outAt + 4 * outStride, s40);
        store(out, outAt + 4 * outStride + LANES, s41);
        store(out, outAt + 5 * outStride, s50);
        store(out, outAt + 5 * outStride + LANES, s51);
        store(out, outAt + 6 * outStride, s60);
        store(out, outAt + 6 * outStride + LANES, s61);
        store(out, outAt + 7 * outStride, s70);
        store(out, outAt + 7 * outStride + LANES, s71);
    }

    private static void multiplyFour(
            int depth,
            double[] left,
            int leftAt,
            int leftStride,
            double[] right,
            int rightAt,
            int rightStride,
            double[] out,
            int outAt,
            int outStride) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftAt + p * leftStride;
            DoubleVector right0 = load(right, rightAt + p * rightStride);
            DoubleVector right1 = load(right, rightAt + p * rightStride + LANES);
            DoubleVector factor = DoubleVector.broadcast(SPECIES, left[at]);
            s00 = factor.fma(right0, s00);
            s01 = factor.fma(right1, s01);
            factor = DoubleVector.broadcast(SPECIES, left[at + 1]);
            s10 = factor.fma(right0, s10);
            s11 = factor.fma(right1, s11);
            factor = DoubleVector.broadcast(SPECIES, left[at + 2]);
            s20 = factor.fma(right0, s20);
            s21 = factor.fma(right1, s21);
            factor = DoubleVector.broadcast(SPECIES, left[at + 3]);
            s30 = factor.fma(right0, s30);
            s31 = factor.fma(right1, s31);
        }
        store(out, outAt, s00);
        store(out, outAt + LANES, s01);
        store(out, outAt + outStride, s10);
        store(out, outAt + outStride + LANES, s11);
        store(out, outAt + 2 * outStride, s20);
        store(out, outAt + 2 * outStride + LANES, s21);
        store(out, outAt + 3 * outStride, s30);
        store(out, outAt + 3 * outStride + LANES, s31);
    }

    @Override
    void sumRows(int first, int n, double[] factor, double[] x, double[] sum) {
        int stride = stride(n);
        int padded = padded(n);
        for (int column = first / WIDTH * WIDTH; column < padded; column += WIDTH) {
            sumRows(first, n, stride, factor, x, column, sum);
        }
        double lastFactor =
                (n - first) % 2 == 0 ? 0 : factor[n - 1]; // of the row that is left where their number is odd
        for (int column = first; column < n; column++) {
            sum[column] += sum[stride + column] + lastFactor * x[(n - 1) * stride + column];
        }
    }

    /** Even and odd rows apart, so that an addition need not wait for the one before. */
    private static void sumRows(int first, int n, int stride, double[] factor, double[] x, int column, double[] sum) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero;
        int pairs = (n - first) / 2;
        for (int pair = 0; pair < pairs; pair++) {
            int i = first + 2 * pair;
            int at = i * stride + column;
            DoubleVector factor0 = DoubleVector.broadcast(SPECIES, factor[i]);
            s00 = factor0.fma(load(x, at), s00);
            s01 = factor0.fma(load(x, at + LANES), s01);
            DoubleVector factor1 = DoubleVector.broadcast(SPECIES, factor[i + 1]);
            s10 = factor1.fma(load(x, at + stride), s10);
            s11 = factor1.fma(load(x, at + stride + LANES), s11);
        }
        store(sum, column, s00);
        store(sum, column + LANES, s01);
        store(sum, stride + column, s10);
        store(sum, stride + column + LANES, s11);
    }

    @Override
    void addProducts(int first, int n, double[] u, double[] v, double[] w, double[] z, double[] x) {
        int stride = stride(n);
        int padded = padded(n);
        for (int column = first / WIDTH * WIDTH; column < padded; column += WIDTH) {
            addProducts(first, n, stride, u, v, w, z, column, x);
        }
    }

    /** Loads v and z for every row: C2 of JDK 25 at times allocates vectors that are loaded before a loop. */
    private static void addProducts(
            int first, int n, int stride, double[] u, double[] v, double[] w, double[] z, int column, double[] x) {
        for (int i = first; i < n; i++) {
            int at = i * stride + column;
            DoubleVector ui = DoubleVector.broadcast(SPECIES, u[i]);
            DoubleVector wi = DoubleVector.broadcast(SPECIES, w[i]);
            wi.fma(load(z, column), ui.fma(load(v, column), load(x, at))).intoArray(x, at);
            wi.fma(load(z, column + LANES), ui.fma(load(v, column + LANES), load(x, at + LANES)))
                    .intoArray(x, at + LANES);
        }
    }

    @Override
    void reflect(int first, int n, double beta, double[] v, int at, double[] x, double[] sums) {
        int fours = (n - first) / 4;
        sumFours(first, fours, v, at, x, sums);
        for (int lane = 0; lane < WIDTH; lane++) {
            double sum = sums[lane] + sums[WIDTH + lane];
            for (int i = first + 4 * fours; i < n; i++) {
                sum += v[at + i] * x[i * WIDTH + lane];
            }
            sums[lane] = -beta * sum;
        }
        addProduct(first, n, v, at, sums, x);
    }

    /**
     * Four rows at a time. Like {@link #rotateRowsTwice}, this method is too large for C2 to compile it into its
     * caller, in whose loop the sums would be allocated.
     */
    private static void sumFours(int first, int fours, double[] v, int at, double[] x, double[] sums) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
        for (int four = 0; four < fours; four++) {
            int i = first + 4 * four;
            int from = i * WIDTH;
            DoubleVector factor = DoubleVector.broadcast(SPECIES, v[at + i]);
            s00 = factor.fma(load(x, from), s00);
            s01 = factor.fma(load(x, from + LANES), s01);
            factor = DoubleVector.broadcast(SPECIES, v[at + i + 1]);
            s10 = factor.fma(load(x, from + WIDTH), s10);
            s11 = factor.fma(load(x, from + WIDTH + LANES), s11);
            factor = DoubleVector.broadcast(SPECIES, v[at + i + 2]);
            s20 = factor.fma(load(x, from + 2 * WIDTH), s20);
            s21 = factor.fma(load(x, from + 2 * WIDTH + LANES), s21);
            factor = DoubleVector.broadcast(SPECIES, v[at + i + 3]);
            s30 = factor.fma(load(x, from + 3 * WIDTH), s30);
            s31 = factor.fma(load(x, from + 3 * WIDTH + LANES), s31);
        }
        storeSum(sums, 0, s00, s10);
        storeSum(sums, LANES, s01, s11);
        storeSum(sums, WIDTH, s20, s30);
        storeSum(sums, WIDTH + LANES, s21, s31);
    }

    private static void storeSum(double[] out, int at, DoubleVector x, DoubleVector y) {
        x.add(y).intoArray(out, at);
    }

    private static void addProduct(int first, int n, double[] v, int at, double[] sums, double[] x) {
        for (int i = first; i < n; i++) {
            int to = i * WIDTH;
            DoubleVector vi = DoubleVector.broadcast(SPECIES, v[at + i]);
            vi.fma(load(sums, 0), load(x, to)).intoArray(x, to);
            vi.fma(load(sums, LANES), load(x, to + LANES)).intoArray(x, to + LANES);
        }
    }

    /**
     * Rotation i of the first pass is followed by rotation i + 1 of the second, so that every row is loaded and stored
     * once for both. Between two of them the rows that the next will turn stay in registers: row i as the first pass
     * leaves it, row i + 1 as the second does.
     */
    @Override
    void rotateRowsTwice(int first, int last, double[] cosine, double[] sine, int at, int next, double[] x) {
        int row = (last - 1) * WIDTH;
        DoubleVector c = DoubleVector.broadcast(SPECIES, cosine[at + last - 1]);
        DoubleVector s = DoubleVector.broadcast(SPECIES, sine[at + last - 1]);
        DoubleVector minus = DoubleVector.broadcast(SPECIES, -sine[at + last - 1]);
        DoubleVector second0 = c.fma(load(x, row + WIDTH), s.mul(load(x, row)));
        DoubleVector second1 = c.fma(load(x, row + WIDTH + LANES), s.mul(load(x, row + LANES)));
        DoubleVector first0 = minus.fma(load(x, row + WIDTH), c.mul(load(x, row)));
        DoubleVector first1 = minus.fma(load(x, row + WIDTH + LANES), c.mul(load(x, row + LANES)));
        for (int i = last - 2; i >= first; i--) {
            int to = i * WIDTH;
            DoubleVector c1 = DoubleVector.broadcast(SPECIES, cosine[at + i]);
            DoubleVector s1 = DoubleVector.broadcast(SPECIES, sine[at + i]);
            DoubleVector minus1 = DoubleVector.broadcast(SPECIES, -sine[at + i]);
            DoubleVector c2 = DoubleVector.broadcast(SPECIES, cosine[next + i + 1]);
            DoubleVector s2 = DoubleVector.broadcast(SPECIES, sine[next + i + 1]);
            DoubleVector minus2 = DoubleVector.broadcast(SPECIES, -sine[next + i + 1]);
            DoubleVector upper0 = load(x, to);
            DoubleVector upper1 = load(x, to + LANES);
            DoubleVector turned0 = c1.fma(first0, s1.mul(upper0));
            DoubleVector turned1 = c1.fma(first1, s1.mul(upper1));
            first0 = minus1.fma(first0, c1.mul(upper0));
            first1 = minus1.fma(first1, c1.mul(upper1));
            c2.fma(second0, s2.mul(turned0)).intoArray(x, to + 2 * WIDTH);
            c2.fma(second1, s2.mul(turned1)).intoArray(x, to + 2 * WIDTH + LANES);
            second0 = minus2.fma(second0, c2.mul(turned0));
            second1 = minus2.fma(second1, c2.mul(turned1));
        }
        storeLast(cosine[next + first], sine[next + first], first0, second0, x, first * WIDTH);
        storeLast(cosine[next + first], sine[next + first], first1, second1, x, first * WIDTH + LANES);
    }

    private static void storeLast(
            double cosine, double sine, DoubleVector upper, DoubleVector lower, double[] x, int at) {
        DoubleVector c = DoubleVector.broadcast(SPECIES, cosine);
        DoubleVector s = DoubleVector.broadcast(SPECIES, sine);
        DoubleVector minus = DoubleVector.broadcast(SPECIES, -sine);
        c.fma(lower, s.mul(upper)).intoArray(x, at + WIDTH);
        minus.fma(lower, c.mul(upper)).intoArray(x, at);
    }

    private static void store(double[] out, int at, DoubleVector values) {
        values.intoArray(out, at);
    }

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }
}
