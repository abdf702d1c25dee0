package unweave.report.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.explain.Explanation;
import unweave.explain.MapView;
import unweave.explain.Part;
import unweave.figure.ColourRange;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;

/**
 * Draws explanations. All relevance maps of one explanation share one symmetric colour scale, so that their colours can
 * be compared: white for 0, red or blue in full for the largest |relevance| m of any of them, and for a relevance R the
 * share (|R| / m)^(1 / gain) of full colour.
 */
public final class ExplanationPictures {
    private final MapView view;
    private final double gain;
    private final double exponent;

    /**
     * @param gain 1 for colours in proportion to relevance; above 1 small relevances are emphasised (thesis 4.2.2)
     * @throws IllegalArgumentException if the gain is below 1 or not finite
     */
    public ExplanationPictures(MapView view, double gain) {
        if (!(gain >= 1) || Double.isInfinite(gain)) {
            throw new IllegalArgumentException("colour gain " + gain + ": expected 1 or more");
        }
        this.view = view;
        this.gain = gain;
        this.exponent = 1 / gain;
    }

    MapView view() {
        return view;
    }

    double gain() {
        return gain;
    }

    /** What the picture of the input is, as the beginning of a sentence. */
    String inputName() {
        return view.name().substring(0, 1).toUpperCase(Locale.ROOT)
                + view.name().substring(1);
    }

    /** The network's input alone. */
    public MapPanel input(Explanation explanation) {
        return MapPanel.spectrogram("Input", view.input(explanation.input().input()), view.axes(), view.unit())
                .subtitle(view.name());
    }

    /** A relevance map alone; its subtitle gives its sum, and for a concept its share of the standard map. */
    public MapPanel part(Explanation explanation, Part part) {
        boolean standard = part.name().equals(Part.STANDARD);
        String title = standard ? "Standard" : part.title();
        String sum = MapPanel.relevanceSum(
                part.map().sum(), standard ? 0 : explanation.map().sum());
        double limit = largest(explanation);
        return new MapPanel(
                title,
                sum,
                view.map(explanation.input().input(), part.map().flat()),
                view.axes(),
                ColourRange.symmetric(limit == 0 ? 1 : limit, exponent, "relevance"));
    }

    /** Where the colours of all maps of an explanation end, as they are shown. */
    private double largest(Explanation explanation) {
        float[] input = explanation.input().input();
        return explanation.parts().stream()
                .mapToDouble(part ->
                        MapPanel.largestMagnitude(view.map(input, part.map().flat())))
                .max()
                .orElse(0);
    }

    /** Input, standard map, concepts: a row for a {@link PanelGrid}, as in the thesis' Fig. 4.3. */
    public List<MapPanel> row(Explanation explanation) {
        List<MapPanel> panels = new ArrayList<>();
        panels.add(input(explanation));
        explanation.parts().forEach(part -> panels.add(part(explanation, part)));
        return panels;
    }
}
