package unweave.report.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.drsa.evaluation.RelevanceHistogram;
import unweave.explain.evaluate.CrossClassResult;
import unweave.explain.evaluate.EvaluationResult;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.GammaResult;
import unweave.explain.evaluate.GammaStudy;
import unweave.explain.evaluate.HistogramResult;
import unweave.figure.BarChart;
import unweave.figure.LineChart;
import unweave.figure.MatrixFigure;
import unweave.report.training.TrainingFigures;

/** Pictures of an evaluation, as PNG. */
public final class EvaluationFigures {
    private EvaluationFigures() {}

    /** Every picture, by file name. */
    public static Map<String, byte[]> pictures(EvaluationResult result, List<String> allClasses) {
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        pictures.put("confusion.png", TrainingFigures.confusion(result.network(), allClasses));
        for (List<FlippingResult> sameConcepts : result.flippingByConcepts()) {
            pictures.put("patch-flipping-K" + sameConcepts.get(0).concepts() + ".png", aupc(sameConcepts));
        }
        result.flipping().forEach(one -> pictures.put("curves-" + place(one.layer(), one.concepts()), curves(one)));
        result.crossClass()
                .forEach(one -> pictures.put("cross-class-" + place(one.layer(), one.concepts()), crossClass(one)));
        result.histograms()
                .forEach(one -> pictures.put("histogram-" + place(one.layer(), one.concepts()), histogram(one)));
        if (result.gamma() != null) {
            pictures.put("gamma.png", gamma(result.gamma()));
        }
        return pictures;
    }

    private static String place(String layer, int concepts) {
        return layer + "-K" + concepts + ".png";
    }

    /** AUPC of every method at every layer with standard errors (thesis Table 4.4 as bars). */
    public static byte[] aupc(List<FlippingResult> layers) {
        BarChart chart = new BarChart(
                        "Patch flipping, K = " + layers.get(0).concepts() + " (lower is better)",
                        "AUPC",
                        layers.stream().map(FlippingResult::layer).toList())
                .size(660, 320);
        for (FlippingResult.Scores method : layers.get(0).methods()) {
            if (layers.stream().allMatch(layer -> layer.has(method.name()))) {
                chart.bars(
                        method.name(),
                        layers.stream()
                                .mapToDouble(layer ->
                                        layer.of(method.name()).meanAupc().mean())
                                .toArray(),
                        layers.stream()
                                .mapToDouble(layer ->
                                        layer.of(method.name()).meanAupc().standardError())
                                .toArray());
            }
        }
        return chart.toPng();
    }

    /** The mean logit after each step at one layer. */
    public static byte[] curves(FlippingResult result) {
        LineChart chart = new LineChart(
                        "Patch flipping at " + result.layer() + ", K = " + result.concepts(),
                        "patches of every map flipped",
                        "logit of the class")
                .size(460, 290);
        double[] flipped = new double[result.flips().length + 1];
        for (int t = 0; t < result.flips().length; t++) {
            flipped[t + 1] = flipped[t] + result.flips()[t];
        }
        for (FlippingResult.Scores method : result.methods()) {
            boolean random = method.name().startsWith(FlippingResult.FLOOR);
            chart.line(
                    method.name(), flipped, method.meanCurve(), random ? LineChart.Look.DASHED : LineChart.Look.SOLID);
        }
        return chart.toPng();
    }

    /** Delta-AUPC of every class through the subspaces of every class (thesis Fig. 4.10). */
    public static byte[] crossClass(CrossClassResult result) {
        double largest = Arrays.stream(result.means())
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(0);
        return new MatrixFigure(
                        "\u0394AUPC, " + result.layer() + ", K = " + result.concepts(),
                        result.classes(),
                        result.classes(),
                        result.means())
                .axes("attributed class", "subspaces of")
                .decimals(largest < 0.1 ? 4 : 2)
                .signed()
                .cellSize(result.classes().size() > 4 ? 48 : 64)
                .toPng();
    }

    /** AUPC against gamma for both families of composites (thesis Fig. B.1). */
    public static byte[] gamma(GammaResult result) {
        LineChart chart = new LineChart("Choice of gamma (lower is better)", "largest gamma", "AUPC").size(560, 320);
        for (String family : List.of(GammaResult.UNIFORM, GammaResult.FALLING)) {
            List<GammaResult.Row> rows = result.of(family);
            chart.line(
                    family + " gamma",
                    rows.stream().mapToDouble(GammaResult.Row::gamma).toArray(),
                    rows.stream().mapToDouble(row -> row.aupc().mean()).toArray(),
                    LineChart.Look.SOLID);
        }
        double[] ends = {GammaStudy.GAMMAS.get(0), GammaStudy.GAMMAS.get(GammaStudy.GAMMAS.size() - 1)};
        double floor = result.of(FlippingResult.FLOOR).get(0).aupc().mean();
        return chart.line(FlippingResult.FLOOR, ends, new double[] {floor, floor}, LineChart.Look.DASHED)
                .toPng();
    }

    /** The histogram with its 90th percentile (thesis Fig. B.3). */
    public static byte[] histogram(HistogramResult layer) {
        RelevanceHistogram result = layer.histogram();
        double percentile = result.percentile90().mean();
        double deviation = result.meanPlusDeviation().mean();
        int bins = result.shares().length;
        double[] centres =
                IntStream.range(0, bins).mapToDouble(i -> (i + 0.5) / bins).toArray();
        double least =
                Arrays.stream(result.shares()).filter(share -> share > 0).min().orElse(1e-6);
        double[] ends = {least, 1};
        return new LineChart("Relevance in a concept map", "max(0, R) / largest R of the map", "share of bins")
                .logarithmic()
                .size(560, 320)
                .line("mean of " + result.maps() + " maps", centres, result.shares(), LineChart.Look.SOLID)
                .line("90th percentile", new double[] {percentile, percentile}, ends, LineChart.Look.DASHED)
                .line("mean + standard deviation", new double[] {deviation, deviation}, ends, LineChart.Look.DASHED)
                .toPng();
    }
}
