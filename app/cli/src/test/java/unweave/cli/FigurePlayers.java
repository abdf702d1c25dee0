package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;

/** The players on the page of a chapter: of files beside the page that are sounds. */
final class FigurePlayers {
    private FigurePlayers() {}

    /**
     * Every row of a figure: input, standard explanation and each concept, with names that say which.
     *
     * @param shown number of sounds in a figure
     */
    static void assertHeard(Path out, String chapter, int shown, double seconds, List<String> figures)
            throws IOException {
        String page = Files.readString(out.resolve(chapter + ".html"));
        assertTrue(page.contains("media-src data: &#39;self&#39;"));
        for (String figure : figures) {
            int parts = figure.equals("C.7") ? 2 + 2 : figure.equals("C.8") ? 2 + 8 : 2 + 4;
            int rows = figure.equals("C.3") ? 1 : shown; // one layer of one sound
            int anchor = page.indexOf("<span id=\"figure-" + figure + "\"></span><figure>");
            assertTrue(anchor > 0, figure);
            int begin = page.indexOf("<div class=\"players", anchor);
            String below = page.substring(begin, page.indexOf("</div>\n</div>\n</div>", begin));
            String[] groups = below.split("role=\"group\"", -1);
            assertEquals(1 + rows, groups.length, figure);
            for (int row = 1; row <= rows; row++) {
                List<String> files = Pattern.compile("<audio [^>]*src=\"([^\"]+)\"")
                        .matcher(groups[row])
                        .results()
                        .map(match -> match.group(1))
                        .toList();
                assertEquals(parts, files.size(), figure);
                String prefix = chapter + "/sounds/" + figure.replace('.', '-') + "/" + row;
                assertEquals(prefix + "-input.wav", files.get(0));
                assertEquals(prefix + "-standard.wav", files.get(1));
                assertEquals(prefix + "-concept-" + (parts - 2) + ".wav", files.get(parts - 1));
                assertTrue(groups[row].contains("<p class=\"quiet\">Concept " + (parts - 2) + ", "), groups[row]);
                for (String file : files) {
                    Sound sound = SoundFiles.read(out.resolve(file));
                    assertEquals(seconds, (double) sound.mono().length / sound.sampleRate(), 0.06, file);
                }
            }
        }
    }
}
