/**
 * Pictures as PNG bytes: spectrograms, relevance maps, grids of both, line and bar charts, matrices.
 *
 * <p>Everything is drawn with Java2D on a {@link java.awt.image.BufferedImage}, so no display is needed. Text is filled
 * glyph outlines of a font that comes with the program ({@link unweave.figure.OutlineFont}); {@code java.awt.Font} is
 * never used, because servers often have a JDK without fonts. The same input gives the same pixels on every machine,
 * and the same bytes on the same JDK.
 *
 * <p>Lengths are CSS pixels; a picture has {@link unweave.figure.Canvas#SCALE} image pixels per CSS pixel in each
 * direction.
 */
package unweave.figure;
