package unweave.figure;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.KerningSubtable;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Glyph outlines, advances and kerning of Liberation Sans, read from the font file inside the pdfbox jar by a TrueType
 * parser in pure Java. The units are the em: an advance of 0.5 is half the font size. y grows downwards, the baseline
 * is y = 0. Safe for use by several threads.
 */
final class OutlineFont {

    /** Height of a capital letter, in em. */
    static final double CAP_HEIGHT = 0.716;

    private static final String RESOURCE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    /** Holds the one instance; the font is parsed when the first text is drawn. */
    private static final class Holder {
        static final OutlineFont INSTANCE = new OutlineFont();
    }

    private final TrueTypeFont font;
    private final CmapLookup glyphIds;
    private final KerningSubtable kerning;
    private final double unitsPerEm;
    private final Map<Integer, Path2D> outlines = new HashMap<>();

    private OutlineFont() {
        try (InputStream in = OutlineFont.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + ": not on the class path, it belongs to the pdfbox jar");
            }
            font = new TTFParser().parse(new RandomAccessReadBuffer(in));
            glyphIds = font.getUnicodeCmapLookup();
            kerning = font.getKerning() == null ? null : font.getKerning().getHorizontalKerningSubtable();
            unitsPerEm = font.getUnitsPerEm();
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + ": not a readable TrueType font", e);
        }
    }

    static OutlineFont get() {
        return Holder.INSTANCE;
    }

    /** Glyph number of a Unicode code point; 0, an empty box, when the font lacks it. */
    synchronized int glyph(int codePoint) {
        return glyphIds.getGlyphId(codePoint);
    }

    /** Distance from this glyph's origin to the next one's, in em. */
    synchronized double advance(int glyph) {
        try {
            return font.getAdvanceWidth(glyph) / unitsPerEm;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is added to the advance of {@code left} when {@code right} follows, in em; mostly 0 or negative. */
    synchronized double kerning(int left, int right) {
        return kerning == null ? 0 : kerning.getKerning(left, right) / unitsPerEm;
    }

    /** The filled shape of a glyph, in em, origin on the baseline. Not to be modified. */
    synchronized Path2D outline(int glyph) {
        return outlines.computeIfAbsent(glyph, this::readOutline);
    }

    private Path2D readOutline(int glyph) {
        try {
            GlyphData data = font.getGlyph().getGlyph(glyph);
            Path2D shape = new Path2D.Double(Path2D.WIND_NON_ZERO);
            if (data != null) {
                shape.append(data.getPath(), false);
                shape.transform(AffineTransform.getScaleInstance(1 / unitsPerEm, -1 / unitsPerEm));
            }
            return shape;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
