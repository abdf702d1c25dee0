package unweave.kernels.cpu;

import java.util.ArrayList;
import java.util.List;

/** How the D columns of U, cut into K blocks, lie in panels of a fixed width. */
final class SubspaceColumns {
  private final int dimensions;
  private final int blockWidth;
  private final int width;
  private final int panels;
  private final List<Segment> segments = new ArrayList<>();

  /** Columns of one block that lie in one panel, from {@code lane} on. */
  record Segment(int block, int panel, int lane, int length) {}

  SubspaceColumns(int dimensions, int subspaces, int width) {
    this.dimensions = dimensions;
    this.blockWidth = dimensions / subspaces;
    this.width = width;
    panels = (dimensions + width - 1) / width;
    for (int block = 0; block < subspaces; block++) {
      int end = (block + 1) * blockWidth;
      for (int i = block * blockWidth, next; i < end; i = next) {
        next = Math.min(end, (i / width + 1) * width);
        segments.add(new Segment(block, i / width, i % width, next - i));
      }
    }
  }

  int width() {
    return width;
  }

  int panels() {
    return panels;
  }

  /** Columns of all panels together. */
  int padded() {
    return panels * width;
  }

  List<Segment> segments() {
    return segments;
  }

  int firstBlock(int panel) {
    return panel * width / blockWidth;
  }

  int lastBlock(int panel) {
    return (Math.min(dimensions, (panel + 1) * width) - 1) / blockWidth;
  }

  /** Writes the D x D matrix that begins at {@code from} as panels: panel, row, lane. The padding of {@code packed} is not touched. */
  void pack(float[] u, int from, float[] packed) {
    for (int panel = 0; panel < panels; panel++) {
      int first = panel * width;
      int length = Math.min(width, dimensions - first);
      for (int j = 0; j < dimensions; j++) {
        System.arraycopy(u, from + j * dimensions + first, packed, (panel * dimensions + j) * width, length);
      }
    }
  }
}
