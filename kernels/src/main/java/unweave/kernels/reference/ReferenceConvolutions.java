package unweave.kernels.reference;

import java.util.Arrays;
import unweave.kernels.ConvShape;

/**
 * The definition of {@link unweave.kernels.Convolutions}. A convolution is a set of index triples (x, w, y), one for
 * each product that it sums: y += x * w, and so dx += dy * w and dw += x * dy.
 */
public final class ReferenceConvolutions {
    private ReferenceConvolutions() {}

    /** One product of the convolution: which input value, which weight, which output value. */
    private interface Product {
        void at(int x, int w, int y);
    }

    private static void forEachProduct(ConvShape s, Product product) {
        int outputsPerGroup = s.outChannels() / s.groups();
        int y = 0;
        for (int n = 0; n < s.batch(); n++) {
            for (int py = 0; py < s.outHeight(); py++) {
                for (int px = 0; px < s.outWidth(); px++) {
                    for (int o = 0; o < s.outChannels(); o++, y++) {
                        int firstChannel = o / outputsPerGroup * s.groupChannels();
                        for (int ty = 0; ty < s.kernelHeight(); ty++) {
                            for (int tx = 0; tx < s.kernelWidth(); tx++) {
                                int iy = py * s.strideY() + ty * s.dilationY() - s.padY();
                                int ix = px * s.strideX() + tx * s.dilationX() - s.padX();
                                if (iy < 0 || iy >= s.inHeight() || ix < 0 || ix >= s.inWidth()) {
                                    continue;
                                }
                                int x = ((n * s.inHeight() + iy) * s.inWidth() + ix) * s.inChannels() + firstChannel;
                                int w = (ty * s.kernelWidth() + tx) * s.groupChannels() * s.outChannels() + o;
                                for (int i = 0; i < s.groupChannels(); i++) {
                                    product.at(x + i, w + i * s.outChannels(), y);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** See {@link unweave.kernels.Convolutions#convForward}. */
    public static void convForward(ConvShape shape, double[] x, double[] w, double[] bias, boolean relu, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = bias == null ? 0 : bias[i % shape.outChannels()];
        }
        forEachProduct(shape, (xi, wi, yi) -> y[yi] += x[xi] * w[wi]);
        if (relu) {
            ReferenceElementwise.relu(y, y);
        }
    }

    /** See {@link unweave.kernels.Convolutions#convBackwardInput}. */
    public static void convBackwardInput(ConvShape shape, double[] dy, double[] w, double[] dx) {
        Arrays.fill(dx, 0);
        forEachProduct(shape, (xi, wi, yi) -> dx[xi] += dy[yi] * w[wi]);
    }

    /** See {@link unweave.kernels.Convolutions#convBackwardWeights}. */
    public static void convBackwardWeights(ConvShape shape, double[] x, double[] dy, double[] dw, double[] dbias) {
        Arrays.fill(dw, 0);
        forEachProduct(shape, (xi, wi, yi) -> dw[wi] += x[xi] * dy[yi]);
        if (dbias != null) {
            Arrays.fill(dbias, 0);
            for (int i = 0; i < dy.length; i++) {
                dbias[i % shape.outChannels()] += dy[i];
            }
        }
    }

    /** See {@link unweave.kernels.Convolutions#gemm}. */
    public static void gemm(
            boolean transposeA, boolean transposeB, int m, int n, int k, double[] a, double[] b, double[] c) {
        for (int row = 0; row < m; row++) {
            for (int column = 0; column < n; column++) {
                double sum = 0;
                for (int i = 0; i < k; i++) {
                    sum += a[transposeA ? i * m + row : row * k + i] * b[transposeB ? column * k + i : i * n + column];
                }
                c[row * n + column] = sum;
            }
        }
    }
}
