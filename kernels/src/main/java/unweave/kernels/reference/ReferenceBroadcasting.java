package unweave.kernels.reference;

import unweave.kernels.Broadcast;
import unweave.kernels.Combination;
import unweave.kernels.ImageShape;

/** The definition of {@link unweave.kernels.Broadcasting}. */
public final class ReferenceBroadcasting {
    private ReferenceBroadcasting() {}

    /** See {@link unweave.kernels.Broadcasting#combine}. */
    public static void combine(
            Combination f, ImageShape shapeA, double[] a, ImageShape shapeB, double[] b, double[] c) {
        ImageShape s = Broadcast.shape(shapeA, shapeB);
        int i = 0;
        for (int n = 0; n < s.batch(); n++) {
            for (int y = 0; y < s.height(); y++) {
                for (int x = 0; x < s.width(); x++) {
                    for (int k = 0; k < s.channels(); k++) {
                        c[i++] = f.of(a[index(shapeA, n, y, x, k)], b[index(shapeB, n, y, x, k)]);
                    }
                }
            }
        }
    }

    private static int index(ImageShape s, int n, int y, int x, int k) {
        return ((n % s.batch() * s.height() + y % s.height()) * s.width() + x % s.width()) * s.channels()
                + k % s.channels();
    }

    /** See {@link unweave.kernels.Broadcasting#sumAxis}. */
    public static void sumAxis(int length, int inner, double[] x, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = 0;
            for (int r = 0; r < length; r++) {
                sums[j] += x[(j / inner * length + r) * inner + j % inner];
            }
        }
    }
}
