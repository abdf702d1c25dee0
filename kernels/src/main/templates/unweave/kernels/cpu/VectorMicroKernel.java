package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MicroKernel} with the Vector API: all sums of a block stay in registers.
 *
 * <p>Wide and narrow blocks have twelve sums: enough independent fused multiply-adds to hide their latency, few enough
 * for the sixteen vector registers of AVX2. Tall blocks have 24 and need the 32 registers of AVX-512. Twice the rows
 * halve the loads of B, which matter since Java arrays do not begin on cache lines: each load of 64 bytes takes two.
 * Where the index into A is the loop's own counter, it is not loaded either. With tall blocks off, a gtzan training
 * step takes 1.1 times as long (JDK 17 and 25, Emerald Rapids).
 *
 * <p>The code is flat and without branches on purpose. C2 of JDK 17 moves vectors to the heap when they live across an
 * outer loop or in an array, C2 of any version when a method grows too large for it to inline every vector operation,
 * and a branch first taken late throws the compiled method away; each costs a factor of ten or more. Rows that a small
 * block does not have are therefore copies of its last row. Nor may a method of ours be called on the sums of a tall
 * block: from about 18,000 nodes on, C2 inlines only the Vector API's own methods. Places in C are computed behind the
 * loop of wide and narrow blocks: as values that live across it, they made a gtzan forward pass take 1.5 times as long.
 */
final class VectorMicroKernel implements MicroKernel {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();

    private final int leastWork;

    /** @param leastWork see {@link MicroKernel#leastWork} */
    VectorMicroKernel(int leastWork) {
        this.leastWork = leastWork;
    }

    @Override
    public int leastWork() {
        return leastWork;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public int wideRows() {
        return 6;
    }

    @Override
    public int narrowRows() {
        return 12;
    }

    @Override
    public int tallRows() {
        return SPECIES.vectorBitSize() == 512 ? 12 : 0;
    }

    //: each name in Wide Narrow, rows in 6 12, vectors in 2 1
    @Override
    public void multiply$name(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] offset = product.offset;
        int[] rowStart = product.rowStart;
        int depth = product.depth;
        int bStride = product.bStride;
        int last = rows - 1;
        //: each r < $rows
        int a$r = product.aStart + rowStart[row + Math.min($r, last)];
        //: end
        //: each v < $vectors
        FloatVector bias$v = FloatVector.fromArray(SPECIES, product.bias, product.biasStart + $v * LANES);
        //: each r < $rows
        FloatVector s$r_$v = bias$v;
        //: end
        //: end
        for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
            int o = offset[k];
            //: each v < $vectors
            FloatVector y$v = FloatVector.fromArray(SPECIES, b, i + $v * LANES);
            //: end
            //: each r < $rows
            FloatVector x$r = FloatVector.broadcast(SPECIES, a[a$r + o]);
            //: each v < $vectors
            s$r_$v = x$r.fma(y$v, s$r_$v);
            //: end
            //: end
        }
        float floor = product.floor;
        //: each r < $rows
        //: each v < $vectors
        s$r_$v.max(floor).intoArray(c, cStart + Math.min($r, last) * cStride + $v * LANES);
        //: end
        //: end
    }

    //: end
    @Override
    public void addRun(
            TableProduct product, int k, int length, int row, int rows, float[] from, int fromStart, int fromStride,
            float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] rowStart = product.rowStart;
        int bStride = product.bStride;
        int first = product.aStart + product.offset[k];
        int last = rows - 1;
        //: each r < 12
        int r$r = Math.min($r, last);
        //: end
        //: each r < 12
        int a$r = first + rowStart[row + r$r];
        //: end
        //: each r < 12
        //: each v < 2
        FloatVector s$r_$v = FloatVector.fromArray(SPECIES, from, fromStart + r$r * fromStride + $v * LANES);
        //: end
        //: end
        for (int j = 0, i = product.bStart + k * bStride; j < length; j++, i += bStride) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, i);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, i + LANES);
            //: each r < 12
            FloatVector x$r = FloatVector.broadcast(SPECIES, a[a$r + j]);
            s$r_0 = x$r.fma(y0, s$r_0);
            s$r_1 = x$r.fma(y1, s$r_1);
            //: end
        }
        //: each r < 12
        s$r_0.intoArray(c, cStart + r$r * cStride);
        s$r_1.intoArray(c, cStart + r$r * cStride + LANES);
        //: end
    }

    @Override
    public void multiplyNeighbours(TableProduct product, int row, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] offset = product.offset;
        int depth = product.depth;
        int bStride = product.bStride;
        int first = product.aStart + product.rowStart[row];
        FloatVector bias0 = FloatVector.fromArray(SPECIES, product.bias, product.biasStart);
        FloatVector bias1 = FloatVector.fromArray(SPECIES, product.bias, product.biasStart + LANES);
        //: each r < 12
        FloatVector s$r_0 = bias0, s$r_1 = bias1;
        //: end
        for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
            int at = first + offset[k];
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, i);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, i + LANES);
            //: each r < 12
            FloatVector x$r = FloatVector.broadcast(SPECIES, a[at + $r]);
            s$r_0 = x$r.fma(y0, s$r_0);
            s$r_1 = x$r.fma(y1, s$r_1);
            //: end
        }
        //: each r < 12
        s$r_0.intoArray(c, cStart + $r * cStride);
        s$r_1.intoArray(c, cStart + $r * cStride + LANES);
        //: end
    }

    @Override
    public void raise(float floor, int rows, float[] c, int cStart, int cStride) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = cStart + (i >> 1) * cStride + (i & 1) * LANES;
            FloatVector.fromArray(SPECIES, c, at).max(floor).intoArray(c, at);
        }
    }

    @Override
    public void sumRows(TableProduct product, float[] c, int cStart) {
        float[] b = product.b;
        int bStride = product.bStride;
        int i = product.bStart;
        int end = i + product.depth * bStride;
        //: each s < 4
        FloatVector s$s = FloatVector.zero(SPECIES);
        //: end
        for (; i < end - 3 * bStride; i += 4 * bStride) {
            //: each s < 4
            s$s = s$s.add(FloatVector.fromArray(SPECIES, b, i + $s * bStride));
            //: end
        }
        for (; i < end; i += bStride) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, b, i));
        }
        s0.add(s1).add(s2.add(s3)).intoArray(c, cStart);
    }
}
