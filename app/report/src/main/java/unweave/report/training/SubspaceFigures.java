package unweave.report.training;

import unweave.drsa.Subspaces;
import unweave.figure.LineChart;

/** Pictures of an optimisation. */
public final class SubspaceFigures {
    private SubspaceFigures() {}

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
