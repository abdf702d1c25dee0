package unweave.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import unweave.figure.MapPanel;

/**
 * A picture with its sounds: the input, the standard explanation, or one concept. Immutable; {@link #of} makes a card
 * with a title and a picture, the other methods return one with something added.
 *
 * @param subtitle second line, for example the sum of relevance; may be empty
 * @param sounds may be empty
 * @param share part of the total relevance, drawn as a bar; not-a-number for none
 * @param text a sentence under the picture; may be empty
 * @param room file beside the page whose {@link ListeningRoom#script} the card opens, with "/" between folders; null
 *     for none
 */
public record Card(
        String title, String subtitle, Picture picture, List<Sound> sounds, double share, String text, String room) {

    private static final Pattern EXPONENT = Pattern.compile("\\^\\{([-\u2212\\d]+)}");
    private static final String DIGITS = "0123456789-\u2212";
    private static final String SUPERSCRIPTS =
            "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207b";

    public Card {
        sounds = List.copyOf(sounds);
    }

    /** A card with a title and a picture only. */
    public static Card of(String title, Picture picture) {
        return new Card(title, "", picture, List.of(), Double.NaN, "", null);
    }

    public Card subtitle(String line) {
        return new Card(title, line, picture, sounds, share, text, room);
    }

    /** Another sound, without a label. */
    public Card sound(String fileName, byte[] bytes) {
        return sound(new Sound(fileName, bytes));
    }

    /** Another sound. */
    public Card sound(Sound another) {
        List<Sound> all = new ArrayList<>(sounds);
        all.add(another);
        return new Card(title, subtitle, picture, all, share, text, room);
    }

    public Card share(double ofTotal) {
        return new Card(title, subtitle, picture, sounds, ofTotal, text, room);
    }

    public Card text(String sentence) {
        return new Card(title, subtitle, picture, sounds, share, sentence, room);
    }

    Card titled(String another) {
        return new Card(another, subtitle, picture, sounds, share, text, room);
    }

    /** Offers to open a listening room, which is called by the name of its file. */
    public Card opens(String file) {
        return new Card(title, subtitle, picture, sounds, share, text, file);
    }

    /** @param heading the element of the title, one level below the headings around it */
    void write(Html html, String heading) {
        html.open(
                "article",
                "class",
                "card",
                "data-key",
                room,
                "data-source",
                room == null ? null : Html.relativeUrl(room));
        html.element(heading, title);
        if (!subtitle.isEmpty()) {
            html.element("p", withSuperscripts(subtitle), "class", "quiet");
        }
        picture.write(html);
        if (!Double.isNaN(share)) {
            writeShare(html);
        }
        if (!text.isEmpty()) {
            html.element("p", text);
        }
        if (!sounds.isEmpty()) {
            html.open("div", "class", "sounds");
            sounds.forEach(sound -> sound.write(html, title));
            html.close();
        }
        html.close();
    }

    /** Exponents as {@link MapPanel#relevanceSum} writes them, {@code 10^{-3}}, as characters. */
    private static String withSuperscripts(String text) {
        return EXPONENT.matcher(text).replaceAll(exponent -> exponent.group(1)
                .chars()
                .mapToObj(digit -> String.valueOf(SUPERSCRIPTS.charAt(DIGITS.indexOf(digit))))
                .collect(Collectors.joining()));
    }

    private void writeShare(Html html) {
        String percent = String.format(Locale.ROOT, "%.0f %%", 100 * share).replace('-', '\u2212');
        html.open("p", "class", "share");
        Bar.write(html, Math.abs(share), share < 0 ? "against" : "for");
        html.element("span", percent + " of the relevance").close();
    }
}
