package unweave.experiments.reproduce;

import java.io.IOException;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.explain.data.InputSet;
import unweave.explain.output.OutputFolder;
import unweave.lrp.LayerwiseRelevance;
import unweave.report.Picture;
import unweave.report.evaluation.MapPictures;

/** Draws the figures of relevance maps of a chapter. */
final class MapFigures {
    private final ChapterPlan plan;
    private final ChapterData data;
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final SubspaceLibrary subspaces;
    private final OutputFolder out;

    MapFigures(
            ChapterPlan plan,
            ChapterData data,
            Model model,
            LayerwiseRelevance relevance,
            SubspaceLibrary subspaces,
            OutputFolder out) {
        this.plan = plan;
        this.data = data;
        this.model = model;
        this.relevance = relevance;
        this.subspaces = subspaces;
        this.out = out;
    }

    /**
     * What is noted of a figure beside its pictures.
     *
     * @param conceptSumError how far the concept maps are from adding up to the standard map, at most, relative to its
     *     largest value
     */
    record Drawn(double conceptSumError) {}

    /** Writes the figure's pictures. */
    Drawn draw(MapFigure figure) throws IOException {
        int of = data.classNames().indexOf(figure.of());
        int through = data.classNames().indexOf(figure.through());
        InputSet inputs = data.shown(of, figure.inputs());
        MapPictures pictures = new MapPictures(plan.preset().spectrogram(), plan.colourGain());
        double error = 0;
        for (String layer : figure.layers()) {
            Subspaces one = subspaces
                    .variant(layer, figure.concepts(), figure.method())
                    .set()
                    .ofClass(through);
            ConceptMaps maps =
                    new TwoStepAttribution(model, relevance, one).attribute(inputs.concatenated(), inputs.labels());
            for (int i = 0; i < inputs.size(); i++) {
                pictures.row(figure.layers().size() > 1 ? layer : "", inputs.inputs()[i], maps, i);
            }
            error = Math.max(error, maps.conceptSumError());
        }
        Picture picture = pictures.picture(figure.caption());
        out.write(figure.fileName(), picture.png());
        out.write(figure.narrowFileName(), picture.narrow());
        return new Drawn(error);
    }
}
