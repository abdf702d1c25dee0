package unweave.kernels.reference;

import unweave.kernels.Activation;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/** The definition of {@link unweave.kernels.Fused}: the operations one after the other. */
public final class ReferenceFused {
    private ReferenceFused() {}

    /** See {@link unweave.kernels.Fused#convReluMaxPool}. */
    public static void convReluMaxPool(
            ConvShape shape, double[] x, double[] w, double[] bias, PoolShape pool, double[] y, int[] winners) {
        double[] activation = new double[Math.toIntExact(shape.outputSize())];
        ReferenceConvolutions.convForward(shape, x, w, bias, true, activation);
        ReferencePooling.maxPoolForward(pool, activation, y, winners != null ? winners : new int[y.length]);
    }

    /** See {@link unweave.kernels.Fused#convActivate}. */
    public static void convActivate(
            ConvShape shape, double[] x, double[] w, double[] bias, Activation f, Activation.Constants c, double[] y) {
        ReferenceConvolutions.convForward(shape, x, w, bias, false, y);
        ReferenceActivations.activate(f, c, y, y);
    }

    /** See {@link unweave.kernels.Fused#convReluMaxPoolBackward}. */
    public static void convReluMaxPoolBackward(
            ConvShape shape,
            double[] x,
            double[] w,
            PoolShape pool,
            double[] y,
            double[] dy,
            int[] winners,
            double[] dx,
            double[] dw,
            double[] dbias) {
        double[] positive = new double[dy.length];
        double[] dz = new double[Math.toIntExact(shape.outputSize())];
        ReferenceElementwise.reluBackward(y, dy, positive);
        ReferencePooling.maxPoolBackward(pool, positive, winners, dz);
        if (dw != null) {
            ReferenceConvolutions.convBackwardWeights(shape, x, dz, dw, dbias);
        }
        if (dx != null) {
            ReferenceConvolutions.convBackwardInput(shape, dz, w, dx);
        }
    }

    /** See {@link unweave.kernels.Fused#convDivide}. */
    public static void convDivide(
            ConvShape shape, double[] x, double[] w, double[] bias, double eps, double[] r, double[] q) {
        double[] z = new double[Math.toIntExact(shape.outputSize())];
        ReferenceConvolutions.convForward(shape, x, w, bias, false, z);
        ReferencePropagation.stabilizedDivide(eps, r, z, q);
    }

    /** See {@link unweave.kernels.Fused#convBackwardInputProduct}. */
    public static void convBackwardInputProduct(
            ConvShape shape, double[] q, double[] w, double alpha, double[] x, boolean add, double[] out) {
        double[] g = new double[out.length];
        ReferenceConvolutions.convBackwardInput(shape, q, w, g);
        for (int i = 0; i < out.length; i++) {
            out[i] = (add ? out[i] : 0) + alpha * x[i % x.length] * g[i];
        }
    }

    /** See {@link unweave.kernels.Fused#convMaxPoolDivide}. */
    public static void convMaxPoolDivide(
            ConvShape shape,
            double[] x,
            double[] w,
            double[] bias,
            double eps,
            PoolShape pool,
            double[] r,
            int[] winners,
            double[] q) {
        double[] z = new double[Math.toIntExact(shape.outputSize())];
        ReferenceConvolutions.convForward(shape, x, w, bias, false, z);
        double[] ofWinners = new double[winners.length];
        int channels = pool.channels();
        int windows = pool.outHeight() * pool.outWidth() * channels;
        for (int i = 0; i < winners.length; i++) {
            int cell = i / windows * pool.inHeight() * pool.inWidth() + winners[i];
            ofWinners[i] = z[cell * channels + i % channels];
        }
        ReferencePropagation.stabilizedDivide(eps, r, ofWinners, q);
    }

    /** See {@link unweave.kernels.Fused#convMaxPoolBackwardInputProduct}. */
    public static void convMaxPoolBackwardInputProduct(
            ConvShape shape,
            PoolShape pool,
            double[] dy,
            int[] winners,
            double eps,
            double[] z,
            double[] w,
            double alpha,
            double[] x,
            boolean add,
            double[] out) {
        double[] r = new double[Math.toIntExact(pool.inputSize())];
        ReferencePooling.maxPoolBackward(pool, dy, winners, r);
        if (z != null) {
            double[] undivided = r.clone();
            ReferencePropagation.stabilizedDivide(eps, undivided, z, r);
        }
        convBackwardInputProduct(shape, r, w, alpha, x, add, out);
    }
}
