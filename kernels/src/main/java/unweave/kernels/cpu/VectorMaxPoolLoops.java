package unweave.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import unweave.kernels.PoolShape;

/**
 * {@link MaxPoolLoops} with the Vector API, lanes along the channels. The last vector of a pixel overlaps the one before where the channels do
 * not fill whole vectors.
 *
 * <p>Vectors have at most 256 bits, so that eight channels fill one; pooling waits for memory anyway. There is one species for all shapes
 * because it must be a constant wherever C2 compiles these loops: a species handed on as a parameter is none in a method that was not inlined,
 * and every vector of it an object.
 */
final class VectorMaxPoolLoops implements MaxPoolLoops {
  private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS.length() > 8 ? FloatVector.SPECIES_256 : VectorWidth.FLOATS;
  private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
  private static final int LANES = FLOATS.length();

  @Override
  public boolean supports(PoolShape shape) {
    return shape.channels() >= LANES && shape.padY() == 0 && shape.padX() == 0;
  }

  @Override
  public void forwardRow(PoolShape shape, int image, int row, float[] x, float[] y, int[] winners) {
    int channels = shape.channels();
    int imageStart = image * shape.inHeight() * shape.inWidth() * channels;
    int out = (image * shape.outHeight() + row) * shape.outWidth() * channels;
    for (int column = 0; column < shape.outWidth(); column++, out += channels) {
      int firstCell = row * shape.strideY() * shape.inWidth() + column * shape.strideX();
      System.arraycopy(x, imageStart + firstCell * channels, y, out, channels);
      Arrays.fill(winners, out, out + channels, firstCell);
      for (int ky = 0; ky < shape.kernelHeight(); ky++) {
        for (int kx = ky == 0 ? 1 : 0; kx < shape.kernelWidth(); kx++) {
          int cell = firstCell + ky * shape.inWidth() + kx;
          takeLarger(channels, x, imageStart + cell * channels, cell, y, winners, out);
        }
      }
    }
  }

  /** One more cell of a pixel's window. The largest values so far are read from y: JDK 17 may not keep vectors in registers between cells. */
  private static void takeLarger(int channels, float[] x, int from, int cell, float[] y, int[] winners, int out) {
    int last = channels - LANES;
    for (int channel = 0; channel < last; channel += LANES) {
      takeLarger(x, from + channel, cell, y, winners, out + channel);
    }
    takeLarger(x, from + last, cell, y, winners, out + last);
  }

  private static void takeLarger(float[] x, int from, int cell, float[] y, int[] winners, int out) {
    FloatVector value = FloatVector.fromArray(FLOATS, x, from);
    FloatVector best = FloatVector.fromArray(FLOATS, y, out);
    VectorMask<Float> wins = value.compare(VectorOperators.LE, best).not().and(best.compare(VectorOperators.EQ, best));
    best.blend(value, wins).intoArray(y, out);
    // Cell numbers travel as the bits of floats, so that the mask of a float comparison selects them too.
    FloatVector winner = IntVector.fromArray(INTS, winners, out).reinterpretAsFloats();
    winner.blend(IntVector.broadcast(INTS, cell).reinterpretAsFloats(), wins).reinterpretAsInts().intoArray(winners, out);
  }

  @Override
  public void backwardRow(PoolShape shape, int image, int row, float[] dy, int[] winners, int winnersImage, float[] dx) {
    int channels = shape.channels();
    int imageStart = image * shape.inHeight() * shape.inWidth() * channels;
    int from = (image * shape.outHeight() + row) * shape.outWidth() * channels;
    int winnersFrom = (winnersImage * shape.outHeight() + row) * shape.outWidth() * channels;
    int last = channels - LANES;
    for (int column = 0; column < shape.outWidth(); column++, from += channels, winnersFrom += channels) {
      int cell = row * shape.kernelHeight() * shape.inWidth() + column * shape.kernelWidth();
      for (int channel = 0; channel < last; channel += LANES) {
        backwardVector(shape, dy, from + channel, winners, winnersFrom + channel, cell, dx, imageStart + channel);
      }
      backwardVector(shape, dy, from + last, winners, winnersFrom + last, cell, dx, imageStart + last);
    }
  }

  private static void backwardVector(PoolShape shape, float[] dy, int from, int[] winners, int winnersFrom, int cell, float[] dx,
      int imageStart) {
    IntVector gradient = FloatVector.fromArray(FLOATS, dy, from).reinterpretAsInts();
    IntVector winner = IntVector.fromArray(INTS, winners, winnersFrom);
    IntVector zero = IntVector.zero(INTS);
    int kernelWidth = shape.kernelWidth();
    int cells = shape.kernelHeight() * kernelWidth;
    for (int i = 0, kx = 0, at = cell; i < cells; i++, kx++) {
      if (kx == kernelWidth) {
        kx = 0;
        at += shape.inWidth();
      }
      IntVector part = zero.blend(gradient, winner.compare(VectorOperators.EQ, at + kx));
      part.reinterpretAsFloats().intoArray(dx, imageStart + (at + kx) * shape.channels());
    }
  }
}
