package unweave.report;

import java.nio.ByteBuffer;
import java.util.Base64;
import unweave.figure.MapPanel;

/**
 * A PNG at two image pixels per CSS pixel, or an SVG element, with the words that replace it for those who cannot see
 * it.
 *
 * @param png the file; null for an SVG element. Not modified
 * @param alt what the picture shows; must not be blank
 * @param narrow another version for narrow screens, or null. Not modified
 * @param file where the picture lies, relative to the page, with "/" between folders; null for one that the page holds
 * @param svg an element with all text in it escaped, or null
 */
public record Picture(byte[] png, String alt, byte[] narrow, String file, String svg) {

    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int PIXELS_PER_CSS_PIXEL = 2;
    private static final String NARROW_SCREEN = "(max-width: 640px)";

    /** @throws IllegalArgumentException when the bytes are not a PNG file or the alternative text is blank */
    public Picture {
        if (alt.isBlank()) {
            throw new IllegalArgumentException("a picture needs an alternative text");
        }
        if (svg == null) {
            requirePng(png, alt);
        }
        if (narrow != null) {
            requirePng(narrow, alt);
        }
    }

    public Picture(byte[] png, String alt) {
        this(png, alt, null, null, null);
    }

    public Picture(byte[] png, String alt, byte[] narrow) {
        this(png, alt, narrow, null, null);
    }

    /** A file beside the page, which is read when it comes into sight. */
    public static Picture beside(String file, byte[] png, String alt) {
        return new Picture(png, alt, null, file, null);
    }

    /** A map as an SVG element: small, and sharp at any size. */
    public static Picture of(MapPanel panel, String alt) {
        return new Picture(null, alt, null, null, panel.toSvg());
    }

    /** Whether the file lies beside the page. */
    boolean isBeside() {
        return file != null;
    }

    void write(Html html) {
        if (svg != null) {
            html.open("div", "class", "drawn", "role", "img", "aria-label", alt)
                    .verbatim(svg)
                    .close();
            return;
        }
        if (narrow != null) {
            html.open("picture")
                    .open(
                            "source",
                            "media",
                            NARROW_SCREEN,
                            "srcset",
                            dataUri("image/png", narrow),
                            "width",
                            side(narrow, 16),
                            "height",
                            side(narrow, 20));
        }
        html.open(
                "img",
                "src",
                isBeside() ? Html.relativeUrl(file) : dataUri("image/png", png),
                "alt",
                alt,
                "width",
                side(png, 16),
                "height",
                side(png, 20),
                "loading",
                isBeside() ? "lazy" : null);
        if (narrow != null) {
            html.close();
        }
    }

    static String dataUri(String mediaType, byte[] bytes) {
        return "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    /** Width (at byte 16) or height (at byte 20) from the PNG's header, in CSS pixels. */
    private static String side(byte[] png, int offset) {
        return Integer.toString(ByteBuffer.wrap(png).getInt(offset) / PIXELS_PER_CSS_PIXEL);
    }

    private static void requirePng(byte[] png, String alt) {
        if (png.length < 24 || ByteBuffer.wrap(png).getLong() != SIGNATURE) {
            throw new IllegalArgumentException("picture \"" + alt + "\": the bytes are not a PNG file");
        }
    }
}
