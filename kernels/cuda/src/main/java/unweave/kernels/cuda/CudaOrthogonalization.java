package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;

/**
 * U &lt;- U (U^T U)^(-1/2): by eigenvectors, with the products of cuBLAS and the kernels of
 * {@code orthogonalization.cu}, or by the kernels of {@code newtonSchulz.cu}; the heads of these files say how. The
 * host has no part in it, so that it can be recorded as a graph. Matrices in float64 take two floats for a value.
 */
final class CudaOrthogonalization {
    /** Up to this D one block makes all rotations of a matrix. */
    private static final int MOST_OF_ONE_BLOCK = 256;

    /** Columns that a block takes of a larger matrix in each round: twice so many. */
    private static final int PANEL = 8;

    /**
     * The most sweeps over a larger matrix. Launches are queued for all of them, and those behind the last that is
     * needed do nothing.
     */
    private static final int MOST_SWEEPS = 20;

    private static final int TILE = 16;
    private static final int WARP = 32;
    private static final int MOST_WARPS = 32;

    private final CudaDevice device;
    private final int mostOfOneBlock;

    CudaOrthogonalization(CudaDevice device) {
        this(device, MOST_OF_ONE_BLOCK);
    }

    /** @param mostOfOneBlock as {@link #MOST_OF_ONE_BLOCK}, at most that; tests take panels of small matrices, too */
    CudaOrthogonalization(CudaDevice device, int mostOfOneBlock) {
        this.device = device;
        this.mostOfOneBlock = mostOfOneBlock;
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
     * @param vectors what {@link #beginVectors} or the call before left there: eigenvectors of U^T U in rows, which are
     *     updated
     */
    void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u, CudaFloats vectors) {
        if (method == Orthogonalization.NEWTON_SCHULZ) {
            byNewtonSchulz(starts, dimensions, u);
        } else {
            byEigenvectors(starts, dimensions, u, vectors);
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

    /** @param vt V^T */
    private void byEigenvectors(int starts, int n, Floats u, CudaFloats vt) {
        try (CudaFloats wide = doubles(starts, n);
                CudaFloats xt = doubles(starts, n);
                CudaFloats other = doubles(starts, n)) {
            elementwise("polarWiden", starts, n).value(n).in(u).in(wide).run();
            product(false, true, 1, starts, n, vt, wide, 0, xt); // X^T = V^T U^T
            rotate(starts, n, xt, vt, other);
            product(false, true, 1, starts, n, vt, wide, 0, xt);
            product(false, true, 1, starts, n, xt, xt, 0, wide); // M = X^T X
            device.kernel("polarInverseRoot")
                    .grid(n, 1, starts)
                    .value(n)
                    .in(wide)
                    .in(other)
                    .run();
            product(false, false, 1, starts, n, other, xt, 0, wide); // (X M^(-1/2))^T
            product(true, false, 1, starts, n, wide, vt, 0, xt);
            elementwise("polarNarrow", starts, n).value(n).in(xt).in(u).run();
        }
    }

    /**
     * Turns the rows of V^T until those of X^T = V^T U^T are orthogonal, in float32, and corrects V^T in float64.
     *
     * @param xt X^T, overwritten
     * @param factor overwritten
     */
    private void rotate(int starts, int n, CudaFloats xt, CudaFloats vt, CudaFloats factor) {
        long size = (long) starts * n * n;
        try (CudaFloats columns = device.floats(size);
                CudaFloats turned = device.floats(size)) {
            elementwise("polarColumns", starts, n)
                    .value(n)
                    .in(xt)
                    .in(vt)
                    .in(columns)
                    .in(turned)
                    .run();
            if (n <= mostOfOneBlock) {
                sweepsOfOneBlock(starts, n, columns, turned);
            } else {
                sweepsOfPanels(starts, n, columns, turned);
            }
            elementwise("polarTurned", starts, n)
                    .value(n)
                    .in(turned)
                    .in(factor)
                    .in(vt)
                    .run();
        }
        product(false, true, -0.5, starts, n, factor, factor, 0, xt);
        product(false, false, 1, starts, n, xt, factor, 1.5, vt); // V^T <- (3 I - V^T V) V^T / 2
    }

    private void sweepsOfOneBlock(int starts, int n, CudaFloats columns, CudaFloats turned) {
        String kernel = n % 4 != 0 ? "polarSweepsPlain" : n <= 128 ? "polarSweeps128" : "polarSweeps256";
        int pairs = (n + 1) / 2;
        double values = (double) starts * n * n;
        device.kernel(kernel)
                .grid(starts)
                .block(WARP * Math.min(MOST_WARPS, pairs))
                .value(n)
                .in(columns)
                .in(turned)
                .work(7 * n * values, 4 * Float.BYTES * values)
                .run();
    }

    private void sweepsOfPanels(int starts, int n, CudaFloats columns, CudaFloats turned) {
        int pairs = (n + 2 * PANEL - 1) / (2 * PANEL);
        double values = (double) starts * n * n;
        try (CudaInts unfinished = device.ints((long) starts * MOST_SWEEPS)) {
            device.stream().fill(unfinished.address(), 0, unfinished.size());
            for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
                for (int round = 0; round < 2 * pairs - 1; round++) {
                    device.kernel("polarPanels")
                            .grid(pairs, starts, 1)
                            .block(WARP * PANEL)
                            .value(n)
                            .value(MOST_SWEEPS)
                            .value(sweep)
                            .value(round)
                            .in(columns)
                            .in(turned)
                            .in(unfinished)
                            .work(7 * PANEL * values, 4 * Float.BYTES * values)
                            .run();
                }
            }
        }
    }

    /** {@code c <- factor op(a) op(b) + keep c} for the n x n matrices of every start, in float64, by cuBLAS. */
    private void product(
            boolean transposeA,
            boolean transposeB,
            double factor,
            int starts,
            int n,
            CudaFloats a,
            CudaFloats b,
            double keep,
            CudaFloats c) {
        long size = (long) n * n;
        device.blas()
                .dgemmStridedBatched(
                        transposeA,
                        transposeB,
                        n,
                        n,
                        n,
                        factor,
                        a.address(),
                        n,
                        size,
                        b.address(),
                        n,
                        size,
                        keep,
                        c.address(),
                        n,
                        size,
                        starts);
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
            tiles("schulzGram", starts, n).value(n).in(u).in(factor).run();
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
                    tiles("schulzFactor", starts, n)
                            .value(n)
                            .value(most)
                            .value(step)
                            .value(tolerance)
                            .in(from)
                            .in(factor)
                            .in(unfinished)
                            .run();
                }
                tiles("schulzStep", starts, n)
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

    /** A product of n x n matrices in float64, a block for each tile. */
    private Launch tiles(String kernel, int starts, int n) {
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
