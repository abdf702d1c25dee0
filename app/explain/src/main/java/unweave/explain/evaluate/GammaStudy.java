package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.List;
import unweave.audio.random.SeededRandom;
import unweave.drsa.evaluation.ClassAverage;
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
        List<GammaResult.Row> rows = new ArrayList<>();
        try (Progress progress = study.monitor().progress("choice of gamma", settings.size())) {
            for (GammaGrid.Setting setting : settings) {
                List<FlippingScores> classes = study.classes().stream()
                        .map(study::ofClass)
                        .map(inputs -> grid.evaluate(
                                setting, inputs.concatenated(), inputs.labels(), EvaluationProgress.SILENT))
                        .toList();
                rows.add(row(
                        setting.falling() ? GammaResult.FALLING : GammaResult.UNIFORM,
                        Double.parseDouble(String.valueOf(setting.gamma())),
                        classes));
                progress.at(rows.size(), "");
            }
        }
        rows.add(row(
                FlippingResult.FLOOR,
                Double.NaN,
                study.classes().stream().map(c -> floor(study, flipping, c)).toList()));
        return new GammaResult(rows, study.inputs().size());
    }

    private static FlippingScores floor(Study study, PatchFlipping flipping, int classIndex) {
        InputSet inputs = study.ofClass(classIndex);
        return flipping.flip(
                inputs.concatenated(),
                inputs.labels(),
                flipping.randomRankings(inputs.size(), 1, SeededRandom.seed(study.seed(), STREAM, classIndex)));
    }

    private static GammaResult.Row row(String family, double gamma, List<FlippingScores> classes) {
        return new GammaResult.Row(
                family,
                gamma,
                ClassAverage.of(classes.stream().map(FlippingScores::aupc).toList()),
                ClassAverage.of(classes.stream().map(FlippingScores::area).toList()));
    }
}
