package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TallMicroKernel} two vectors wide, for processors with 32 vector registers: 24 of them hold sums. Twice the
 * rows of {@link VectorMicroKernel} halve the loads of B, which matter since Java arrays do not begin on cache lines:
 * each load of 64 bytes takes two. And where the index into A is the loop's own counter, or differs by a constant, it
 * is not loaded either.
 *
 * <p>Flat and without branches, for the reasons given there. Nor may a method of ours be called on the sums: from about
 * 18,000 nodes on, C2 inlines only the Vector API's own methods, and a call that remains makes it move all sums to the
 * heap.
 */
final class VectorTallMicroKernel implements TallMicroKernel {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 12;

    /** AVX-512 brought 32 registers with its 512 bits. */
    static boolean fits() {
        return SPECIES.vectorBitSize() == 512;
    }

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public int leastRun() {
        return 64;
    }

    @Override
    public void addRun(
            TableProduct product,
            int k,
            int length,
            int row,
            int rows,
            float[] from,
            int fromStart,
            int fromStride,
            float[] c,
            int cStart,
            int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] rowStart = product.rowStart;
        int bStride = product.bStride;
        int first = product.aStart + product.offset[k];
        int last = rows - 1;
        int r1 = Math.min(1, last);
        int r2 = Math.min(2, last);
        int r3 = Math.min(3, last);
        int r4 = Math.min(4, last);
        int r5 = Math.min(5, last);
        int r6 = Math.min(6, last);
        int r7 = Math.min(7, last);
        int r8 = Math.min(8, last);
        int r9 = Math.min(9, last);
        int r10 = Math.min(10, last);
        int r11 = Math.min(11, last);
        int a0 = first + rowStart[row];
        int a1 = first + rowStart[row + r1];
        int a2 = first + rowStart[row + r2];
        int a3 = first + rowStart[row + r3];
        int a4 = first + rowStart[row + r4];
        int a5 = first + rowStart[row + r5];
        int a6 = first + rowStart[row + r6];
        int a7 = first + rowStart[row + r7];
        int a8 = first + rowStart[row + r8];
        int a9 = first + rowStart[row + r9];
        int a10 = first + rowStart[row + r10];
        int a11 = first + rowStart[row + r11];
        FloatVector s0 = FloatVector.fromArray(SPECIES, from, fromStart);
        FloatVector t0 = FloatVector.fromArray(SPECIES, from, fromStart + LANES);
        FloatVector s1 = FloatVector.fromArray(SPECIES, from, fromStart + r1 * fromStride);
        FloatVector t1 = FloatVector.fromArray(SPECIES, from, fromStart + r1 * fromStride + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, from, fromStart + r2 * fromStride);
        FloatVector t2 = FloatVector.fromArray(SPECIES, from, fromStart + r2 * fromStride + LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, from, fromStart + r3 * fromStride);
        FloatVector t3 = FloatVector.fromArray(SPECIES, from, fromStart + r3 * fromStride + LANES);
        FloatVector s4 = FloatVector.fromArray(SPECIES, from, fromStart + r4 * fromStride);
        FloatVector t4 = FloatVector.fromArray(SPECIES, from, fromStart + r4 * fromStride + LANES);
        FloatVector s5 = FloatVector.fromArray(SPECIES, from, fromStart + r5 * fromStride);
        FloatVector t5 = FloatVector.fromArray(SPECIES, from, fromStart + r5 * fromStride + LANES);
        FloatVector s6 = FloatVector.fromArray(SPECIES, from, fromStart + r6 * fromStride);
        FloatVector t6 = FloatVector.fromArray(SPECIES, from, fromStart + r6 * fromStride + LANES);
        FloatVector s7 = FloatVector.fromArray(SPECIES, from, fromStart + r7 * fromStride);
        FloatVector t7 = FloatVector.fromArray(SPECIES, from, fromStart + r7 * fromStride + LANES);
        FloatVector s8 = FloatVector.fromArray(SPECIES, from, fromStart + r8 * fromStride);
        FloatVector t8 = FloatVector.fromArray(SPECIES, from, fromStart + r8 * fromStride + LANES);
        FloatVector s9 = FloatVector.fromArray(SPECIES, from, fromStart + r9 * fromStride);
        FloatVector t9 = FloatVector.fromArray(SPECIES, from, fromStart + r9 * fromStride + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, fromStart + r10 * fromStride);
        FloatVector t10 = FloatVector.fromArray(SPECIES, from, fromStart + r10 * fromStride + LANES);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, fromStart + r11 * fromStride);
        FloatVector t11 = FloatVector.fromArray(SPECIES, from, fromStart + r11 * fromStride + LANES);
        for (int j = 0, i = product.bStart + k * bStride; j < length; j++, i += bStride) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, i);
            FloatVector right = FloatVector.fromArray(SPECIES, b, i + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + j]);
            s0 = x0.fma(left, s0);
            t0 = x0.fma(right, t0);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + j]);
            s1 = x1.fma(left, s1);
            t1 = x1.fma(right, t1);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + j]);
            s2 = x2.fma(left, s2);
            t2 = x2.fma(right, t2);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + j]);
            s3 = x3.fma(left, s3);
            t3 = x3.fma(right, t3);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + j]);
            s4 = x4.fma(left, s4);
            t4 = x4.fma(right, t4);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + j]);
            s5 = x5.fma(left, s5);
            t5 = x5.fma(right, t5);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[a6 + j]);
            s6 = x6.fma(left, s6);
            t6 = x6.fma(right, t6);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[a7 + j]);
            s7 = x7.fma(left, s7);
            t7 = x7.fma(right, t7);
            FloatVector x8 = FloatVector.broadcast(SPECIES, a[a8 + j]);
            s8 = x8.fma(left, s8);
            t8 = x8.fma(right, t8);
            FloatVector x9 = FloatVector.broadcast(SPECIES, a[a9 + j]);
            s9 = x9.fma(left, s9);
            t9 = x9.fma(right, t9);
            FloatVector x10 = FloatVector.broadcast(SPECIES, a[a10 + j]);
            s10 = x10.fma(left, s10);
            t10 = x10.fma(right, t10);
            FloatVector x11 = FloatVector.broadcast(SPECIES, a[a11 + j]);
            s11 = x11.fma(left, s11);
            t11 = x11.fma(right, t11);
        }
        s0.intoArray(c, cStart);
        t0.intoArray(c, cStart + LANES);
        s1.intoArray(c, cStart + r1 * cStride);
        t1.intoArray(c, cStart + r1 * cStride + LANES);
        s2.intoArray(c, cStart + r2 * cStride);
        t2.intoArray(c, cStart + r2 * cStride + LANES);
        s3.intoArray(c, cStart + r3 * cStride);
        t3.intoArray(c, cStart + r3 * cStride + LANES);
        s4.intoArray(c, cStart + r4 * cStride);
        t4.intoArray(c, cStart + r4 * cStride + LANES);
        s5.intoArray(c, cStart + r5 * cStride);
        t5.intoArray(c, cStart + r5 * cStride + LANES);
        s6.intoArray(c, cStart + r6 * cStride);
        t6.intoArray(c, cStart + r6 * cStride + LANES);
        s7.intoArray(c, cStart + r7 * cStride);
        t7.intoArray(c, cStart + r7 * cStride + LANES);
        s8.intoArray(c, cStart + r8 * cStride);
        t8.intoArray(c, cStart + r8 * cStride + LANES);
        s9.intoArray(c, cStart + r9 * cStride);
        t9.intoArray(c, cStart + r9 * cStride + LANES);
        s10.intoArray(c, cStart + r10 * cStride);
        t10.intoArray(c, cStart + r10 * cStride + LANES);
        s11.intoArray(c, cStart + r11 * cStride);
        t11.intoArray(c, cStart + r11 * cStride + LANES);
    }

    @Override
    public void multiplyNeighbours(TableProduct product, int row, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] offset = product.offset;
        int depth = product.depth;
        int bStride = product.bStride;
        int first = product.aStart + product.rowStart[row];
        FloatVector leftBias = FloatVector.fromArray(SPECIES, product.bias, product.biasStart);
        FloatVector rightBias = FloatVector.fromArray(SPECIES, product.bias, product.biasStart + LANES);
        FloatVector s0 = leftBias, s1 = leftBias, s2 = leftBias, s3 = leftBias, s4 = leftBias, s5 = leftBias;
        FloatVector s6 = leftBias, s7 = leftBias, s8 = leftBias, s9 = leftBias, s10 = leftBias, s11 = leftBias;
        FloatVector t0 = rightBias, t1 = rightBias, t2 = rightBias, t3 = rightBias, t4 = rightBias, t5 = rightBias;
        FloatVector t6 = rightBias, t7 = rightBias, t8 = rightBias, t9 = rightBias, t10 = rightBias, t11 = rightBias;
        for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
            int at = first + offset[k];
            FloatVector left = FloatVector.fromArray(SPECIES, b, i);
            FloatVector right = FloatVector.fromArray(SPECIES, b, i + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[at]);
            s0 = x0.fma(left, s0);
            t0 = x0.fma(right, t0);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[at + 1]);
            s1 = x1.fma(left, s1);
            t1 = x1.fma(right, t1);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[at + 2]);
            s2 = x2.fma(left, s2);
            t2 = x2.fma(right, t2);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[at + 3]);
            s3 = x3.fma(left, s3);
            t3 = x3.fma(right, t3);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[at + 4]);
            s4 = x4.fma(left, s4);
            t4 = x4.fma(right, t4);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[at + 5]);
            s5 = x5.fma(left, s5);
            t5 = x5.fma(right, t5);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[at + 6]);
            s6 = x6.fma(left, s6);
            t6 = x6.fma(right, t6);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[at + 7]);
            s7 = x7.fma(left, s7);
            t7 = x7.fma(right, t7);
            FloatVector x8 = FloatVector.broadcast(SPECIES, a[at + 8]);
            s8 = x8.fma(left, s8);
            t8 = x8.fma(right, t8);
            FloatVector x9 = FloatVector.broadcast(SPECIES, a[at + 9]);
            s9 = x9.fma(left, s9);
            t9 = x9.fma(right, t9);
            FloatVector x10 = FloatVector.broadcast(SPECIES, a[at + 10]);
            s10 = x10.fma(left, s10);
            t10 = x10.fma(right, t10);
            FloatVector x11 = FloatVector.broadcast(SPECIES, a[at + 11]);
            s11 = x11.fma(left, s11);
            t11 = x11.fma(right, t11);
        }
        s0.intoArray(c, cStart);
        t0.intoArray(c, cStart + LANES);
        s1.intoArray(c, cStart + 1 * cStride);
        t1.intoArray(c, cStart + 1 * cStride + LANES);
        s2.intoArray(c, cStart + 2 * cStride);
        t2.intoArray(c, cStart + 2 * cStride + LANES);
        s3.intoArray(c, cStart + 3 * cStride);
        t3.intoArray(c, cStart + 3 * cStride + LANES);
        s4.intoArray(c, cStart + 4 * cStride);
        t4.intoArray(c, cStart + 4 * cStride + LANES);
        s5.intoArray(c, cStart + 5 * cStride);
        t5.intoArray(c, cStart + 5 * cStride + LANES);
        s6.intoArray(c, cStart + 6 * cStride);
        t6.intoArray(c, cStart + 6 * cStride + LANES);
        s7.intoArray(c, cStart + 7 * cStride);
        t7.intoArray(c, cStart + 7 * cStride + LANES);
        s8.intoArray(c, cStart + 8 * cStride);
        t8.intoArray(c, cStart + 8 * cStride + LANES);
        s9.intoArray(c, cStart + 9 * cStride);
        t9.intoArray(c, cStart + 9 * cStride + LANES);
        s10.intoArray(c, cStart + 10 * cStride);
        t10.intoArray(c, cStart + 10 * cStride + LANES);
        s11.intoArray(c, cStart + 11 * cStride);
        t11.intoArray(c, cStart + 11 * cStride + LANES);
    }

    @Override
    public void raise(float floor, int rows, float[] c, int cStart, int cStride) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = cStart + (i >> 1) * cStride + (i & 1) * LANES;
            FloatVector.fromArray(SPECIES, c, at).max(floor).intoArray(c, at);
        }
    }
}
