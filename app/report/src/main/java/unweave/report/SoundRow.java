package unweave.report;

import java.util.List;

/**
 * The sounds of one row of a figure, for {@link ReportPage#players}.
 *
 * @param name what the row is: "sound 1", or a layer
 * @param sounds one per panel, from the first panel on, each with its label
 */
public record SoundRow(String name, List<Sound> sounds) {
    public SoundRow {
        sounds = List.copyOf(sounds);
    }

    void write(Html html) {
        html.open("div", "role", "group", "aria-label", name).element("p", name);
        for (Sound sound : sounds) {
            html.open("div");
            sound.writeSmall(html, name);
            html.close();
        }
        html.close();
    }
}
