package unweave.explain.evaluate;

import java.util.Arrays;
import java.util.List;
import unweave.drsa.evaluation.MapChange;
import unweave.drsa.evaluation.ParameterRandomization;
import unweave.drsa.evaluation.StandardMaps;
import unweave.engine.model.Model;
import unweave.explain.data.InputSet;
import unweave.explain.progress.Progress;
import unweave.lrp.LayerwiseRelevance;

/** Sanity checks: do explanations depend on what the network has learned? */
public final class SanityStudy {
    private static final long STREAM = 5;

    private SanityStudy() {}

    /** Randomises the network from the top, layer by layer. */
    public static SanityResult randomised(Study study) {
        InputSet inputs = study.inputs();
        ParameterRandomization test =
                new ParameterRandomization(study.model(), study.relevance().composite(), study.seed() + STREAM);
        try (Progress progress =
                study.monitor().progress("randomising parameters", test.layers().size())) {
            List<SanityResult.Step> steps =
                    test.run(inputs.concatenated(), inputs.labels(), (at, of, left) -> progress.at(at, "")).stream()
                            .map(step -> new SanityResult.Step(step.layer(), MapChange.summary(step.changes())))
                            .toList();
            return new SanityResult(inputs.size(), steps);
        }
    }

    /**
     * Compares the maps with those of a network that was trained on shuffled labels.
     *
     * @param trainAccuracy what that network reached on them
     */
    public static ShuffledResult shuffled(Study study, Model other, double trainAccuracy) {
        InputSet inputs = study.inputs();
        float[][] before = StandardMaps.of(study.model(), study.relevance(), inputs.concatenated(), inputs.labels());
        try (LayerwiseRelevance relevance =
                new LayerwiseRelevance(study.relevance().composite())) {
            float[][] after = StandardMaps.of(other, relevance, inputs.concatenated(), inputs.labels());
            return new ShuffledResult(
                    trainAccuracy,
                    inputs.size(),
                    (int) Arrays.stream(after).filter(SanityStudy::isEmpty).count(),
                    MapChange.summary(MapChange.between(before, after, inputs.height(), inputs.width())));
        }
    }

    private static boolean isEmpty(float[] map) {
        for (float value : map) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
