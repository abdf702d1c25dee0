package unweave.report;

/**
 * A picture with the text under it.
 *
 * @param caption may be empty
 */
public record Figure(Picture picture, String caption) {

    void write(Html html) {
        html.open("figure");
        picture.write(html);
        if (!caption.isEmpty()) {
            html.element("figcaption", caption);
        }
        html.close();
    }
}
