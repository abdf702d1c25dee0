package unweave.kernels.cpu;

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
    int last = channels - LANES;
    for (int column = 0; column < shape.outWidth(); column++, out += channels) {
      int cell = row * shape.strideY() * shape.inWidth() + column * shape.strideX();
      int from = imageStart + cell * channels;
      for (int channel = 0; channel < last; channel += LANES) {
        forwardVector(shape, x, from + channel, cell, y, winners, out + channel);
      }
      forwardVector(shape, x, from + last, cell, y, winners, out + last);
    }
  }

  private static void forwardVector(PoolShape shape, float[] x, int from, int cell, float[] y, int[] winners, int out) {
    FloatVector best = FloatVector.fromArray(FLOATS, x, from);
    // Cell numbers travel as the bits of floats, so that the mask of a float comparison selects them too.
    FloatVector winner = IntVector.broadcast(INTS, cell).reinterpretAsFloats();
    int kernelWidth = shape.kernelWidth();
    int cells = shape.kernelHeight() * kernelWidth;
    for (int i = 1, kx = 1, at = cell; i < cells; i++, kx++) {
      if (kx == kernelWidth) {
        kx = 0;
        at += shape.inWidth();
      }
      FloatVector value = FloatVector.fromArray(FLOATS, x, from + (at + kx - cell) * shape.channels());
      VectorMask<Float> wins = value.compare(VectorOperators.LE, best).not().and(best.compare(VectorOperators.EQ, best));
      best = best.blend(value, wins);
      winner = winner.blend(IntVector.broadcast(INTS, at + kx).reinterpretAsFloats(), wins);
    }
    best.intoArray(y, out);
    winner.reinterpretAsInts().intoArray(winners, out);
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
