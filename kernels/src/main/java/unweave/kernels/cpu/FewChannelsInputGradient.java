package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;

/**
 * The gradient of a convolution towards an input of very few channels, as that of the first layer:
 *
 * <pre>z[n,p,(t,i)] = sum over channels o: dy[n,p,o] * w[t,i,o],
 * dx[n,q,i]    = sum over taps t and outputs p with p * stride + t * dilation - pad = q: z[n,p,(t,i)].</pre>
 *
 * <p>A {@link Correlation} would use the few output channels as columns of its products; here the columns are taps times channels, which
 * fill vectors, and a pass of additions remains.
 */
final class FewChannelsInputGradient {
  private static final int MOST_CHANNELS = 3;
  private static final int LEAST_OUT_CHANNELS = 16;

  private final WorkerPool pool;
  private final Scratch scratch = new Scratch();

  FewChannelsInputGradient(WorkerPool pool) {
    this.pool = pool;
  }

  /** Whether this way is the faster one. */
  static boolean suits(ConvShape shape) {
    int taps = shape.kernelHeight() * shape.kernelWidth();
    return shape.groups() == 1 && shape.inChannels() <= MOST_CHANNELS && shape.outChannels() >= LEAST_OUT_CHANNELS
        && taps > 1 && taps <= 16 && productSize(shape) < Integer.MAX_VALUE;
  }

  private static long productSize(ConvShape shape) {
    return shape.outputSize() / shape.outChannels() * columns(shape);
  }

  /** Taps times channels. */
  private static int columns(ConvShape shape) {
    return shape.kernelHeight() * shape.kernelWidth() * shape.inChannels();
  }

  void compute(ConvShape shape, float[] dy, float[] w, float[] dx, ConvolutionKernels products) {
    float[] z = scratch.atLeast((int) productSize(shape));
    int pixels = shape.batch() * shape.outHeight() * shape.outWidth();
    products.gemm(false, true, pixels, columns(shape), shape.outChannels(), dy, 0, w, 0, z, 0);
    pool.run(shape.batch() * shape.inHeight(), row -> {
      int rowValues = shape.inWidth() * shape.inChannels();
      Arrays.fill(dx, row * rowValues, (row + 1) * rowValues, 0f);
      for (int ky = 0; ky < shape.kernelHeight(); ky++) {
        int fromTop = row % shape.inHeight() + shape.padY() - ky * shape.dilationY();
        int outRow = fromTop / shape.strideY();
        if (fromTop >= 0 && fromTop % shape.strideY() == 0 && outRow < shape.outHeight()) {
          int zRow = (row / shape.inHeight() * shape.outHeight() + outRow) * shape.outWidth() * columns(shape);
          addTaps(shape, z, zRow, ky, dx, row * rowValues);
        }
      }
    });
  }

  /** Adds the products of one row of outputs with one row of taps to a row of dx. */
  private static void addTaps(ConvShape shape, float[] z, int zRow, int ky, float[] dx, int dxRow) {
    int channels = shape.inChannels();
    int columns = columns(shape);
    for (int kx = 0; kx < shape.kernelWidth(); kx++) {
      int shift = kx * shape.dilationX() - shape.padX();
      int first = Math.max(0, ConvTiles.ceilDivide(-shift, shape.strideX()));
      int last = Math.min(shape.outWidth() - 1, Math.floorDiv(shape.inWidth() - 1 - shift, shape.strideX()));
      for (int i = 0; i < channels; i++) {
        int from = zRow + (ky * shape.kernelWidth() + kx) * channels + i;
        int to = dxRow + shift * channels + i;
        for (int p = first; p <= last; p++) {
          dx[to + p * shape.strideX() * channels] += z[from + p * columns];
        }
      }
    }
  }
}
