package unweave.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What 2 x 2 windows of a 3 x 3 convolution send to its one input channel: for each window the 4 x 4 patch of the input that it sees,
 *
 * <pre>patch[r,s] = sum over channels o: q[o] * w[r - a, s - b, o],   (a,b) the winner's place in the window.</pre>
 *
 * <p>A patch is one vector of 512 bits, or two of 256. For each channel and place, a table holds the weights as they lie in the patch, so that a
 * quotient costs one multiply-add (or two) and nothing is scattered.
 */
final class VectorWindowPatches {
  /** Rows and columns of a patch. */
  static final int SIDE = 4;
  /** Values of a patch. */
  static final int PATCH = SIDE * SIDE;
  private static final int PLACES = 4;
  /** Channels that are summed side by side. */
  private static final int TOGETHER = 4;

  private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
  private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
  private static final int LANES = FLOATS.length();
  private static final IntVector CHANNELS = IntVector.zero(INTS).addIndex(PLACES * PATCH);

  private VectorWindowPatches() {}

  /** Whether there are loops for so many channels and the vectors of this processor. */
  static boolean fits(int channels) {
    return (LANES == PATCH || LANES == PATCH / 2) && channels % TOGETHER == 0;
  }

  /** Values of a table. */
  static int tableSize(int channels) {
    return channels * PLACES * PATCH;
  }

  /** table[o, place, r, s] = w[r - a, s - b, o], or 0 where there is no such tap. */
  static void fillTable(float[] w, int channels, float[] table) {
    Arrays.fill(table, 0, tableSize(channels), 0f);
    for (int place = 0; place < PLACES; place++) {
      for (int tap = 0; tap < 9; tap++) {
        int inPatch = (place / 2 + tap / 3) * SIDE + place % 2 + tap % 3;
        for (int channel = 0; channel < channels; channel++) {
          table[(channel * PLACES + place) * PATCH + inPatch] = w[tap * channels + channel];
        }
      }
    }
  }

  /**
   * The patches of one row of windows.
   *
   * @param dy [windows x channels] from {@code from} on
   * @param winners cells of an image of {@code width} columns, [windows x channels] from winnersStart on
   * @param firstCell the first window's first cell
   * @param z the denominators of all cells
   * @param q working memory for {@code channels} values
   * @param places working memory for {@code channels} numbers
   * @param patches receives [windows x 16] from patchStart on
   */
  static void row(float[] dy, int from, int[] winners, int winnersStart, int channels, int windows, int firstCell, int width, float eps, float[] z,
      float[] table, float[] q, int[] places, float[] patches, int patchStart) {
    for (int window = 0; window < windows; window++) {
      int at = window * channels;
      divide(dy, from + at, winners, winnersStart + at, channels, firstCell + 2 * window, width, eps, z, q, places);
      if (LANES == PATCH) {
        wholePatch(q, channels, table, places, patches, patchStart + window * PATCH);
      } else {
        halfPatches(q, channels, table, places, patches, patchStart + window * PATCH);
      }
    }
  }

  /**
   * One window's quotients, and where in the table the weights of each channel begin: a winner is 0, 1, width or width + 1 cells from the first, and
   * these are places 0 to 3.
   */
  private static void divide(float[] dy, int from, int[] winners, int winnersFrom, int channels, int cell, int width, float eps, float[] z,
      float[] q, int[] places) {
    int upper = cell * channels;
    int lower = upper + width * channels;
    int channel = 0;
    for (; channel <= channels - LANES; channel += LANES) {
      IntVector second = IntVector.fromArray(INTS, winners, winnersFrom + channel).sub(cell + width);
      IntVector inFirstRow = second.lanewise(VectorOperators.ASHR, 31);
      IntVector place = second.add(2).add(inFirstRow.and(width - 2));
      place.lanewise(VectorOperators.LSHL, 4).add(CHANNELS).add(channel * PLACES * PATCH).intoArray(places, channel);
      FloatVector left = FloatVector.fromArray(FLOATS, z, upper + channel);
      FloatVector right = FloatVector.fromArray(FLOATS, z, upper + channels + channel);
      FloatVector lowerLeft = FloatVector.fromArray(FLOATS, z, lower + channel);
      FloatVector lowerRight = FloatVector.fromArray(FLOATS, z, lower + channels + channel);
      FloatVector picked = left.blend(right, place.compare(VectorOperators.EQ, 1).cast(FLOATS))
          .blend(lowerLeft, place.compare(VectorOperators.EQ, 2).cast(FLOATS)).blend(lowerRight, place.compare(VectorOperators.EQ, 3).cast(FLOATS));
      VectorElementLoops.divide(FloatVector.fromArray(FLOATS, dy, from + channel), picked, eps).intoArray(q, channel);
    }
    for (; channel < channels; channel++) {
      int winner = winners[winnersFrom + channel];
      int second = winner - cell - width;
      places[channel] = (channel * PLACES + (second < 0 ? second + width : second + 2)) * PATCH;
      q[channel] = ElementLoops.divide(dy[from + channel], z[winner * channels + channel], eps);
    }
  }

  private static void wholePatch(float[] q, int channels, float[] table, int[] places, float[] patches, int to) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = FloatVector.zero(FLOATS);
    FloatVector c = FloatVector.zero(FLOATS);
    FloatVector d = FloatVector.zero(FLOATS);
    for (int o = 0; o < channels; o += 4) {
      a = FloatVector.fromArray(FLOATS, table, places[o]).fma(FloatVector.broadcast(FLOATS, q[o]), a);
      b = FloatVector.fromArray(FLOATS, table, places[o + 1]).fma(FloatVector.broadcast(FLOATS, q[o + 1]), b);
      c = FloatVector.fromArray(FLOATS, table, places[o + 2]).fma(FloatVector.broadcast(FLOATS, q[o + 2]), c);
      d = FloatVector.fromArray(FLOATS, table, places[o + 3]).fma(FloatVector.broadcast(FLOATS, q[o + 3]), d);
    }
    a.add(b).add(c.add(d)).intoArray(patches, to);
  }

  private static void halfPatches(float[] q, int channels, float[] table, int[] places, float[] patches, int to) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = FloatVector.zero(FLOATS);
    FloatVector c = FloatVector.zero(FLOATS);
    FloatVector d = FloatVector.zero(FLOATS);
    for (int o = 0; o < channels; o += 2) {
      FloatVector first = FloatVector.broadcast(FLOATS, q[o]);
      FloatVector second = FloatVector.broadcast(FLOATS, q[o + 1]);
      a = FloatVector.fromArray(FLOATS, table, places[o]).fma(first, a);
      b = FloatVector.fromArray(FLOATS, table, places[o] + LANES).fma(first, b);
      c = FloatVector.fromArray(FLOATS, table, places[o + 1]).fma(second, c);
      d = FloatVector.fromArray(FLOATS, table, places[o + 1] + LANES).fma(second, d);
    }
    a.add(c).intoArray(patches, to);
    b.add(d).intoArray(patches, to + LANES);
  }
}
