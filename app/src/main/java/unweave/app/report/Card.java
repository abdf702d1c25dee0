package unweave.app.report;

import java.util.Locale;

/**
 * A picture with its sound: the input, the standard explanation, or one concept. Immutable; {@link #of} makes a card with a title and a picture,
 * the other methods return one with something added.
 *
 * @param subtitle second line, for example the sum of relevance; may be empty
 * @param sound null for none
 * @param share part of the total relevance, drawn as a bar; not-a-number for none
 * @param text a sentence under the picture; may be empty
 */
public record Card(String title, String subtitle, Picture picture, Sound sound, double share, String text) {

  /** A card with a title and a picture only. */
  public static Card of(String title, Picture picture) {
    return new Card(title, "", picture, null, Double.NaN, "");
  }

  public Card subtitle(String line) {
    return new Card(title, line, picture, sound, share, text);
  }

  public Card sound(String fileName, byte[] wav) {
    return new Card(title, subtitle, picture, new Sound(fileName, wav), share, text);
  }

  public Card share(double ofTotal) {
    return new Card(title, subtitle, picture, sound, ofTotal, text);
  }

  public Card text(String sentence) {
    return new Card(title, subtitle, picture, sound, share, sentence);
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
    if (sound != null) {
      sound.write(html, title);
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
