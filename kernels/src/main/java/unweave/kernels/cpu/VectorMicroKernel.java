package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MicroKernel} with the Vector API. Twelve sums stay in registers: enough independent fused multiply-adds to
 * hide their latency, few enough for the sixteen vector registers of AVX2.
 *
 * <p>The code is flat and without branches on purpose. C2 of JDK 17 moves vectors to the heap when they live across an
 * outer loop or in an array, C2 of any version when a method grows too large for it to inline every vector operation,
 * and a branch first taken late throws the compiled method away; each costs a factor of ten or more. Rows that a small
 * block does not have are therefore copies of its last row.
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
    public Transposition transposition() {
        return Transposition.choose(true);
    }

    @Override
    public TallMicroKernel tallWide() {
        return VectorTallMicroKernel.fits() ? new VectorTallMicroKernel() : null;
    }

    @Override
    public TallMicroKernel tallNarrow() {
        return VectorTallMicroKernel.fits() ? new VectorTallNarrowMicroKernel() : null;
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
    public void multiplyWide(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] offset = product.offset;
        int[] rowStart = product.rowStart;
        int depth = product.depth;
        int bStride = product.bStride;
        int last = rows - 1;
        int a0 = product.aStart + rowStart[row];
        int a1 = product.aStart + rowStart[row + Math.min(1, last)];
        int a2 = product.aStart + rowStart[row + Math.min(2, last)];
        int a3 = product.aStart + rowStart[row + Math.min(3, last)];
        int a4 = product.aStart + rowStart[row + Math.min(4, last)];
        int a5 = product.aStart + rowStart[row + Math.min(5, last)];
        FloatVector leftBias = FloatVector.fromArray(SPECIES, product.bias, product.biasStart);
        FloatVector rightBias = FloatVector.fromArray(SPECIES, product.bias, product.biasStart + LANES);
        FloatVector l0 = leftBias, l1 = leftBias, l2 = leftBias, l3 = leftBias, l4 = leftBias, l5 = leftBias;
        FloatVector r0 = rightBias, r1 = rightBias, r2 = rightBias, r3 = rightBias, r4 = rightBias, r5 = rightBias;
        for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
            int o = offset[k];
            FloatVector left = FloatVector.fromArray(SPECIES, b, i);
            FloatVector right = FloatVector.fromArray(SPECIES, b, i + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + o]);
            l0 = x0.fma(left, l0);
            r0 = x0.fma(right, r0);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + o]);
            l1 = x1.fma(left, l1);
            r1 = x1.fma(right, r1);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + o]);
            l2 = x2.fma(left, l2);
            r2 = x2.fma(right, r2);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + o]);
            l3 = x3.fma(left, l3);
            r3 = x3.fma(right, r3);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + o]);
            l4 = x4.fma(left, l4);
            r4 = x4.fma(right, r4);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + o]);
            l5 = x5.fma(left, l5);
            r5 = x5.fma(right, r5);
        }
        float floor = product.floor;
        l0.max(floor).intoArray(c, cStart);
        r0.max(floor).intoArray(c, cStart + LANES);
        l1.max(floor).intoArray(c, cStart + Math.min(1, last) * cStride);
        r1.max(floor).intoArray(c, cStart + Math.min(1, last) * cStride + LANES);
        l2.max(floor).intoArray(c, cStart + Math.min(2, last) * cStride);
        r2.max(floor).intoArray(c, cStart + Math.min(2, last) * cStride + LANES);
        l3.max(floor).intoArray(c, cStart + Math.min(3, last) * cStride);
        r3.max(floor).intoArray(c, cStart + Math.min(3, last) * cStride + LANES);
        l4.max(floor).intoArray(c, cStart + Math.min(4, last) * cStride);
        r4.max(floor).intoArray(c, cStart + Math.min(4, last) * cStride + LANES);
        l5.max(floor).intoArray(c, cStart + Math.min(5, last) * cStride);
        r5.max(floor).intoArray(c, cStart + Math.min(5, last) * cStride + LANES);
    }

    @Override
    public void multiplyNarrow(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] offset = product.offset;
        int[] rowStart = product.rowStart;
        int depth = product.depth;
        int bStride = product.bStride;
        int last = rows - 1;
        int a0 = product.aStart + rowStart[row];
        int a1 = product.aStart + rowStart[row + Math.min(1, last)];
        int a2 = product.aStart + rowStart[row + Math.min(2, last)];
        int a3 = product.aStart + rowStart[row + Math.min(3, last)];
        int a4 = product.aStart + rowStart[row + Math.min(4, last)];
        int a5 = product.aStart + rowStart[row + Math.min(5, last)];
        int a6 = product.aStart + rowStart[row + Math.min(6, last)];
        int a7 = product.aStart + rowStart[row + Math.min(7, last)];
        int a8 = product.aStart + rowStart[row + Math.min(8, last)];
        int a9 = product.aStart + rowStart[row + Math.min(9, last)];
        int a10 = product.aStart + rowStart[row + Math.min(10, last)];
        int a11 = product.aStart + rowStart[row + Math.min(11, last)];
        FloatVector bias = FloatVector.fromArray(SPECIES, product.bias, product.biasStart);
        FloatVector s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias;
        FloatVector s6 = bias, s7 = bias, s8 = bias, s9 = bias, s10 = bias, s11 = bias;
        for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
            int o = offset[k];
            FloatVector y = FloatVector.fromArray(SPECIES, b, i);
            s0 = FloatVector.broadcast(SPECIES, a[a0 + o]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[a1 + o]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[a2 + o]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[a3 + o]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[a4 + o]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[a5 + o]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[a6 + o]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[a7 + o]).fma(y, s7);
            s8 = FloatVector.broadcast(SPECIES, a[a8 + o]).fma(y, s8);
            s9 = FloatVector.broadcast(SPECIES, a[a9 + o]).fma(y, s9);
            s10 = FloatVector.broadcast(SPECIES, a[a10 + o]).fma(y, s10);
            s11 = FloatVector.broadcast(SPECIES, a[a11 + o]).fma(y, s11);
        }
        float floor = product.floor;
        s0.max(floor).intoArray(c, cStart);
        s1.max(floor).intoArray(c, cStart + Math.min(1, last) * cStride);
        s2.max(floor).intoArray(c, cStart + Math.min(2, last) * cStride);
        s3.max(floor).intoArray(c, cStart + Math.min(3, last) * cStride);
        s4.max(floor).intoArray(c, cStart + Math.min(4, last) * cStride);
        s5.max(floor).intoArray(c, cStart + Math.min(5, last) * cStride);
        s6.max(floor).intoArray(c, cStart + Math.min(6, last) * cStride);
        s7.max(floor).intoArray(c, cStart + Math.min(7, last) * cStride);
        s8.max(floor).intoArray(c, cStart + Math.min(8, last) * cStride);
        s9.max(floor).intoArray(c, cStart + Math.min(9, last) * cStride);
        s10.max(floor).intoArray(c, cStart + Math.min(10, last) * cStride);
        s11.max(floor).intoArray(c, cStart + Math.min(11, last) * cStride);
    }

    @Override
    public void sumRows(TableProduct product, float[] c, int cStart) {
        float[] b = product.b;
        int bStride = product.bStride;
        int i = product.bStart;
        int end = i + product.depth * bStride;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (; i < end - 3 * bStride; i += 4 * bStride) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, b, i));
            s1 = s1.add(FloatVector.fromArray(SPECIES, b, i + bStride));
            s2 = s2.add(FloatVector.fromArray(SPECIES, b, i + 2 * bStride));
            s3 = s3.add(FloatVector.fromArray(SPECIES, b, i + 3 * bStride));
        }
        for (; i < end; i += bStride) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, b, i));
        }
        s0.add(s1).add(s2.add(s3)).intoArray(c, cStart);
    }
}
