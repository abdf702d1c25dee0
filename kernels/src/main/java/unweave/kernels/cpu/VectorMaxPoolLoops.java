package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import unweave.kernels.PoolShape;

/**
 * {@link MaxPoolLoops} with the Vector API, lanes along the channels. With fewer channels than lanes, shorter vectors are used; the last vector
 * of a pixel overlaps the one before where the channels do not fill whole vectors.
 */
final class VectorMaxPoolLoops implements MaxPoolLoops {
  private static final VectorSpecies<Float> FULL = VectorWidth.FLOATS;
  private static final VectorSpecies<Float> HALF = FULL.length() > 4 ? atMost(FULL.length() / 2) : FULL;
  private static final VectorSpecies<Float> QUARTER = FULL.length() > 8 ? atMost(FULL.length() / 4) : HALF;
  private static final VectorSpecies<Integer> FULL_INTS = FULL.vectorShape().withLanes(int.class);
  private static final VectorSpecies<Integer> HALF_INTS = HALF.vectorShape().withLanes(int.class);
  private static final VectorSpecies<Integer> QUARTER_INTS = QUARTER.vectorShape().withLanes(int.class);

  private static VectorSpecies<Float> atMost(int lanes) {
    return lanes >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
  }

  @Override
  public boolean supports(PoolShape shape) {
    return shape.channels() >= QUARTER.length() && shape.padY() == 0 && shape.padX() == 0;
  }

  @Override
  public void forwardRow(PoolShape shape, int image, int row, float[] x, float[] y, int[] winners) {
    int channels = shape.channels();
    int cells = shape.inHeight() * shape.inWidth();
    int out = (image * shape.outHeight() + row) * shape.outWidth() * channels;
    for (int column = 0; column < shape.outWidth(); column++, out += channels) {
      int cell = row * shape.strideY() * shape.inWidth() + column * shape.strideX();
      int from = (image * cells + cell) * channels;
      if (channels >= FULL.length()) {
        forwardFull(shape, x, from, cell, y, winners, out);
      } else if (channels >= HALF.length()) {
        forwardHalf(shape, x, from, cell, y, winners, out);
      } else {
        forwardQuarter(shape, x, from, cell, y, winners, out);
      }
    }
  }

  private static void forwardFull(PoolShape shape, float[] x, int from, int cell, float[] y, int[] winners, int out) {
    int last = shape.channels() - FULL.length();
    for (int channel = -FULL.length(); channel < last; ) {
      channel = Math.min(channel + FULL.length(), last);
      forwardVector(FULL, FULL_INTS, shape, x, from + channel, cell, y, winners, out + channel);
    }
  }

  private static void forwardHalf(PoolShape shape, float[] x, int from, int cell, float[] y, int[] winners, int out) {
    int last = shape.channels() - HALF.length();
    for (int channel = -HALF.length(); channel < last; ) {
      channel = Math.min(channel + HALF.length(), last);
      forwardVector(HALF, HALF_INTS, shape, x, from + channel, cell, y, winners, out + channel);
    }
  }

  private static void forwardQuarter(PoolShape shape, float[] x, int from, int cell, float[] y, int[] winners, int out) {
    int last = shape.channels() - QUARTER.length();
    for (int channel = -QUARTER.length(); channel < last; ) {
      channel = Math.min(channel + QUARTER.length(), last);
      forwardVector(QUARTER, QUARTER_INTS, shape, x, from + channel, cell, y, winners, out + channel);
    }
  }

  private static void forwardVector(VectorSpecies<Float> floats, VectorSpecies<Integer> ints, PoolShape shape, float[] x, int from, int cell,
      float[] y, int[] winners, int out) {
    FloatVector best = FloatVector.fromArray(floats, x, from);
    // Cell numbers travel as the bits of floats, so that the mask of a float comparison selects them too.
    FloatVector winner = IntVector.broadcast(ints, cell).reinterpretAsFloats();
    int kernelWidth = shape.kernelWidth();
    int cells = shape.kernelHeight() * kernelWidth;
    for (int i = 1, kx = 1, at = cell; i < cells; i++, kx++) {
      if (kx == kernelWidth) {
        kx = 0;
        at += shape.inWidth();
      }
      FloatVector value = FloatVector.fromArray(floats, x, from + (at + kx - cell) * shape.channels());
      VectorMask<Float> wins = value.compare(VectorOperators.LE, best).not().and(best.compare(VectorOperators.EQ, best));
      best = best.blend(value, wins);
      winner = winner.blend(IntVector.broadcast(ints, at + kx).reinterpretAsFloats(), wins);
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
    for (int column = 0; column < shape.outWidth(); column++, from += channels, winnersFrom += channels) {
      int cell = row * shape.kernelHeight() * shape.inWidth() + column * shape.kernelWidth();
      if (channels >= FULL.length()) {
        backwardFull(shape, dy, from, winners, winnersFrom, cell, dx, imageStart);
      } else if (channels >= HALF.length()) {
        backwardHalf(shape, dy, from, winners, winnersFrom, cell, dx, imageStart);
      } else {
        backwardQuarter(shape, dy, from, winners, winnersFrom, cell, dx, imageStart);
      }
    }
  }

  private static void backwardFull(PoolShape shape, float[] dy, int from, int[] winners, int winnersFrom, int cell, float[] dx, int imageStart) {
    int last = shape.channels() - FULL.length();
    for (int channel = -FULL.length(); channel < last; ) {
      channel = Math.min(channel + FULL.length(), last);
      backwardVector(FULL, FULL_INTS, shape, dy, from + channel, winners, winnersFrom + channel, cell, dx, imageStart + channel);
    }
  }

  private static void backwardHalf(PoolShape shape, float[] dy, int from, int[] winners, int winnersFrom, int cell, float[] dx, int imageStart) {
    int last = shape.channels() - HALF.length();
    for (int channel = -HALF.length(); channel < last; ) {
      channel = Math.min(channel + HALF.length(), last);
      backwardVector(HALF, HALF_INTS, shape, dy, from + channel, winners, winnersFrom + channel, cell, dx, imageStart + channel);
    }
  }

  private static void backwardQuarter(PoolShape shape, float[] dy, int from, int[] winners, int winnersFrom, int cell, float[] dx, int imageStart) {
    int last = shape.channels() - QUARTER.length();
    for (int channel = -QUARTER.length(); channel < last; ) {
      channel = Math.min(channel + QUARTER.length(), last);
      backwardVector(QUARTER, QUARTER_INTS, shape, dy, from + channel, winners, winnersFrom + channel, cell, dx, imageStart + channel);
    }
  }

  private static void backwardVector(VectorSpecies<Float> floats, VectorSpecies<Integer> ints, PoolShape shape, float[] dy, int from,
      int[] winners, int winnersFrom, int cell, float[] dx, int imageStart) {
    IntVector gradient = FloatVector.fromArray(floats, dy, from).reinterpretAsInts();
    IntVector winner = IntVector.fromArray(ints, winners, winnersFrom);
    IntVector zero = IntVector.zero(ints);
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
