package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import unweave.kernels.PoolShape;

/**
 * {@link MaxPoolLoops} with the Vector API, lanes along the channels, for windows that lie on the image, without gaps
 * between their cells.
 *
 * <p>Where the channels do not fill whole vectors, the last vector of a pixel overlaps the one before. With fewer
 * channels than lanes, vectors hang over into the next pixels, which are written afterwards; the last windows of a row,
 * where there are none, are left to the scalar twin. (Shorter vectors would be simpler, but C2 loses track of the
 * vector length in methods that serve several.)
 *
 * <p>With it off, a gtzan training step takes at least 1.5 times as long (JDK 17 and 25, Emerald Rapids).
 */
final class VectorMaxPoolLoops implements MaxPoolLoops {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
    private static final int LANES = FLOATS.length();

    private final MaxPoolLoops scalar;

    /** @param scalar for the ends of rows */
    VectorMaxPoolLoops(MaxPoolLoops scalar) {
        this.scalar = scalar;
    }

    @Override
    public boolean supports(PoolShape shape) {
        return !shape.isPadded()
                && !shape.ceil()
                && shape.dilationY() == 1
                && shape.dilationX() == 1
                && 4 * shape.channels() >= LANES;
    }

    /** Windows before this column are followed by as many values as a vector may hang over. */
    private static int vectorColumns(PoolShape shape) {
        int channels = shape.channels();
        int following = channels >= LANES ? 0 : ConvTiles.ceilDivide(LANES, channels) - 1;
        return Math.max(0, shape.outWidth() - following);
    }

    @Override
    public void forward(
            PoolShape shape, int image, int row, int firstColumn, float[] x, int xStart, float[] y, int[] winners) {
        int channels = shape.channels();
        int last = Math.max(0, channels - LANES);
        int imageStart = image * shape.inHeight() * shape.inWidth() * channels - xStart;
        int out = ((image * shape.outHeight() + row) * shape.outWidth() + firstColumn) * channels;
        int end = vectorColumns(shape);
        for (int column = firstColumn; column < end; column++, out += channels) {
            int cell = row * shape.strideY() * shape.inWidth() + column * shape.strideX();
            for (int channel = 0; channel < channels; channel += LANES) {
                int first = Math.min(channel, last);
                forwardVector(shape, x, imageStart + cell * channels + first, cell, y, winners, out + first);
            }
        }
        scalar.forward(shape, image, row, Math.max(firstColumn, end), x, xStart, y, winners);
    }

    /** The window whose first cell is {@code cell}, for the channels that begin at x[from]. */
    private static void forwardVector(
            PoolShape shape, float[] x, int from, int cell, float[] y, int[] winners, int out) {
        FloatVector best = FloatVector.fromArray(FLOATS, x, from);
        // Cell numbers travel as the bits of floats, so that the mask of a float comparison selects them too.
        FloatVector winner = IntVector.broadcast(INTS, cell).reinterpretAsFloats();
        int kernelWidth = shape.kernelWidth();
        int cells = shape.kernelHeight() * kernelWidth;
        for (int i = 1, kx = 1, rowCell = cell; i < cells; i++, kx++) {
            if (kx == kernelWidth) {
                kx = 0;
                rowCell += shape.inWidth();
            }
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + (rowCell + kx - cell) * shape.channels());
            // "Not smaller or equal" lets NaN win, and "best equals itself" lets only the first one.
            VectorMask<Float> wins =
                    value.compare(VectorOperators.LE, best).not().and(best.compare(VectorOperators.EQ, best));
            best = best.blend(value, wins);
            winner = winner.blend(IntVector.broadcast(INTS, rowCell + kx).reinterpretAsFloats(), wins);
        }
        best.intoArray(y, out);
        if (winners != null) {
            winner.reinterpretAsInts().intoArray(winners, out);
        }
    }

    @Override
    public void pick(
            PoolShape shape,
            int winnersImage,
            int row,
            int firstColumn,
            int[] winners,
            float[] z,
            int zStart,
            float[] out) {
        int channels = shape.channels();
        int last = Math.max(0, channels - LANES);
        int to = firstColumn * channels;
        int from = ((winnersImage * shape.outHeight() + row) * shape.outWidth() + firstColumn) * channels;
        int end = vectorColumns(shape);
        for (int column = firstColumn; column < end; column++, from += channels, to += channels) {
            int cell = row * shape.kernelHeight() * shape.inWidth() + column * shape.kernelWidth();
            for (int channel = 0; channel < channels; channel += LANES) {
                int first = Math.min(channel, last);
                pickVector(shape, winners, from + first, cell, z, cell * channels + first - zStart, out, to + first);
            }
        }
        scalar.pick(shape, winnersImage, row, Math.max(firstColumn, end), winners, z, zStart, out);
    }

    /** The window whose first cell is {@code cell}, for the channels that begin at z[zFrom]. */
    private static void pickVector(
            PoolShape shape, int[] winners, int winnersFrom, int cell, float[] z, int zFrom, float[] out, int to) {
        IntVector winner = IntVector.fromArray(INTS, winners, winnersFrom);
        IntVector picked = FloatVector.fromArray(FLOATS, z, zFrom).reinterpretAsInts();
        int kernelWidth = shape.kernelWidth();
        int cells = shape.kernelHeight() * kernelWidth;
        for (int i = 1, kx = 1, rowCell = cell; i < cells; i++, kx++) {
            if (kx == kernelWidth) {
                kx = 0;
                rowCell += shape.inWidth();
            }
            IntVector value = FloatVector.fromArray(FLOATS, z, zFrom + (rowCell + kx - cell) * shape.channels())
                    .reinterpretAsInts();
            picked = picked.blend(value, winner.compare(VectorOperators.EQ, rowCell + kx));
        }
        picked.reinterpretAsFloats().intoArray(out, to);
    }

    @Override
    public void backward(
            PoolShape shape,
            int image,
            int row,
            int firstColumn,
            float[] dy,
            int dyStart,
            int[] winners,
            int winnersImage,
            float[] dx,
            int dxStart) {
        int channels = shape.channels();
        int last = Math.max(0, channels - LANES);
        int imageStart = image * shape.inHeight() * shape.inWidth() * channels - dxStart;
        int from = ((image * shape.outHeight() + row) * shape.outWidth() + firstColumn) * channels - dyStart;
        int winnersFrom = ((winnersImage * shape.outHeight() + row) * shape.outWidth() + firstColumn) * channels;
        int end = vectorColumns(shape);
        for (int column = firstColumn; column < end; column++, from += channels, winnersFrom += channels) {
            int cell = row * shape.kernelHeight() * shape.inWidth() + column * shape.kernelWidth();
            for (int channel = 0; channel < channels; channel += LANES) {
                int first = Math.min(channel, last);
                backwardVector(
                        shape,
                        dy,
                        from + first,
                        winners,
                        winnersFrom + first,
                        cell,
                        dx,
                        imageStart + cell * channels + first);
            }
        }
        scalar.backward(shape, image, row, Math.max(firstColumn, end), dy, dyStart, winners, winnersImage, dx, dxStart);
    }

    /** dx in the window whose first cell is {@code cell}, for the channels that begin at dx[to]. */
    private static void backwardVector(
            PoolShape shape, float[] dy, int from, int[] winners, int winnersFrom, int cell, float[] dx, int to) {
        IntVector gradient = FloatVector.fromArray(FLOATS, dy, from).reinterpretAsInts();
        IntVector winner = IntVector.fromArray(INTS, winners, winnersFrom);
        IntVector zero = IntVector.zero(INTS);
        int kernelWidth = shape.kernelWidth();
        int cells = shape.kernelHeight() * kernelWidth;
        for (int i = 0, kx = 0, rowCell = cell; i < cells; i++, kx++) {
            if (kx == kernelWidth) {
                kx = 0;
                rowCell += shape.inWidth();
            }
            IntVector part = zero.blend(gradient, winner.compare(VectorOperators.EQ, rowCell + kx));
            part.reinterpretAsFloats().intoArray(dx, to + (rowCell + kx - cell) * shape.channels());
        }
    }
}
