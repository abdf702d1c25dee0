package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.List;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.experiments.synthetic.SamplePictures;
import unweave.explain.Explanation;
import unweave.explain.MapView;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;
import unweave.report.ListeningRoom;
import unweave.report.Picture;
import unweave.report.explanation.ExplanationPictures;
import unweave.report.explanation.ExplanationRoom;

/** The grids of the thesis' figures 4.3, 4.4 and 4.5. */
final class DemoPictures {
    /** Emphasises small relevances, so that weak concepts show beside strong ones (thesis 4.2.2). */
    private static final double GAIN = 2;
    /** Wide enough for "modulating sound, 80 %"; a whole number of image pixels per cell. */
    private static final double PANEL_WIDTH = 160;

    private static final double PANEL_HEIGHT = 128;

    private final SamplePictures samples;
    private final MapView view;
    private final ExplanationPictures pictures;

    DemoPictures(SpectrogramSettings spectrogram) {
        samples = new SamplePictures(spectrogram);
        view = MapView.of(new LogMel(spectrogram));
        pictures = new ExplanationPictures(view, GAIN);
    }

    /** An explanation to play with. */
    ListeningRoom room(String title, Explanation explanation) {
        return ExplanationRoom.of(title, explanation, view, GAIN);
    }

    /**
     * One row per sound: input, standard map, concepts.
     *
     * @param titles of the concepts
     */
    PanelGrid concepts(List<Explanation> explanations, List<String> titles) {
        PanelGrid grid = new PanelGrid().panelSize(PANEL_WIDTH, PANEL_HEIGHT);
        int row = 0;
        for (Explanation explanation : explanations) {
            List<MapPanel> panels = pictures.row(explanation);
            int concepts = panels.size() - titles.size();
            for (int k = 0; k < titles.size(); k++) {
                panels.set(concepts + k, panels.get(concepts + k).title(titles.get(k)));
            }
            grid.row(rowName(++row), panels);
        }
        return grid;
    }

    /** @param number from 1 on */
    static String rowName(int number) {
        return "sound " + number;
    }

    /** The objects of the first sound, each alone. */
    Picture objects(ClassResult aClass) {
        List<MapPanel> panels = new ArrayList<>();
        for (int i = 0; i < aClass.objectNames().size(); i++) {
            panels.add(samples.object(
                    aClass.samples().get(0), i, aClass.shortNames().get(i)));
        }
        PanelGrid grid = new PanelGrid().panelSize(PANEL_WIDTH, PANEL_HEIGHT).row(panels);
        return new Picture(grid.toPng(), "Objects of " + aClass.name(), grid.toNarrowPng());
    }

    Picture object(ClassResult aClass, int index) {
        return new Picture(
                samples.object(aClass.samples().get(0), index, "").toPng(),
                "Log-mel spectrogram of " + aClass.objectNames().get(index));
    }
}
