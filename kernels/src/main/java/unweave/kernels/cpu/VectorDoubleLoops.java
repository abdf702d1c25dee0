package unweave.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DoubleLoops} with the Vector API. No method is called on the sums that live across a loop, for the reason given at {@link
 * VectorPanelProduct}.
 */
final class VectorDoubleLoops extends DoubleLoops {
  private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, VectorWidth.FLOATS.vectorShape());
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = 2 * LANES;

  /** Rows of a product that are summed together in registers, of which AVX-512 has 32. */
  private static final int ROWS = LANES >= 8 ? 8 : 4;

  @Override
  int width() {
    return WIDTH;
  }

  @Override
  void multiplyTransposed(int n, double[] x, double[] y, double[] out) {
    int stride = stride(n);
    int padded = padded(n);
    for (int column = 0; column < padded; column += WIDTH) {
      for (int row = 0; row < padded; row += ROWS) {
        if (ROWS == 8) {
          multiplyEight(n, stride, x, row, y, column, out, row * stride + column);
        } else {
          multiplyFour(n, stride, x, row, y, column, out, row * stride + column);
        }
      }
    }
  }

  private static void multiplyEight(int depth, int stride, double[] left, int leftAt, double[] right, int rightAt, double[] out,
      int outAt) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    DoubleVector s40 = zero, s41 = zero, s50 = zero, s51 = zero, s60 = zero, s61 = zero, s70 = zero, s71 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftAt + p * stride;
      DoubleVector right0 = load(right, rightAt + p * stride);
      DoubleVector right1 = load(right, rightAt + p * stride + LANES);
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
    store(out, outAt + stride, s10);
    store(out, outAt + stride + LANES, s11);
    store(out, outAt + 2 * stride, s20);
    store(out, outAt + 2 * stride + LANES, s21);
    store(out, outAt + 3 * stride, s30);
    store(out, outAt + 3 * stride + LANES, s31);
    store(out, outAt + 4 * stride, s40);
    store(out, outAt + 4 * stride + LANES, s41);
    store(out, outAt + 5 * stride, s50);
    store(out, outAt + 5 * stride + LANES, s51);
    store(out, outAt + 6 * stride, s60);
    store(out, outAt + 6 * stride + LANES, s61);
    store(out, outAt + 7 * stride, s70);
    store(out, outAt + 7 * stride + LANES, s71);
  }

  private static void multiplyFour(int depth, int stride, double[] left, int leftAt, double[] right, int rightAt, double[] out,
      int outAt) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftAt + p * stride;
      DoubleVector right0 = load(right, rightAt + p * stride);
      DoubleVector right1 = load(right, rightAt + p * stride + LANES);
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
    store(out, outAt + stride, s10);
    store(out, outAt + stride + LANES, s11);
    store(out, outAt + 2 * stride, s20);
    store(out, outAt + 2 * stride + LANES, s21);
    store(out, outAt + 3 * stride, s30);
    store(out, outAt + 3 * stride + LANES, s31);
  }

  @Override
  void sumRows(int first, int n, double[] factor, double[] x, double[] sum) {
    int stride = stride(n);
    int padded = padded(n);
    for (int column = first / WIDTH * WIDTH; column < padded; column += WIDTH) {
      sumRows(first, n, stride, factor, x, column, sum);
    }
    double lastFactor = (n - first) % 2 == 0 ? 0 : factor[n - 1]; // of the row that is left where their number is odd
    for (int column = first; column < n; column++) {
      sum[column] += sum[stride + column] + lastFactor * x[(n - 1) * stride + column];
    }
  }

  /** Odd and even rows apart, so that an addition need not wait for the one before. */
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
  void addProduct(int first, int n, double[] u, double[] v, double[] x) {
    int stride = stride(n);
    int padded = padded(n);
    for (int column = first / WIDTH * WIDTH; column < padded; column += WIDTH) {
      addProduct(first, n, stride, u, v, column, x);
    }
  }

  /** Loads v for every row: C2 of JDK 25 at times allocates vectors that are loaded before a loop. */
  private static void addProduct(int first, int n, int stride, double[] u, double[] v, int column, double[] x) {
    for (int i = first; i < n; i++) {
      int at = i * stride + column;
      DoubleVector ui = DoubleVector.broadcast(SPECIES, u[i]);
      ui.fma(load(v, column), load(x, at)).intoArray(x, at);
      ui.fma(load(v, column + LANES), load(x, at + LANES)).intoArray(x, at + LANES);
    }
  }

  @Override
  void addProducts(int first, int n, double[] u, double[] v, double[] w, double[] z, double[] x) {
    int stride = stride(n);
    int padded = padded(n);
    for (int column = first / WIDTH * WIDTH; column < padded; column += WIDTH) {
      addProducts(first, n, stride, u, v, w, z, column, x);
    }
  }

  /** Loads v and z for every row, as {@link #addProduct} does. */
  private static void addProducts(int first, int n, int stride, double[] u, double[] v, double[] w, double[] z, int column, double[] x) {
    for (int i = first; i < n; i++) {
      int at = i * stride + column;
      DoubleVector ui = DoubleVector.broadcast(SPECIES, u[i]);
      DoubleVector wi = DoubleVector.broadcast(SPECIES, w[i]);
      wi.fma(load(z, column), ui.fma(load(v, column), load(x, at))).intoArray(x, at);
      wi.fma(load(z, column + LANES), ui.fma(load(v, column + LANES), load(x, at + LANES))).intoArray(x, at + LANES);
    }
  }

  @Override
  void rotateRows(int first, int last, int n, double[] cosine, double[] sine, double[] x) {
    int stride = stride(n);
    int padded = padded(n);
    for (int column = 0; column < padded; column += WIDTH) {
      rotateRows(first, last, stride, cosine, sine, column, x);
    }
  }

  /** The lower row of the next rotation, which is the upper one of the last, stays in registers. */
  private static void rotateRows(int first, int last, int stride, double[] cosine, double[] sine, int column, double[] x) {
    DoubleVector lower0 = load(x, last * stride + column);
    DoubleVector lower1 = load(x, last * stride + column + LANES);
    for (int i = last - 1; i >= first; i--) {
      int at = i * stride + column;
      DoubleVector c = DoubleVector.broadcast(SPECIES, cosine[i]);
      DoubleVector s = DoubleVector.broadcast(SPECIES, sine[i]);
      DoubleVector minus = DoubleVector.broadcast(SPECIES, -sine[i]);
      DoubleVector upper0 = load(x, at);
      DoubleVector upper1 = load(x, at + LANES);
      c.fma(lower0, s.mul(upper0)).intoArray(x, at + stride);
      c.fma(lower1, s.mul(upper1)).intoArray(x, at + stride + LANES);
      lower0 = minus.fma(lower0, c.mul(upper0));
      lower1 = minus.fma(lower1, c.mul(upper1));
    }
    store(x, first * stride + column, lower0);
    store(x, first * stride + column + LANES, lower1);
  }

  private static void store(double[] out, int at, DoubleVector values) {
    values.intoArray(out, at);
  }

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }
}
