package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SparseProduct} with the Vector API. A and C are zero in the same columns, so a row of U is loaded once for
 * both: Java arrays lie across cache lines, which makes loads the bottleneck. Every method has one flat loop over the
 * entries of a row, and no method is called on the sums, for the reason given at {@link VectorPanelProduct}.
 *
 * <p>With it off, and dense products instead, a DRSA step of D 128 takes 1.9 times as long (JDK 17 and 25, Emerald
 * Rapids).
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
            SparseRows x, int firstRow, int rows, float[] u, int panel, int panelSize, float[] h, float[] g, int to,
            int stride) {
        for (int n = 0; n < rows; n++) {
            int begin = x.begin(firstRow + n);
            int end = x.begin(firstRow + n + 1);
            projectRow(x.places(), x.a(), x.c(), begin, end, u, panel, panelSize, h, g, to + n * stride);
        }
    }

    private static void projectRow(
            int[] places, float[] a, float[] c, int begin, int end, float[] u, int panel, int panelSize, float[] h,
            float[] g, int to) {
        FloatVector zero = FloatVector.zero(SPECIES);
        //: each v < 4
        FloatVector h$v = zero, g$v = zero;
        //: end
        for (int entry = begin; entry < end; entry++) {
            int at = panel + places[entry];
            FloatVector ofA = FloatVector.broadcast(SPECIES, a[entry]);
            FloatVector ofC = FloatVector.broadcast(SPECIES, c[entry]);
            //: each v in 0 1 2 3, place in at at+LANES at+panelSize at+panelSize+LANES
            FloatVector row$v = load(u, $place);
            h$v = ofA.fma(row$v, h$v);
            g$v = ofC.fma(row$v, g$v);
            //: end
        }
        //: each v < 4
        store(h, to + $v * LANES, h$v);
        store(g, to + $v * LANES, g$v);
        //: end
    }

    @Override
    void addGradient(SparseRows x, int firstRow, int[] positive, int count, float[] weighed, float[] sum, int panel) {
        for (int i = 0; i < count; i++) {
            int n = firstRow + positive[i];
            addRow(x.places(), x.a(), x.c(), x.begin(n), x.begin(n + 1), weighed, i * 4 * LANES, sum, panel);
        }
    }

    /**
     * Loads g and h of the row for every group of entries: C2 of JDK 17 would allocate vectors that are loaded before
     * the loop. A method of this size is not compiled into its callers, of which one would grow beyond what C2 compiles
     * without allocating vectors.
     */
    private static void addRow(
            int[] places, float[] a, float[] c, int begin, int end, float[] weighed, int from, float[] sum, int panel) {
        for (int entry = begin; entry < end; entry += SparseRows.GROUP) {
            //: each e < 4
            int at$e = panel + places[entry + $e];
            FloatVector a$e = FloatVector.broadcast(SPECIES, a[entry + $e]);
            FloatVector c$e = FloatVector.broadcast(SPECIES, c[entry + $e]);
            //: end
            //: each v < 2
            FloatVector g$v = load(weighed, from + $v * LANES);
            FloatVector h$v = load(weighed, from + (2 + $v) * LANES);
            //: each e < 4
            a$e.fma(g$v, c$e.fma(h$v, load(sum, at$e + $v * LANES))).intoArray(sum, at$e + $v * LANES);
            //: end
            //: end
        }
    }

    private static void store(float[] out, int at, FloatVector sum) {
        sum.intoArray(out, at);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }
}
