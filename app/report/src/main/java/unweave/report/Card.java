package unweave.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture with its sounds: the input, the standard explanation, or one concept. Immutable; {@link #of} makes a card
 * with a title and a picture, the other methods return one with something added.
 *
 * @param subtitle second line, for example the sum of relevance; may be empty
 * @param sounds may be empty
 * @param share part of the total relevance, drawn as a bar; not-a-number for none
 * @param text a sentence under the picture; may be empty
 */
public record Card(String title, String subtitle, Picture picture, List<Sound> sounds, double share, String text) {

    public Card {
        sounds = List.copyOf(sounds);
    }

    /** A card with a title and a picture only. */
    public static Card of(String title, Picture picture) {
        return new Card(title, "", picture, List.of(), Double.NaN, "");
    }

    public Card subtitle(String line) {
        return new Card(title, line, picture, sounds, share, text);
    }

    /** Another sound, without a label. */
    public Card sound(String fileName, byte[] bytes) {
        return sound(new Sound(fileName, bytes));
    }

    /** Another sound. */
    public Card sound(Sound another) {
        List<Sound> all = new ArrayList<>(sounds);
        all.add(another);
        return new Card(title, subtitle, picture, all, share, text);
    }

    public Card share(double ofTotal) {
        return new Card(title, subtitle, picture, sounds, ofTotal, text);
    }

    public Card text(String sentence) {
        return new Card(title, subtitle, picture, sounds, share, sentence);
    }

    /** @param heading the element of the title, one level below the headings around it */
    void write(Html html, String heading) {
        html.open("article", "class", "card");
        html.element(heading, title);
        if (!subtitle.isEmpty()) {
            html.element("p", subtitle, "class", "quiet");
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

    private void writeShare(Html html) {
        String percent = String.format(Locale.ROOT, "%.0f %%", 100 * share).replace('-', '\u2212');
        html.open("p", "class", "share");
        Bar.write(html, Math.abs(share), share < 0 ? "against" : "for");
        html.element("span", percent + " of the relevance").close();
    }
}
