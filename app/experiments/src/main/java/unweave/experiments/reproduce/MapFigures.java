package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unweave.drsa.Subspaces;
import unweave.engine.model.Model;
import unweave.explain.AudioModel;
import unweave.explain.Choices;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.MapView;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.ModelSettings;
import unweave.explain.preset.Preset;
import unweave.figure.PanelGrid;
import unweave.lrp.CompositeText;
import unweave.report.Sound;
import unweave.report.SoundRow;
import unweave.report.explanation.ExplanationPictures;
import unweave.report.explanation.ExplanationSounds;

/** Explains the sounds of a chapter's figures: pictures of the maps, and every map as a sound. */
final class MapFigures implements AutoCloseable {
    private final ChapterPlan plan;
    private final ChapterData data;
    private final Explainer explainer;
    private final SubspaceLibrary subspaces;
    private final OutputFolder out;

    /** @param out the chapter's folder, beside its page */
    MapFigures(
            ChapterPlan plan, ChapterData data, Model model, SubspaceLibrary subspaces, OutputFolder out, int threads) {
        Preset preset = plan.preset();
        ModelSettings settings = new ModelSettings(preset.spectrogram(), preset.composite(), preset.subspaces());
        this.plan = plan;
        this.data = data;
        this.explainer = new Explainer(
                new AudioModel(model, settings),
                CompositeText.parse(preset.composite()),
                Optional.empty(),
                new Choices().withThreads(threads));
        this.subspaces = subspaces;
        this.out = out;
    }

    /**
     * What is noted of a figure beside its pictures and sounds.
     *
     * @param conceptSumError how far the concept maps are from adding up to the standard map, at most, relative to its
     *     largest value (thesis Eq. 4.3)
     * @param columns where its panels lie
     * @param sounds of every row: input, standard, concepts; files are named relative to the page
     */
    record Drawn(double conceptSumError, PanelGrid.Columns columns, List<SoundRow> sounds) {}

    /** Writes the figure's pictures and sounds. */
    Drawn draw(MapFigure figure) throws IOException {
        int of = data.classNames().indexOf(figure.of());
        int through = data.classNames().indexOf(figure.through());
        List<float[]> signals = data.shown(of, figure.inputs());
        ExplanationPictures pictures =
                new ExplanationPictures(MapView.of(explainer.model().frontEnd()), plan.colourGain());
        PanelGrid grid = new PanelGrid();
        List<SoundRow> sounds = new ArrayList<>();
        double error = 0;
        for (String layer : figure.layers()) {
            Subspaces split = subspaces
                    .variant(layer, figure.concepts(), figure.method())
                    .set()
                    .ofClass(through);
            for (int i = 0; i < signals.size(); i++) {
                Explanation explanation = explainer.explain(signals.get(i), of, split);
                String row = figure.layers().size() > 1 ? layer : "sound " + (i + 1);
                grid.row(row, pictures.row(explanation));
                sounds.add(ExplanationSounds.row(
                        row, explanation, (label, name, wav) -> write(figure.soundFile(row, name), label, wav)));
                error = Math.max(error, explanation.conservation().conceptSumError());
            }
        }
        out.write(figure.fileName(), grid.toPng());
        out.write(figure.narrowFileName(), grid.toNarrowPng());
        return new Drawn(error, grid.columns(), sounds);
    }

    private Sound write(String file, String label, byte[] wav) throws IOException {
        out.write(file, wav);
        return Sound.beside(label, out.path().getFileName() + "/" + file);
    }

    @Override
    public void close() {
        explainer.close();
    }
}
