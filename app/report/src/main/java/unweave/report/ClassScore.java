package unweave.report;

import java.util.List;
import java.util.Locale;

/**
 * What the network says about one class.
 *
 * @param logit output of the last layer
 * @param probability softmax or sigmoid, 0 to 1
 * @param explained whether this is the class whose logit the page explains
 */
public record ClassScore(String name, double logit, double probability, boolean explained) {

    /** A table with a bar for every class, in the given order. */
    static void write(Html html, List<ClassScore> scores) {
        html.open("table", "class", "scores").open("thead").open("tr");
        html.element("th", "class", "scope", "col").element("th", "probability", "scope", "col", "colspan", "2");
        html.element("th", "logit", "scope", "col", "class", "number")
                .close()
                .close()
                .open("tbody");
        for (ClassScore score : scores) {
            html.open("tr", "class", score.explained ? "chosen" : null);
            html.open("th", "scope", "row").text(score.name);
            if (score.explained) {
                html.element("span", "explained", "class", "tag");
            }
            html.close().open("td", "class", "wide");
            Bar.write(html, score.probability, score.explained ? "chosen" : "other");
            html.close();
            html.element("td", String.format(Locale.ROOT, "%.1f %%", 100 * score.probability), "class", "number");
            html.element(
                            "td",
                            String.format(Locale.ROOT, "%.2f", score.logit).replace('-', '\u2212'),
                            "class",
                            "number")
                    .close();
        }
        html.close().close();
    }
}
