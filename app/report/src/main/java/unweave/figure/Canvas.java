package unweave.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A white sheet to draw on, measured in CSS pixels, at {@link #SCALE} image pixels each so that it is crisp on dense
 * screens and in print.
 */
final class Canvas {

    /** Image pixels per CSS pixel. */
    static final int SCALE = 2;

    private final BufferedImage image;
    private final Graphics2D graphics;

    /** Width and height in CSS pixels; rounded up to whole ones. */
    Canvas(double width, double height) {
        image = new BufferedImage(
                SCALE * (int) Math.ceil(width), SCALE * (int) Math.ceil(height), BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.scale(SCALE, SCALE);
        fill(Color.WHITE, 0, 0, image.getWidth(), image.getHeight());
    }

    /** A filled rectangle whose edges are moved to whole image pixels. */
    void fill(Color colour, double x, double y, double width, double height) {
        double left = snap(x);
        double top = snap(y);
        graphics.setColor(colour);
        graphics.fill(new Rectangle2D.Double(left, top, snap(x + width) - left, snap(y + height) - top));
    }

    void fill(Color colour, Shape shape) {
        graphics.setColor(colour);
        graphics.fill(shape);
    }

    /** A horizontal line centred on y. */
    void horizontal(Color colour, double thickness, double x1, double x2, double y) {
        graphics.setColor(colour);
        graphics.fill(new Rectangle2D.Double(x1, snap(y - thickness / 2), x2 - x1, thickness));
    }

    /** A vertical line centred on x. */
    void vertical(Color colour, double thickness, double x, double y1, double y2) {
        graphics.setColor(colour);
        graphics.fill(new Rectangle2D.Double(snap(x - thickness / 2), y1, thickness, y2 - y1));
    }

    /** The outline of a rectangle, half a CSS pixel thick, just outside it. */
    void frame(Color colour, double x, double y, double width, double height) {
        double hair = 1.0 / SCALE;
        fill(colour, x - hair, y - hair, width + 2 * hair, hair);
        fill(colour, x - hair, y + height, width + 2 * hair, hair);
        fill(colour, x - hair, y, hair, height);
        fill(colour, x + width, y, hair, height);
    }

    /** A line through the points of the path; {@code dash} is null for a solid one. */
    void stroke(Color colour, double thickness, float[] dash, Path2D path) {
        graphics.setColor(colour);
        int cap = dash == null ? BasicStroke.CAP_ROUND : BasicStroke.CAP_BUTT;
        graphics.setStroke(new BasicStroke((float) thickness, cap, BasicStroke.JOIN_ROUND, 10, dash, 0));
        graphics.draw(path);
    }

    void text(String text, TextPainter.Style style, double x, double baseline, TextPainter.Align align) {
        TextPainter.draw(graphics, text, style, x, baseline, align, 0);
    }

    /** Left-aligned text in one line of {@code room} CSS pixels, see {@link TextPainter#fitted}. */
    void text(String text, TextPainter.Style style, double x, double baseline, double room) {
        TextPainter.Fitted fitted = TextPainter.fitted(text, style, room, 1);
        text(fitted.lines().get(0), fitted.style(), x, baseline, TextPainter.Align.LEFT);
    }

    /** Text that reads from bottom to top, its baseline at x, centred on y. */
    void verticalText(String text, TextPainter.Style style, double x, double y) {
        TextPainter.draw(graphics, text, style, x, y, TextPainter.Align.CENTRE, 1);
    }

    /** As {@link #verticalText}, but ending (its last letter topmost) or starting at y. */
    void verticalText(String text, TextPainter.Style style, double x, double y, TextPainter.Align align) {
        TextPainter.draw(graphics, text, style, x, y, align, 1);
    }

    /** Copies a picture of image pixels, unscaled; x and y are moved to whole image pixels. */
    void picture(BufferedImage picture, double x, double y) {
        int left = (int) Math.round(x * SCALE);
        int top = (int) Math.round(y * SCALE);
        int width = picture.getWidth();
        int height = picture.getHeight();
        image.setRGB(left, top, width, height, picture.getRGB(0, 0, width, height, null, 0, width), 0, width);
    }

    /** The sheet as a PNG file: 8 bits per channel, no metadata. */
    byte[] toPng() {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            // 0, the strongest compression, would take three times as long for files smaller by a twentieth.
            param.setCompressionQuality(0.3f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** The nearest edge between image pixels. */
    private static double snap(double position) {
        return Math.rint(position * SCALE) / SCALE;
    }
}
