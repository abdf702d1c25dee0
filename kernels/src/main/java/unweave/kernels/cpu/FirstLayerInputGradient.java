package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * The gradient towards the one input channel of a first layer, 3 x 3 taps, behind 2 x 2 max-pooling and a division:
 *
 * <pre>dx[n,y,x] = sum over windows i,j and channels o: dy[n,i,j,o] / s(z[p,o]) * w[t,o],
 *             p the winner of the window and t the tap with p + t - pad = (y,x).</pre>
 *
 * <p>Each window has one winner for each channel, so three of four values between convolution and pooling are zero. They are never made: what a
 * window of a channel sends to the input is its quotient times the 3 x 3 weights, placed in the window's 4 x 4 {@linkplain VectorWindowPatches patch}
 * of the input by the winner's position. A task makes some rows of one image; the windows at the border of two tasks are computed twice.
 */
final class FirstLayerInputGradient {
  /** Rows of input that a task makes. */
  private static final int TASK_ROWS = 32;
  private static final int SIDE = VectorWindowPatches.SIDE;
  private static final int PATCH = VectorWindowPatches.PATCH;

  private final WorkerPool pool;
  private final Scratch tableScratch = new Scratch();
  private final ThreadLocal<Workspace> workspaces = ThreadLocal.withInitial(Workspace::new);

  FirstLayerInputGradient(WorkerPool pool) {
    this.pool = pool;
  }

  /** What a thread needs for a task: rows of dx, the quotients of one window, and the patches of one row of windows between two empty ones. */
  private static final class Workspace {
    private float[] rows = {};
    private float[] quotients = {};
    private float[] patches = {};
    private int[] places = {};

    void reserve(int rowValues, int patchValues, int channels) {
      rows = rows.length < rowValues ? new float[rowValues] : rows;
      quotients = quotients.length < channels ? new float[channels] : quotients;
      patches = patches.length < patchValues ? new float[patchValues] : patches;
      places = places.length < channels ? new int[channels] : places;
    }
  }

  /** Whether this way can be taken. */
  static boolean suits(ConvShape shape, PoolShape pooling) {
    return FirstLayer.suits(shape, pooling) && shape.padX() < 3 && VectorWindowPatches.fits(shape.outChannels());
  }

  /** @param reader told dx in pieces by the threads that computed them */
  void compute(ConvShape shape, PoolShape pooled, float[] dy, int[] winners, float eps, float[] z, float[] w,
      ConvolutionKernels.TileReader reader) {
    float[] table = tableScratch.atLeast(VectorWindowPatches.tableSize(shape.outChannels()));
    pool.runAlone(() -> VectorWindowPatches.fillTable(w, shape.outChannels(), table));
    int tasks = ConvTiles.ceilDivide(shape.inHeight(), TASK_ROWS);
    // Tasks of the same rows follow each other, since they share the denominators.
    pool.run(tasks * shape.batch(), task -> {
      int image = task % shape.batch();
      int first = task / shape.batch() * TASK_ROWS;
      int end = Math.min(shape.inHeight(), first + TASK_ROWS);
      float[] rows = rows(shape, pooled, image, first, end, dy, winners, eps, z, table);
      int firstOfAll = image * shape.inHeight() + first;
      reader.read(rows, firstOfAll * shape.inWidth(), firstOfAll, end - first);
    });
  }

  private float[] rows(ConvShape shape, PoolShape pooled, int image, int first, int end, float[] dy, int[] winners, float eps, float[] z,
      float[] table) {
    int channels = shape.outChannels();
    int width = shape.inWidth();
    int windows = pooled.outWidth();
    Workspace workspace = workspaces.get();
    workspace.reserve(TASK_ROWS * width, (windows + 2) * PATCH, channels);
    Arrays.fill(workspace.rows, 0, (end - first) * width, 0f);
    Arrays.fill(workspace.patches, 0, PATCH, 0f);
    Arrays.fill(workspace.patches, (windows + 1) * PATCH, (windows + 2) * PATCH, 0f);
    int recordedBatch = winners.length / (pooled.outHeight() * windows * channels);
    int firstWindows = Math.max(0, ConvTiles.ceilDivide(first + shape.padY() - (SIDE - 1), 2));
    int endWindows = Math.min(pooled.outHeight(), (end - 1 + shape.padY()) / 2 + 1);
    for (int i = firstWindows; i < endWindows; i++) {
      VectorWindowPatches.row(dy, (image * pooled.outHeight() + i) * windows * channels, winners,
          (image % recordedBatch * pooled.outHeight() + i) * windows * channels, channels, windows, 2 * i * pooled.inWidth(), pooled.inWidth(), eps, z,
          table, workspace.quotients, workspace.places, workspace.patches, PATCH);
      for (int r = 0; r < SIDE; r++) {
        int row = 2 * i - shape.padY() + r;
        if (row >= first && row < end) {
          addPatchRow(workspace.patches, r * SIDE, windows, workspace.rows, (row - first) * width, width, shape.padX());
        }
      }
    }
    return workspace.rows;
  }

  /**
   * Adds one row of all patches: that of window j lies at columns 2 j - pad to 2 j - pad + 3. It is patch j + 1, as the first one is empty, and so is the
   * last.
   */
  private static void addPatchRow(float[] patches, int from, int windows, float[] rows, int start, int width, int pad) {
    int firstEven = (pad + 1) / 2;
    int endEven = Math.min(windows, (width - 1 + pad) / 2) + 1;
    for (int j = firstEven, at = from + firstEven * PATCH; j < endEven; j++, at += PATCH) {
      rows[start + 2 * j - pad] += patches[at + PATCH] + patches[at + 2];
    }
    int firstOdd = pad / 2;
    int endOdd = Math.min(windows, (width - 2 + pad) / 2) + 1;
    for (int j = firstOdd, at = from + firstOdd * PATCH; j < endOdd; j++, at += PATCH) {
      rows[start + 2 * j + 1 - pad] += patches[at + PATCH + 1] + patches[at + 3];
    }
  }
}
