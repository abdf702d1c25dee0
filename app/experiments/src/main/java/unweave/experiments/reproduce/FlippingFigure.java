package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import unweave.audio.spectral.LogMel;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Method;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.drsa.evaluation.PatchGrid;
import unweave.engine.model.Model;
import unweave.experiments.reproduce.DrawnFigure.Drawing;
import unweave.explain.TimeFrequencyAxes;
import unweave.explain.output.OutputFolder;
import unweave.figure.ColourRange;
import unweave.figure.ColourScale;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;
import unweave.lrp.LayerwiseRelevance;

/** Draws how the masks of the concepts unite in patch flipping, of one explained sound (thesis Fig. 4.9). */
final class FlippingFigure {
    static final String NUMBER = "4.9";
    private static final int STEPS = 2;

    private final ChapterPlan plan;
    private final LogMel frontEnd;
    private final TimeFrequencyAxes axes;
    private final PatchFlipping flipping;

    FlippingFigure(ChapterPlan plan, Model model) {
        this.plan = plan;
        this.frontEnd = new LogMel(plan.preset().spectrogram());
        this.axes = TimeFrequencyAxes.of(frontEnd);
        this.flipping = new PatchFlipping(model, PatchFlipping.THESIS_SIDE);
    }

    /**
     * One step of patch flipping, as the evaluation makes it.
     *
     * @param step 1 for the first
     * @param patches of every concept map in this step
     * @param mask all patches of all maps up to this step
     * @param left the input with the mask's patches set to 0
     */
    record Step(int step, int[][] patches, BitSet mask, float[] left) {}

    /** The first steps with the rankings of some concept maps. */
    static List<Step> steps(PatchFlipping flipping, float[] logMel, float[][] concepts) {
        int[][] rankings = flipping.rankings(concepts);
        List<BitSet> masks = flipping.masks(rankings);
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= Math.min(STEPS, flipping.flips().length); i++) {
            int step = i;
            int[][] patches = Arrays.stream(rankings)
                    .map(ranking -> flipping.patches(ranking, step))
                    .toArray(int[][]::new);
            steps.add(new Step(step, patches, masks.get(step), flipping.flipped(logMel, masks.get(step))));
        }
        return steps;
    }

    /**
     * Writes the figure, of the first shown sound of a class.
     *
     * @param of the class, which is also that of the subspaces
     */
    DrawnFigure draw(
            MapFigure of,
            ChapterData data,
            Model model,
            LayerwiseRelevance relevance,
            SubspaceLibrary subspaces,
            OutputFolder out)
            throws IOException {
        int classIndex = data.classNames().indexOf(of.of());
        Subspaces split = subspaces
                .variant(plan.layer(), plan.concepts(), Method.DRSA)
                .set()
                .ofClass(classIndex);
        float[] logMel = frontEnd.logMel(data.shown(classIndex, 1).get(0));
        ConceptMaps maps = new TwoStepAttribution(model, relevance, split).attribute(logMel, new int[] {classIndex});
        float[][] concepts = maps.concepts()[0];
        PanelGrid grid = new PanelGrid();
        StringBuilder counts = new StringBuilder();
        for (Step step : steps(flipping, logMel, concepts)) {
            grid.row("step " + step.step(), panels(step, logMel, concepts));
            int named = Arrays.stream(step.patches())
                    .mapToInt(patches -> patches.length)
                    .sum();
            counts.append(" In step ")
                    .append(step.step())
                    .append(" the ")
                    .append(concepts.length)
                    .append(" maps name ")
                    .append(named)
                    .append(" patches; ")
                    .append(step.mask().cardinality())
                    .append(" of ")
                    .append(flipping.grid().count())
                    .append(" are 0 after it.");
        }
        return DrawnFigure.silent(
                NUMBER,
                "Compare Fig. 4.9. How the masks of patch flipping unite, for the first sound of Fig. " + of.number()
                        + ": framed are the patches that each concept map names in this step, those with the most positive"
                        + " relevance that it has not named before (step \u03c4: \u03c4\u00b2 patches); the mask unites the"
                        + " patches of all maps and steps so far; on the right the input that the network then gets."
                        + counts,
                List.of(Drawing.write(out, NUMBER, grid)));
    }

    private List<MapPanel> panels(Step step, float[] logMel, float[][] concepts) {
        List<MapPanel> panels = new ArrayList<>();
        MapPanel input = MapPanel.spectrogram("Input", axes.rows(logMel), axes);
        panels.add(input.subtitle("log-mel spectrogram"));
        float[][][] maps = Arrays.stream(concepts).map(axes::rows).toArray(float[][][]::new);
        double limit = MapPanel.largestMagnitude(maps);
        for (int k = 0; k < maps.length; k++) {
            MapPanel map = MapPanel.relevance("Concept " + (k + 1), maps[k], axes, limit, 1 / plan.colourGain());
            for (int patch : step.patches()[k]) {
                map = framed(map, patch);
            }
            int named = step.patches()[k].length;
            panels.add(map.subtitle(named == 1 ? "1 patch" : named + " patches"));
        }
        String power = "^{" + step.step() + "}";
        panels.add(new MapPanel(
                "Mask M" + power,
                step.mask().cardinality() + " of " + flipping.grid().count() + " patches",
                axes.rows(mask(step.mask())),
                axes,
                new ColourRange(ColourScale.WHITE_TO_BLUE, 0, 1, 1, "in the mask")));
        panels.add(input.values(axes.rows(step.left())).title("Input x" + power).subtitle("the mask set to 0"));
        return panels;
    }

    private MapPanel framed(MapPanel map, int patch) {
        PatchGrid grid = flipping.grid();
        int row = patch / grid.columns() * grid.side();
        int column = patch % grid.columns() * grid.side();
        return map.outlined(
                row, column, Math.min(grid.height(), row + grid.side()), Math.min(grid.width(), column + grid.side()));
    }

    private float[] mask(BitSet patches) {
        float[] mask = new float[axes.mels() * axes.frames()];
        for (int bin = 0; bin < mask.length; bin++) {
            mask[bin] = patches.get(flipping.grid().patchOf(bin)) ? 1 : 0;
        }
        return mask;
    }
}
