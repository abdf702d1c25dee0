package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import unweave.audio.random.SeededRandom;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.ClassAverage;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.EvaluationProgress;
import unweave.drsa.evaluation.FlippingScores;
import unweave.drsa.evaluation.GammaGrid;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.explain.data.InputSet;
import unweave.explain.progress.Progress;

/** The choice of gamma (thesis B.1.1): which composite's standard maps point to the patches that matter? */
public final class GammaStudy {
    /**
     * The choices of gamma, fixed before any result was seen; those of the thesis' composites, 0.4 and 0.8, are among
     * them.
     */
    public static final List<Float> GAMMAS = List.of(0f, 0.1f, 0.2f, 0.3f, 0.4f, 0.6f, 0.8f, 1f, 1.5f);

    private static final long STREAM = 3;

    private GammaStudy() {}

    /** Flips the patches of the standard maps under every choice. */
    public static GammaResult run(Study study) {
        PatchFlipping flipping = study.flipping();
        GammaGrid grid = new GammaGrid(study.model(), study.relevance().composite(), flipping);
        List<GammaGrid.Setting> settings = GammaGrid.settings(GAMMAS);
        List<Scored> scored = new ArrayList<>();
        try (Progress progress = study.monitor().progress("choice of gamma", settings.size())) {
            for (GammaGrid.Setting setting : settings) {
                List<FlippingScores> classes = study.classes().stream()
                        .map(study::ofClass)
                        .map(inputs -> grid.evaluate(
                                setting, inputs.concatenated(), inputs.labels(), EvaluationProgress.SILENT))
                        .toList();
                scored.add(new Scored(
                        setting.falling() ? GammaResult.FALLING : GammaResult.UNIFORM,
                        Double.parseDouble(String.valueOf(setting.gamma())),
                        classes));
                progress.at(scored.size(), "");
            }
        }
        Scored best = Collections.min(
                scored, Comparator.comparingDouble(one -> one.aupc().mean()));
        scored.add(new Scored(
                FlippingResult.FLOOR,
                Double.NaN,
                study.classes().stream().map(c -> floor(study, flipping, c)).toList()));
        return new GammaResult(
                scored.stream().map(one -> one.row(best)).toList(),
                study.inputs().size());
    }

    private static FlippingScores floor(Study study, PatchFlipping flipping, int classIndex) {
        InputSet inputs = study.ofClass(classIndex);
        return flipping.flip(
                inputs.concatenated(),
                inputs.labels(),
                flipping.randomRankings(inputs.size(), 1, SeededRandom.seed(study.seed(), STREAM, classIndex)));
    }

    /** One choice, with the scores of every input. */
    private record Scored(String family, double gamma, List<FlippingScores> classes) {
        Estimate aupc() {
            return ClassAverage.of(classes.stream().map(FlippingScores::aupc).toList());
        }

        private double[][] aupcs() {
            return classes.stream().map(FlippingScores::aupcs).toArray(double[][]::new);
        }

        GammaResult.Row row(Scored best) {
            return new GammaResult.Row(
                    family,
                    gamma,
                    aupc(),
                    ClassAverage.of(classes.stream().map(FlippingScores::area).toList()),
                    Comparison.lowerIsBetter("best", best.aupcs(), family, aupcs())
                            .advantage());
        }
    }
}
