package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TallMicroKernel} one vector wide. As {@link VectorTallMicroKernel}; what it saves are loads of the index into
 * A.
 */
final class VectorTallNarrowMicroKernel implements TallMicroKernel {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 16;

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public int leastRun() {
        return 128;
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
        int r12 = Math.min(12, last);
        int r13 = Math.min(13, last);
        int r14 = Math.min(14, last);
        int r15 = Math.min(15, last);
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
        int a12 = first + rowStart[row + r12];
        int a13 = first + rowStart[row + r13];
        int a14 = first + rowStart[row + r14];
        int a15 = first + rowStart[row + r15];
        FloatVector s0 = FloatVector.fromArray(SPECIES, from, fromStart);
        FloatVector s1 = FloatVector.fromArray(SPECIES, from, fromStart + r1 * fromStride);
        FloatVector s2 = FloatVector.fromArray(SPECIES, from, fromStart + r2 * fromStride);
        FloatVector s3 = FloatVector.fromArray(SPECIES, from, fromStart + r3 * fromStride);
        FloatVector s4 = FloatVector.fromArray(SPECIES, from, fromStart + r4 * fromStride);
        FloatVector s5 = FloatVector.fromArray(SPECIES, from, fromStart + r5 * fromStride);
        FloatVector s6 = FloatVector.fromArray(SPECIES, from, fromStart + r6 * fromStride);
        FloatVector s7 = FloatVector.fromArray(SPECIES, from, fromStart + r7 * fromStride);
        FloatVector s8 = FloatVector.fromArray(SPECIES, from, fromStart + r8 * fromStride);
        FloatVector s9 = FloatVector.fromArray(SPECIES, from, fromStart + r9 * fromStride);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, fromStart + r10 * fromStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, fromStart + r11 * fromStride);
        FloatVector s12 = FloatVector.fromArray(SPECIES, from, fromStart + r12 * fromStride);
        FloatVector s13 = FloatVector.fromArray(SPECIES, from, fromStart + r13 * fromStride);
        FloatVector s14 = FloatVector.fromArray(SPECIES, from, fromStart + r14 * fromStride);
        FloatVector s15 = FloatVector.fromArray(SPECIES, from, fromStart + r15 * fromStride);
        for (int j = 0, i = product.bStart + k * bStride; j < length; j++, i += bStride) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, i);
            s0 = FloatVector.broadcast(SPECIES, a[a0 + j]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[a1 + j]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[a2 + j]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[a3 + j]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[a4 + j]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[a5 + j]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[a6 + j]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[a7 + j]).fma(y, s7);
            s8 = FloatVector.broadcast(SPECIES, a[a8 + j]).fma(y, s8);
            s9 = FloatVector.broadcast(SPECIES, a[a9 + j]).fma(y, s9);
            s10 = FloatVector.broadcast(SPECIES, a[a10 + j]).fma(y, s10);
            s11 = FloatVector.broadcast(SPECIES, a[a11 + j]).fma(y, s11);
            s12 = FloatVector.broadcast(SPECIES, a[a12 + j]).fma(y, s12);
            s13 = FloatVector.broadcast(SPECIES, a[a13 + j]).fma(y, s13);
            s14 = FloatVector.broadcast(SPECIES, a[a14 + j]).fma(y, s14);
            s15 = FloatVector.broadcast(SPECIES, a[a15 + j]).fma(y, s15);
        }
        s0.intoArray(c, cStart);
        s1.intoArray(c, cStart + r1 * cStride);
        s2.intoArray(c, cStart + r2 * cStride);
        s3.intoArray(c, cStart + r3 * cStride);
        s4.intoArray(c, cStart + r4 * cStride);
        s5.intoArray(c, cStart + r5 * cStride);
        s6.intoArray(c, cStart + r6 * cStride);
        s7.intoArray(c, cStart + r7 * cStride);
        s8.intoArray(c, cStart + r8 * cStride);
        s9.intoArray(c, cStart + r9 * cStride);
        s10.intoArray(c, cStart + r10 * cStride);
        s11.intoArray(c, cStart + r11 * cStride);
        s12.intoArray(c, cStart + r12 * cStride);
        s13.intoArray(c, cStart + r13 * cStride);
        s14.intoArray(c, cStart + r14 * cStride);
        s15.intoArray(c, cStart + r15 * cStride);
    }

    @Override
    public void multiplyNeighbours(TableProduct product, int row, float[] c, int cStart, int cStride) {
        float[] a = product.a;
        float[] b = product.b;
        int[] offset = product.offset;
        int depth = product.depth;
        int bStride = product.bStride;
        int first = product.aStart + product.rowStart[row];
        FloatVector bias = FloatVector.fromArray(SPECIES, product.bias, product.biasStart);
        FloatVector s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
        FloatVector s8 = bias, s9 = bias, s10 = bias, s11 = bias, s12 = bias, s13 = bias, s14 = bias, s15 = bias;
        for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
            int at = first + offset[k];
            FloatVector y = FloatVector.fromArray(SPECIES, b, i);
            s0 = FloatVector.broadcast(SPECIES, a[at]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[at + 1]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[at + 2]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[at + 3]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[at + 4]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[at + 5]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[at + 6]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[at + 7]).fma(y, s7);
            s8 = FloatVector.broadcast(SPECIES, a[at + 8]).fma(y, s8);
            s9 = FloatVector.broadcast(SPECIES, a[at + 9]).fma(y, s9);
            s10 = FloatVector.broadcast(SPECIES, a[at + 10]).fma(y, s10);
            s11 = FloatVector.broadcast(SPECIES, a[at + 11]).fma(y, s11);
            s12 = FloatVector.broadcast(SPECIES, a[at + 12]).fma(y, s12);
            s13 = FloatVector.broadcast(SPECIES, a[at + 13]).fma(y, s13);
            s14 = FloatVector.broadcast(SPECIES, a[at + 14]).fma(y, s14);
            s15 = FloatVector.broadcast(SPECIES, a[at + 15]).fma(y, s15);
        }
        s0.intoArray(c, cStart);
        s1.intoArray(c, cStart + 1 * cStride);
        s2.intoArray(c, cStart + 2 * cStride);
        s3.intoArray(c, cStart + 3 * cStride);
        s4.intoArray(c, cStart + 4 * cStride);
        s5.intoArray(c, cStart + 5 * cStride);
        s6.intoArray(c, cStart + 6 * cStride);
        s7.intoArray(c, cStart + 7 * cStride);
        s8.intoArray(c, cStart + 8 * cStride);
        s9.intoArray(c, cStart + 9 * cStride);
        s10.intoArray(c, cStart + 10 * cStride);
        s11.intoArray(c, cStart + 11 * cStride);
        s12.intoArray(c, cStart + 12 * cStride);
        s13.intoArray(c, cStart + 13 * cStride);
        s14.intoArray(c, cStart + 14 * cStride);
        s15.intoArray(c, cStart + 15 * cStride);
    }

    @Override
    public void raise(float floor, int rows, float[] c, int cStart, int cStride) {
        for (int i = 0, at = cStart; i < rows; i++, at += cStride) {
            FloatVector.fromArray(SPECIES, c, at).max(floor).intoArray(c, at);
        }
    }
}
