package unweave.report.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Method;
import unweave.drsa.TwoStepAttribution;
import unweave.explain.data.InputSet;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.Study;
import unweave.explain.evaluate.Variant;
import unweave.explain.progress.Progress;
import unweave.report.Figure;

/**
 * Relevance maps of one input of each class through the given subspaces, one row per layer and K (thesis Fig. C.3, C.7,
 * C.8).
 */
public final class EvaluationMaps {
    private EvaluationMaps() {}

    /** A figure for every class, by file name. */
    public static Map<String, Figure> figures(Study study, List<Variant> variants, FrontEnd frontEnd) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        boolean drsa = !Variant.of(variants, Method.DRSA).isEmpty();
        try (Progress progress =
                study.monitor().progress("drawing maps", study.classes().size())) {
            for (int classIndex : study.classes()) {
                String name = study.model().description().classNames().get(classIndex);
                MapPictures pictures = new MapPictures(frontEnd, MapPictures.EMPHASIS);
                for (Variant variant : variants) {
                    if (variant.seedNumber() == 0 && (variant.method() == Method.DRSA || !drsa)) {
                        addRow(study, variant, classIndex, pictures);
                    }
                }
                figures.put(
                        "maps-class" + classIndex + ".png",
                        new Figure(
                                pictures.picture("Relevance maps of " + name),
                                name + ": the input, the standard map, and the concepts that add up to it."));
                progress.at(figures.size(), name);
            }
        }
        return figures;
    }

    private static void addRow(Study study, Variant variant, int classIndex, MapPictures pictures) {
        InputSet first = study.ofClass(classIndex).select(List.of(0));
        ConceptMaps maps = new TwoStepAttribution(
                        study.model(), study.relevance(), variant.set().ofClass(classIndex))
                .attribute(first.concatenated(), first.labels());
        pictures.row(FlippingResult.name(variant.method()) + " " + variant.layer(), first.inputs()[0], maps, 0);
    }
}
