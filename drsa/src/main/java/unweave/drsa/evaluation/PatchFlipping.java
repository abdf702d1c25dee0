package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import unweave.engine.model.LayerShape;
import unweave.engine.model.Model;
import unweave.kernels.Counter;

/**
 * Patch flipping (thesis 4.2.3 and B.1.1; Chormai et al. 2024): the more relevant patches of an input are set to 0, the faster a faithful explanation
 * makes the class logit fall. Each of the K maps of an explanation has its own ranking of the patches by positive relevance. Step t takes the next t^2
 * patches of every ranking, and the masks are united:
 * <pre>
 * M_t = union over k of the first 1 + 4 + ... + t^2 patches of map k,   f_t = max(0, logit of the class for x with M_t zeroed),
 * </pre>
 * until nothing is left. Maps that claim the same patches flip fewer of them, so overlap costs. {@link FlippingScores} are the curves.
 *
 * <p>Random rankings are the lower bound of what an explanation may be worth: flipping at random makes the logit fall slowest, so its AUPC is the highest
 * that is acceptable, and an explanation that does not stay below it says nothing. For K maps the fair bound has K random rankings.
 *
 * <p>Several explanations of the same inputs are measured together: equal masks of one input are run once, the input without flips once for all, and
 * the input without any patch once for all inputs.
 */
public final class PatchFlipping {
  /** Side of a patch in the thesis, in bins. */
  public static final int THESIS_SIDE = 16;
  /** Rows of one batch of flipped inputs; bounds the memory on the host. */
  private static final int ROWS = 128;

  private final Model model;
  private final PatchGrid grid;
  private final int[] flips;

  /** Flipping of the inputs of a model, with patches of {@code side} x {@code side} bins. */
  public PatchFlipping(Model model, int side) {
    LayerShape input = model.description().input();
    this.model = model;
    this.grid = new PatchGrid(input.height(), input.width(), side);
    this.flips = FlippingSchedule.quadratic(grid.count());
  }

  /** The patches. */
  public PatchGrid grid() {
    return grid;
  }

  /** Patches of every map flipped in each step. */
  public int[] flips() {
    return flips.clone();
  }

  /**
   * The rankings of the maps of one explanation.
   *
   * @param maps K maps of height x width relevances; not modified
   * @return K x patches
   */
  public int[][] rankings(float[]... maps) {
    return Arrays.stream(maps).map(grid::ranking).toArray(int[][]::new);
  }

  /** Random rankings: for each of {@code samples} inputs, {@code maps} independent ones. The same seed gives the same rankings everywhere. */
  public int[][][] randomRankings(int samples, int maps, long seed) {
    int[][][] rankings = new int[samples][maps][];
    for (int i = 0; i < samples; i++) {
      for (int k = 0; k < maps; k++) {
        rankings[i][k] = shuffled(grid.count(), Counter.derive(Counter.derive(seed, i), k));
      }
    }
    return rankings;
  }

  private static int[] shuffled(int count, long seed) {
    // java.util.Random is specified to the bit.
    Random random = new Random(seed);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * Measures one explanation of every input.
   *
   * @param inputs at least classes.length x H x W x C values; not modified
   * @param classes the class whose logit is followed, for every input
   * @param rankings samples x K x patches, as {@link #rankings} gives them
   */
  public FlippingScores flip(float[] inputs, int[] classes, int[][][] rankings) {
    return flip(inputs, classes, Collections.singletonList(rankings)).get(0);
  }

  /**
   * Measures several explanations of the same inputs.
   *
   * @param rankings for every explanation samples x K x patches; K may differ between explanations
   * @return one result for every explanation
   * @throws IllegalArgumentException if there are too few values, a class does not exist or a ranking does not fit
   */
  public List<FlippingScores> flip(float[] inputs, int[] classes, List<int[][][]> rankings) {
    requireFitting(inputs, classes, rankings);
    float[][][] scores = new float[rankings.size()][classes.length][flips.length + 1];
    float[] nothingLeft = model.predict(new float[model.description().input().features()], 1);
    int samplesAtOnce = Math.max(1, ROWS / (rankings.size() * flips.length));
    for (int start = 0; start < classes.length; start += samplesAtOnce) {
      Rows rows = new Rows(inputs);
      int end = Math.min(classes.length, start + samplesAtOnce);
      forEachMask(start, end, rankings, (method, sample, step, mask) -> rows.add(sample, mask));
      float[] logits = rows.predict();
      forEachMask(start, end, rankings, (method, sample, step, mask) -> {
        float[] source = mask.cardinality() == grid.count() ? nothingLeft : logits;
        int row = source == nothingLeft ? 0 : rows.of(sample, mask);
        float logit = source[row * nothingLeft.length + classes[sample]];
        scores[method][sample][step] = logit < 0 ? 0 : logit;
      });
    }
    return Arrays.stream(scores).map(curves -> new FlippingScores(flips.clone(), curves)).toList();
  }

  private interface MaskVisitor {
    void visit(int method, int sample, int step, BitSet mask);
  }

  /** Visits the united mask after every step, 0 (nothing flipped) to T (everything). */
  private void forEachMask(int start, int end, List<int[][][]> rankings, MaskVisitor visitor) {
    for (int sample = start; sample < end; sample++) {
      for (int method = 0; method < rankings.size(); method++) {
        BitSet mask = new BitSet(grid.count());
        visitor.visit(method, sample, 0, mask);
        int done = 0;
        for (int step = 1; step <= flips.length; step++) {
          for (int[] ranking : rankings.get(method)[sample]) {
            for (int i = done; i < done + flips[step - 1]; i++) {
              mask.set(ranking[i]);
            }
          }
          done += flips[step - 1];
          visitor.visit(method, sample, step, mask);
        }
      }
    }
  }

  /** The different flipped inputs of a batch. */
  private final class Rows {
    private record Key(int sample, BitSet mask) {}

    private final float[] inputs;
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<Key> keys = new ArrayList<>();

    Rows(float[] inputs) {
      this.inputs = inputs;
    }

    void add(int sample, BitSet mask) {
      Key key = new Key(sample, mask);
      if (mask.cardinality() < grid.count() && !numbers.containsKey(key)) {
        Key kept = new Key(sample, (BitSet) mask.clone());
        numbers.put(kept, keys.size());
        keys.add(kept);
      }
    }

    int of(int sample, BitSet mask) {
      return numbers.get(new Key(sample, mask));
    }

    /** Rows x classes. */
    float[] predict() {
      LayerShape shape = model.description().input();
      int size = shape.features();
      float[] flipped = new float[Math.multiplyExact(keys.size(), size)];
      for (int row = 0; row < keys.size(); row++) {
        System.arraycopy(inputs, keys.get(row).sample * size, flipped, row * size, size);
        grid.zero(keys.get(row).mask, flipped, row * size, shape.channels());
      }
      return model.predict(flipped, keys.size());
    }
  }

  private void requireFitting(float[] inputs, int[] classes, List<int[][][]> rankings) {
    int available = model.description().classNames().size();
    if (rankings.isEmpty() || inputs.length < (long) classes.length * model.description().input().features()) {
      throw new IllegalArgumentException("patch flipping of " + classes.length + " inputs of " + model.description().input()
          + " needs at least one explanation and the values of all inputs, not " + rankings.size() + " and " + inputs.length + " values");
    }
    for (int sample = 0; sample < classes.length; sample++) {
      if (classes[sample] < 0 || classes[sample] >= available) {
        throw new IllegalArgumentException("class " + classes[sample] + " of input " + sample + " does not exist: the model has classes 0 to "
            + (available - 1));
      }
    }
    for (int[][][] one : rankings) {
      boolean fits = one.length == classes.length
          && Arrays.stream(one).allMatch(maps -> maps.length > 0 && Arrays.stream(maps).allMatch(this::isPermutation));
      if (!fits) {
        throw new IllegalArgumentException("patch flipping needs for each of the " + classes.length
            + " inputs at least one ranking, which holds each of the " + grid.count() + " patches once");
      }
    }
  }

  private boolean isPermutation(int[] ranking) {
    BitSet seen = new BitSet(grid.count());
    for (int patch : ranking) {
      if (patch < 0 || patch >= grid.count()) {
        return false;
      }
      seen.set(patch);
    }
    return ranking.length == grid.count() && seen.cardinality() == grid.count();
  }
}
