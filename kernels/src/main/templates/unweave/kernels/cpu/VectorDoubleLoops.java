package unweave.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DoubleLoops} with the Vector API. No method is called on the sums that live across a loop, for the reason
 * given at {@link VectorPanelProduct}. With it off, a DRSA step of D 128 that finds polar factors by eigenvectors takes
 * 2.2 times as long or more (JDK 17 and 25, Emerald Rapids).
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
                multiply8Rows(n, x, row, stride, y, yAt, yStride, out, outAt + row * outStride, outStride);
            } else {
                multiply4Rows(n, x, row, stride, y, yAt, yStride, out, outAt + row * outStride, outStride);
            }
        }
    }

    //: each rows in 8 4
    private static void multiply${rows}Rows(
            int depth, double[] left, int leftAt, int leftStride, double[] right, int rightAt, int rightStride,
            double[] out, int outAt, int outStride) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        //: each r < $rows
        DoubleVector s$r_0 = zero, s$r_1 = zero;
        //: end
        for (int p = 0; p < depth; p++) {
            int at = leftAt + p * leftStride;
            DoubleVector right0 = load(right, rightAt + p * rightStride);
            DoubleVector right1 = load(right, rightAt + p * rightStride + LANES);
            //: each r < $rows
            DoubleVector left$r = DoubleVector.broadcast(SPECIES, left[at + $r]);
            s$r_0 = left$r.fma(right0, s$r_0);
            s$r_1 = left$r.fma(right1, s$r_1);
            //: end
        }
        //: each r < $rows
        store(out, outAt + $r * outStride, s$r_0);
        store(out, outAt + $r * outStride + LANES, s$r_1);
        //: end
    }

    //: end
    @Override
    void vectorTimesMatrix(int first, int n, double[] factor, double[] x, double[] sum) {
        int stride = stride(n);
        int padded = padded(n);
        for (int column = first / WIDTH * WIDTH; column < padded; column += WIDTH) {
            vectorTimesMatrix(first, n, stride, factor, x, column, sum);
        }
        // Even and odd rows have sums of their own; the last row is left over where the number of rows is odd.
        double lastFactor = (n - first) % 2 == 0 ? 0 : factor[n - 1];
        for (int column = first; column < n; column++) {
            sum[column] += sum[stride + column] + lastFactor * x[(n - 1) * stride + column];
        }
    }

    /** Even and odd rows apart, so that an addition need not wait for the one before. */
    private static void vectorTimesMatrix(
            int first, int n, int stride, double[] factor, double[] x, int column, double[] sum) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s0_0 = zero, s0_1 = zero, s1_0 = zero, s1_1 = zero;
        int pairs = (n - first) / 2;
        for (int pair = 0; pair < pairs; pair++) {
            int i = first + 2 * pair;
            int at = i * stride + column;
            //: each r < 2
            DoubleVector factor$r = DoubleVector.broadcast(SPECIES, factor[i + $r]);
            s$r_0 = factor$r.fma(load(x, at + $r * stride), s$r_0);
            s$r_1 = factor$r.fma(load(x, at + $r * stride + LANES), s$r_1);
            //: end
        }
        //: each r < 2
        store(sum, $r * stride + column, s$r_0);
        store(sum, $r * stride + column + LANES, s$r_1);
        //: end
    }

    @Override
    void addRankTwo(int first, int n, double[] u, double[] v, double[] w, double[] z, double[] x) {
        int stride = stride(n);
        int padded = padded(n);
        for (int column = first / WIDTH * WIDTH; column < padded; column += WIDTH) {
            addRankTwo(first, n, stride, u, v, w, z, column, x);
        }
    }

    /** Loads v and z for every row: C2 of JDK 25 at times allocates vectors that are loaded before a loop. */
    private static void addRankTwo(
            int first, int n, int stride, double[] u, double[] v, double[] w, double[] z, int column, double[] x) {
        for (int i = first; i < n; i++) {
            int at = i * stride + column;
            DoubleVector ui = DoubleVector.broadcast(SPECIES, u[i]);
            DoubleVector wi = DoubleVector.broadcast(SPECIES, w[i]);
            //: each half in 0 LANES
            wi.fma(load(z, column + $half), ui.fma(load(v, column + $half), load(x, at + $half)))
                    .intoArray(x, at + $half);
            //: end
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
        //: each r < 4
        DoubleVector s$r_0 = zero, s$r_1 = zero;
        //: end
        for (int four = 0; four < fours; four++) {
            int i = first + 4 * four;
            int from = i * WIDTH;
            //: each r < 4
            DoubleVector factor$r = DoubleVector.broadcast(SPECIES, v[at + i + $r]);
            s$r_0 = factor$r.fma(load(x, from + $r * WIDTH), s$r_0);
            s$r_1 = factor$r.fma(load(x, from + $r * WIDTH + LANES), s$r_1);
            //: end
        }
        storeSum(sums, 0, s0_0, s1_0);
        storeSum(sums, LANES, s0_1, s1_1);
        storeSum(sums, WIDTH, s2_0, s3_0);
        storeSum(sums, WIDTH + LANES, s2_1, s3_1);
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
     * Both passes together. Rotation i of the first pass is followed by rotation i + 1 of the second, so every row is
     * loaded and stored once for both:
     *
     * <pre>
     * row i       to be turned by the first pass next       upper
     * row i + 1   as the first pass has left it so far     first0, first1    in registers
     * row i + 2   as the second pass has left it so far    second0, second1  in registers
     * </pre>
     */
    @Override
    void rotateRowsTwice(int first, int last, double[] cosine, double[] sine, int at, int next, double[] x) {
        int row = (last - 1) * WIDTH;
        DoubleVector c = DoubleVector.broadcast(SPECIES, cosine[at + last - 1]);
        DoubleVector s = DoubleVector.broadcast(SPECIES, sine[at + last - 1]);
        DoubleVector minus = DoubleVector.broadcast(SPECIES, -sine[at + last - 1]);
        //: each v < 2
        DoubleVector second$v = c.fma(load(x, row + WIDTH + $v * LANES), s.mul(load(x, row + $v * LANES)));
        DoubleVector first$v = minus.fma(load(x, row + WIDTH + $v * LANES), c.mul(load(x, row + $v * LANES)));
        //: end
        for (int i = last - 2; i >= first; i--) {
            int to = i * WIDTH;
            //: each pass in 1 2, from in at+i next+i+1
            DoubleVector c$pass = DoubleVector.broadcast(SPECIES, cosine[$from]);
            DoubleVector s$pass = DoubleVector.broadcast(SPECIES, sine[$from]);
            DoubleVector minus$pass = DoubleVector.broadcast(SPECIES, -sine[$from]);
            //: end
            //: each v < 2
            DoubleVector upper$v = load(x, to + $v * LANES);
            DoubleVector turned$v = c1.fma(first$v, s1.mul(upper$v));
            first$v = minus1.fma(first$v, c1.mul(upper$v));
            c2.fma(second$v, s2.mul(turned$v)).intoArray(x, to + 2 * WIDTH + $v * LANES);
            second$v = minus2.fma(second$v, c2.mul(turned$v));
            //: end
        }
        //: each v < 2
        storeLast(cosine[next + first], sine[next + first], first$v, second$v, x, first * WIDTH + $v * LANES);
        //: end
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
