package unweave.report.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.ConceptMaps;
import unweave.explain.MapView;
import unweave.figure.ColourRange;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;
import unweave.report.Picture;

/**
 * Grids of relevance maps as in the thesis' Fig. 4.3: a row per explanation, with the input, the standard map and the
 * concept maps.
 */
public final class MapPictures {
    /** Emphasises small relevances, so that weak concepts show beside strong ones (thesis 4.2.2). */
    public static final double EMPHASIS = 2;

    private final MapView view;
    private final double exponent;
    private final PanelGrid grid = new PanelGrid();

    /**
     * @param gain 1 for colours in proportion to relevance, above 1 for small relevances emphasised: a relevance R has
     *     the share (|R| / largest |R|)^(1 / gain) of full colour
     */
    public MapPictures(FrontEnd frontEnd, double gain) {
        view = MapView.of(frontEnd);
        exponent = 1 / gain;
    }

    /**
     * Appends an explanation. Its maps share one colour scale.
     *
     * @param label what sets this row apart, empty for nothing
     * @param input as the network reads it
     * @param number which input of {@code maps} it is
     */
    public MapPictures row(String label, float[] input, ConceptMaps maps, int number) {
        double total = maps.standardSum(number);
        float[][] standard = view.map(input, maps.standard()[number]);
        float[][][] concepts = Arrays.stream(maps.concepts()[number])
                .map(concept -> view.map(input, concept))
                .toArray(float[][][]::new);
        double limit = Math.max(MapPanel.largestMagnitude(standard), MapPanel.largestMagnitude(concepts));
        List<MapPanel> panels = new ArrayList<>();
        panels.add(MapPanel.spectrogram("Input", view.input(input), view.axes(), view.unit())
                .subtitle(view.name()));
        panels.add(panel("Standard", MapPanel.relevanceSum(total, 0), standard, limit));
        for (int k = 0; k < concepts.length; k++) {
            panels.add(panel(
                    "Concept " + (k + 1),
                    MapPanel.relevanceSum(maps.conceptSum(number, k), total),
                    concepts[k],
                    limit));
        }
        grid.row(label, panels);
        return this;
    }

    private MapPanel panel(String title, String subtitle, float[][] map, double limit) {
        return new MapPanel(
                title,
                subtitle,
                map,
                view.axes(),
                ColourRange.symmetric(limit == 0 ? 1 : limit, exponent, "relevance"));
    }

    /** The rows so far as one PNG. */
    public byte[] toPng() {
        return grid.toPng();
    }

    /** The rows so far, with a version for narrow screens. */
    public Picture picture(String alt) {
        return new Picture(grid.toPng(), alt, grid.toNarrowPng());
    }
}
