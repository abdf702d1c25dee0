package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SparseProduct} with the Vector API. A row of U is loaded once for A and C, which are zero in the same columns:
 * arrays of Java lie across cache lines, so that it is the loads that count. Every method has one flat loop over the
 * entries of a row, and no method is called on the sums, for the reason given at {@link VectorPanelProduct}.
 */
final class VectorSparseProduct extends SparseProduct {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();

    @Override
    int width() {
        return 2 * LANES;
    }

    @Override
    int panelsAtOnce() {
        return 2;
    }

    @Override
    void project(
            SparseRows x,
            int firstRow,
            int rows,
            float[] u,
            int panel,
            int panelSize,
            float[] h,
            float[] g,
            int to,
            int stride) {
        for (int n = 0; n < rows; n++) {
            projectRow(
                    x.places(),
                    x.a(),
                    x.c(),
                    x.begin(firstRow + n),
                    x.begin(firstRow + n + 1),
                    u,
                    panel,
                    panelSize,
                    h,
                    g,
                    to + n * stride);
        }
    }

    private static void projectRow(
            int[] places,
            float[] a,
            float[] c,
            int begin,
            int end,
            float[] u,
            int panel,
            int panelSize,
            float[] h,
            float[] g,
            int to) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector h0 = zero, h1 = zero, h2 = zero, h3 = zero, g0 = zero, g1 = zero, g2 = zero, g3 = zero;
        for (int entry = begin; entry < end; entry++) {
            int at = panel + places[entry];
            FloatVector ofA = FloatVector.broadcast(SPECIES, a[entry]);
            FloatVector ofC = FloatVector.broadcast(SPECIES, c[entry]);
            FloatVector row = load(u, at);
            h0 = ofA.fma(row, h0);
            g0 = ofC.fma(row, g0);
            row = load(u, at + LANES);
            h1 = ofA.fma(row, h1);
            g1 = ofC.fma(row, g1);
            row = load(u, at + panelSize);
            h2 = ofA.fma(row, h2);
            g2 = ofC.fma(row, g2);
            row = load(u, at + panelSize + LANES);
            h3 = ofA.fma(row, h3);
            g3 = ofC.fma(row, g3);
        }
        store(h, to, h0);
        store(h, to + LANES, h1);
        store(h, to + 2 * LANES, h2);
        store(h, to + 3 * LANES, h3);
        store(g, to, g0);
        store(g, to + LANES, g1);
        store(g, to + 2 * LANES, g2);
        store(g, to + 3 * LANES, g3);
    }

    @Override
    void addGradient(SparseRows x, int firstRow, int[] positive, int count, float[] weighed, float[] sum, int panel) {
        for (int i = 0; i < count; i++) {
            int n = firstRow + positive[i];
            addRow(x.places(), x.a(), x.c(), x.begin(n), x.begin(n + 1), weighed, i * 4 * LANES, sum, panel);
        }
    }

    /**
     * Loads what belongs to the row for every group of entries: C2 of JDK 17 would allocate vectors that are loaded
     * before the loop. A method of this size is not compiled into its callers, of which one would grow beyond what C2
     * compiles without allocating vectors.
     */
    private static void addRow(
            int[] places, float[] a, float[] c, int begin, int end, float[] weighed, int from, float[] sum, int panel) {
        for (int entry = begin; entry < end; entry += SparseRows.GROUP) {
            int at0 = panel + places[entry];
            int at1 = panel + places[entry + 1];
            int at2 = panel + places[entry + 2];
            int at3 = panel + places[entry + 3];
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[entry]);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[entry + 1]);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[entry + 2]);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[entry + 3]);
            FloatVector c0 = FloatVector.broadcast(SPECIES, c[entry]);
            FloatVector c1 = FloatVector.broadcast(SPECIES, c[entry + 1]);
            FloatVector c2 = FloatVector.broadcast(SPECIES, c[entry + 2]);
            FloatVector c3 = FloatVector.broadcast(SPECIES, c[entry + 3]);
            FloatVector g = load(weighed, from);
            FloatVector h = load(weighed, from + 2 * LANES);
            a0.fma(g, c0.fma(h, load(sum, at0))).intoArray(sum, at0);
            a1.fma(g, c1.fma(h, load(sum, at1))).intoArray(sum, at1);
            a2.fma(g, c2.fma(h, load(sum, at2))).intoArray(sum, at2);
            a3.fma(g, c3.fma(h, load(sum, at3))).intoArray(sum, at3);
            g = load(weighed, from + LANES);
            h = load(weighed, from + 3 * LANES);
            a0.fma(g, c0.fma(h, load(sum, at0 + LANES))).intoArray(sum, at0 + LANES);
            a1.fma(g, c1.fma(h, load(sum, at1 + LANES))).intoArray(sum, at1 + LANES);
            a2.fma(g, c2.fma(h, load(sum, at2 + LANES))).intoArray(sum, at2 + LANES);
            a3.fma(g, c3.fma(h, load(sum, at3 + LANES))).intoArray(sum, at3 + LANES);
        }
    }

    private static void store(float[] out, int at, FloatVector sum) {
        sum.intoArray(out, at);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }
}
