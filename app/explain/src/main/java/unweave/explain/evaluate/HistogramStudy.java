package unweave.explain.evaluate;

import unweave.drsa.ConceptMaps;
import unweave.drsa.TwoStepAttribution;
import unweave.drsa.evaluation.ConceptEvaluation;
import unweave.drsa.evaluation.RelevanceHistogram;
import unweave.explain.data.InputSet;
import unweave.explain.progress.Progress;

/**
 * The distribution of relevance in concept maps, which decides how much of a sound its explanation keeps (thesis B.3).
 */
public final class HistogramStudy {
    private HistogramStudy() {}

    /** Explains all inputs of a study through the subspaces of their classes. */
    public static HistogramResult run(Study study, Variant variant) {
        RelevanceHistogram.Builder histogram = new RelevanceHistogram.Builder(ConceptEvaluation.INTERVALS);
        int done = 0;
        try (Progress progress =
                study.monitor().progress("relevance histogram", study.inputs().size())) {
            for (int classIndex : study.classes()) {
                InputSet inputs = study.ofClass(classIndex);
                ConceptMaps maps = new TwoStepAttribution(
                                study.model(), study.relevance(), variant.set().ofClass(classIndex))
                        .attribute(inputs.concatenated(), inputs.labels());
                for (float[][] concepts : maps.concepts()) {
                    for (float[] map : concepts) {
                        histogram.add(map);
                    }
                }
                done += inputs.size();
                progress.at(done, "");
            }
        }
        return new HistogramResult(variant.layer(), variant.concepts(), histogram.build());
    }
}
