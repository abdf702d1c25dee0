package unweave.kernels.cuda;

import unweave.kernels.Floats;

/** Sums of rows, {@code sumRows.cu}: a group of lanes for a short row, blocks for the segments of a long one. */
final class RowSums {
  private static final int BLOCK = 256;
  private static final int LONGEST_FOR_LANES = 2048;
  /** Values of a row that one block sums; as in sumRows.cu. */
  private static final int SEGMENT = 16_384;
  /** Doubles lie in memory of floats. */
  private static final int FLOATS_PER_DOUBLE = 2;

  private final CudaDevice device;

  RowSums(CudaDevice device) {
    this.device = device;
  }

  /** @param positiveSums null if they are not wanted */
  void sum(int width, Floats x, Floats sums, Floats positiveSums) {
    int kinds = positiveSums == null ? 1 : 2;
    long rows = sums.size();
    if (width <= LONGEST_FOR_LANES) {
      int lanes = lanes(width);
      device.kernel("sumRows").value(width).value(lanes).in(x).in(sums).in(positiveSums).value(rows).over(rows * lanes)
          .work((double) kinds * x.size(), Float.BYTES * (double) (x.size() + kinds * rows)).run();
      return;
    }
    int segments = (width + SEGMENT - 1) / SEGMENT;
    try (Floats ofSegments = device.floats(FLOATS_PER_DOUBLE * rows * segments);
        Floats positive = kinds == 1 ? null : device.floats(ofSegments.size())) {
      device.kernel("sumRowSegments").value(width).in(x).in(ofSegments).in(positive).value(Math.toIntExact(rows))
          .grid(segments, Math.min(rows, 65_535), 1).block(BLOCK).work((double) kinds * x.size(), Float.BYTES * (double) x.size()).run();
      addSegments(segments, ofSegments, sums);
      if (positive != null) {
        addSegments(segments, positive, positiveSums);
      }
    }
  }

  private void addSegments(int segments, Floats ofSegments, Floats sums) {
    int lanes = lanes(segments);
    device.kernel("sumSegments").value(segments).value(lanes).in(ofSegments).in(sums).value(sums.size()).over(sums.size() * lanes)
        .work((double) segments * sums.size(), Float.BYTES * (double) (ofSegments.size() + sums.size())).run();
  }

  private static int lanes(int width) {
    return Math.min(32, ElementLaunches.powerOfTwoFrom(width));
  }
}
