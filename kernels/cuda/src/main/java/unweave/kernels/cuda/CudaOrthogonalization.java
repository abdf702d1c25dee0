package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.cpu.PolarFactor;

/**
 * U &lt;- U (U^T U)^(-1/2) by the kernels of {@code orthogonalization.cu} and {@code newtonSchulz.cu}, whose heads say
 * how. Matrices in float64 take two floats for a value.
 */
final class CudaOrthogonalization {
    /** Larger matrices go to the host for their eigenvectors. */
    private static final int MOST_DIMENSIONS = 1024;

    private static final int TILE = 16;
    private static final int WARP = 32;
    private static final int MOST_WARPS = 32;

    private final CudaDevice device;
    private final CudaTransfers transfers;

    CudaOrthogonalization(CudaDevice device, CudaTransfers transfers) {
        this.device = device;
        this.transfers = transfers;
    }

    /** Whether the host has no part in it, so that it can be recorded as a graph. */
    static boolean staysOnDevice(Orthogonalization method, int dimensions) {
        return method == Orthogonalization.NEWTON_SCHULZ || dimensions <= MOST_DIMENSIONS;
    }

    void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u) {
        try (CudaFloats vectors = doubles(starts, dimensions)) {
            beginVectors(starts, dimensions, vectors);
            orthogonalize(method, starts, dimensions, u, vectors);
        }
    }

    /**
     * As {@link #orthogonalize(Orthogonalization, int, int, Floats)}, faster where U^T U is near one that came before.
     *
     * @param vectors what {@link #beginVectors} or the call before left there: eigenvectors of U^T U, which are updated
     */
    void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u, CudaFloats vectors) {
        if (method == Orthogonalization.NEWTON_SCHULZ) {
            byNewtonSchulz(starts, dimensions, u);
        } else if (staysOnDevice(method, dimensions)) {
            byEigenvectors(starts, dimensions, u, vectors);
        } else {
            onHost(starts, dimensions, u);
        }
    }

    /** Memory for a float64 matrix of each start. */
    CudaFloats doubles(int starts, int dimensions) {
        return device.floats(2L * starts * dimensions * dimensions);
    }

    /** The identity, where nothing is known of the eigenvectors. */
    void beginVectors(int starts, int dimensions, CudaFloats vectors) {
        elementwise("polarIdentity", starts, dimensions)
                .value(dimensions)
                .in(vectors)
                .run();
    }

    private void byEigenvectors(int starts, int dimensions, Floats u, CudaFloats vectors) {
        int n = dimensions;
        long size = (long) starts * n * n;
        try (CudaFloats x = doubles(starts, n);
                CudaFloats y = doubles(starts, n);
                CudaFloats largest = device.floats(starts)) {
            try (CudaFloats columns = device.floats(size);
                    CudaFloats turned = device.floats(size)) {
                product("polarColumns", starts, n)
                        .value(n)
                        .in(u)
                        .in(vectors)
                        .in(columns)
                        .in(turned)
                        .run();
                sweeps(starts, n, columns, turned, largest);
                product("polarCorrection", starts, n).value(n).in(turned).in(x).run();
                product("polarBasis", starts, n)
                        .value(n)
                        .in(turned)
                        .in(x)
                        .in(vectors)
                        .run();
            }
            product("polarRotated", starts, n).value(n).in(u).in(vectors).in(x).run();
            product("polarInverseRoot", starts, n)
                    .value(n)
                    .in(x)
                    .in(largest)
                    .in(y)
                    .run();
            try (CudaFloats scaled = doubles(starts, n)) {
                product("polarScaled", starts, n)
                        .value(n)
                        .in(x)
                        .in(y)
                        .in(scaled)
                        .run();
                product("polarFactor", starts, n)
                        .value(n)
                        .in(scaled)
                        .in(vectors)
                        .in(u)
                        .run();
            }
        }
    }

    private void sweeps(int starts, int n, CudaFloats columns, CudaFloats turned, CudaFloats largest) {
        String kernel = n % 4 != 0 || n > 256 ? "polarSweepsPlain" : n <= 128 ? "polarSweeps128" : "polarSweeps256";
        int pairs = (n + 1) / 2;
        double values = (double) starts * n * n;
        device.kernel(kernel)
                .grid(starts)
                .block(WARP * Math.min(MOST_WARPS, pairs))
                .value(n)
                .in(columns)
                .in(turned)
                .in(largest)
                .work(7 * n * values, 4 * Float.BYTES * values)
                .run();
    }

    private void byNewtonSchulz(int starts, int n, Floats u) {
        int most = Orthogonalization.NEWTON_SCHULZ_ITERATIONS;
        double tolerance = Orthogonalization.NEWTON_SCHULZ_TOLERANCE;
        try (CudaFloats factor = doubles(starts, n);
                CudaFloats even = doubles(starts, n);
                CudaFloats odd = doubles(starts, n);
                CudaFloats scale = device.floats(2L * starts);
                CudaInts unfinished = device.ints((long) starts * most * tiles(n) * tiles(n))) {
            device.stream().fill(unfinished.address(), 0, unfinished.size());
            product("schulzGram", starts, n).value(n).in(u).in(factor).run();
            device.kernel("schulzScale")
                    .grid(starts)
                    .value(n)
                    .in(factor)
                    .in(scale)
                    .run();
            elementwise("schulzBegin", starts, n)
                    .value(n)
                    .value(most)
                    .value(tolerance)
                    .in(u)
                    .in(scale)
                    .in(factor)
                    .in(even)
                    .in(unfinished)
                    .run();
            for (int step = 0; step < most; step++) {
                CudaFloats from = step % 2 == 0 ? even : odd;
                CudaFloats to = step % 2 == 0 ? odd : even;
                if (step > 0) {
                    product("schulzFactor", starts, n)
                            .value(n)
                            .value(most)
                            .value(step)
                            .value(tolerance)
                            .in(from)
                            .in(factor)
                            .in(unfinished)
                            .run();
                }
                product("schulzStep", starts, n)
                        .value(n)
                        .value(most)
                        .value(step)
                        .in(from)
                        .in(factor)
                        .in(unfinished)
                        .in(to)
                        .run();
            }
            elementwise("schulzEnd", starts, n)
                    .value(n)
                    .value(most)
                    .in(even)
                    .in(odd)
                    .in(unfinished)
                    .in(u)
                    .run();
        }
    }

    /** The plain version: the host decomposes. */
    void onHost(int starts, int n, Floats u) {
        float[] values = transfers.toArray(u);
        for (int start = 0; start < starts; start++) {
            PolarFactor.replace(n, values, start * n * n);
        }
        transfers.upload(values, 0, u, 0, values.length);
    }

    /** A product of n x n matrices in float64. */
    private Launch product(String kernel, int starts, int n) {
        double values = (double) starts * n * n;
        return device.kernel(kernel)
                .grid(tiles(n), tiles(n), starts)
                .block(TILE * TILE)
                .work(2 * n * values, 3 * Double.BYTES * values);
    }

    private static int tiles(int n) {
        return (n + TILE - 1) / TILE;
    }

    private Launch elementwise(String kernel, int starts, int n) {
        return device.kernel(kernel).grid((n * n + 255) / 256, 1, starts).block(256);
    }
}
