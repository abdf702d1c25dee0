package unweave.experiments.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import unweave.explain.output.OutputFolder;
import unweave.figure.PanelGrid;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.SoundRow;

/**
 * A figure of the thesis, other than one of explained sounds. Its files lie in the chapter's folder.
 *
 * @param number of the thesis' figure
 * @param caption what all its pictures show
 * @param pictures at least one; several stand beside each other
 * @param columns where the panels of its one picture lie; null without sounds
 * @param sounds the players below; files are named relative to the page
 */
record DrawnFigure(
        String number, String caption, List<Drawing> pictures, PanelGrid.Columns columns, List<SoundRow> sounds) {
    /**
     * One picture.
     *
     * @param narrowFile the version for phones, null for none
     * @param caption empty where there is one picture only
     */
    record Drawing(String file, String narrowFile, String caption) {
        /** A picture that fits a phone as it is. */
        static Drawing write(OutputFolder out, String number, String name, byte[] png, String caption)
                throws IOException {
            String file = "figures/" + number.replace('.', '-') + "-" + name + ".png";
            out.write(file, png);
            return new Drawing(file, null, caption);
        }

        /** A grid, and its version for phones. */
        static Drawing write(OutputFolder out, String number, PanelGrid grid) throws IOException {
            String file = "figures/" + number.replace('.', '-');
            out.write(file + ".png", grid.toPng());
            out.write(file + "-narrow.png", grid.toNarrowPng());
            return new Drawing(file + ".png", file + "-narrow.png", "");
        }
    }

    /** A figure without sounds. */
    static DrawnFigure silent(String number, String caption, List<Drawing> pictures) {
        return new DrawnFigure(number, caption, pictures, null, List.of());
    }

    /** The figure on a page, after its anchor. */
    void addTo(ReportPage page, OutputFolder folder) throws IOException {
        if (pictures.size() > 1) {
            page.text(caption);
        }
        page.anchor("figure-" + number);
        List<Figure> figures = new ArrayList<>();
        for (Drawing drawing : pictures) {
            String words = pictures.size() > 1 ? drawing.caption : caption;
            figures.add(new Figure(
                    new Picture(
                            read(folder, drawing.file),
                            words,
                            drawing.narrowFile == null ? null : read(folder, drawing.narrowFile)),
                    words));
        }
        if (pictures.size() > 1) {
            page.figures(figures);
        } else {
            page.figure(figures.get(0).picture(), caption);
        }
        if (columns != null) {
            page.players(columns, sounds);
        }
    }

    private static byte[] read(OutputFolder folder, String file) throws IOException {
        return Files.readAllBytes(folder.path().resolve(file));
    }
}
