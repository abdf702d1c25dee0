package unweave.report.training;

import java.util.Locale;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.OrthogonalizationDifference;
import unweave.figure.LineChart;
import unweave.kernels.Orthogonalization;

/** An optimisation in pictures and words. */
public final class SubspaceFigures {
    private SubspaceFigures() {}

    /** How U was made orthogonal after every step, and what difference that makes. */
    public static String orthogonalization(OrthogonalizationDifference difference) {
        boolean eigen = difference.orthogonalization() == Orthogonalization.EIGEN;
        return String.format(
                Locale.ROOT,
                "After every step U is made orthogonal %s. After the first step (D = %d) the largest difference of an"
                        + " entry from the same decomposition in float64 is %.1e (entries are at most 1, and rounding"
                        + " them to float32 alone makes up to 3.0e-8), and U\u1d40U is the identity to %.1e.",
                eigen
                        ? "by the eigendecomposition of U\u1d40U (3.6 to 3.8)"
                        : "by Newton-Schulz iteration, which consists of matrix products, in place of the"
                                + " eigendecomposition of U\u1d40U (3.6 to 3.8)",
                difference.dimensions(),
                difference.largestDifference(),
                difference.largestDeviation());
    }

    /** The objective of every start against the step, as PNG (thesis Fig. B.2). */
    public static byte[] curves(Subspaces subspaces) {
        LineChart chart = new LineChart(
                subspaces.method() + ", class " + subspaces.provenance().className() + ", "
                        + subspaces.provenance().layer(),
                "step",
                "objective J");
        for (int start = 0; start < subspaces.curves().length; start++) {
            float[] curve = subspaces.curves()[start];
            double[] x = new double[curve.length];
            double[] y = new double[curve.length];
            for (int i = 0; i < curve.length; i++) {
                x[i] = i;
                y[i] = curve[i];
            }
            boolean best = start == subspaces.bestStart();
            chart.line(
                    "start " + (start + 1) + (best ? " (kept)" : ""),
                    x,
                    y,
                    best ? LineChart.Look.SOLID : LineChart.Look.FAINT);
        }
        return chart.toPng();
    }
}
