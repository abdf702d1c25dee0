package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The weights of a {@link Correlation} as {@link TableProduct} reads them: for every group and panel of columns a matrix of depth x (two
 * vectors of) columns, filled up with zeros. Also the way back, for gradients.
 */
final class ConvWeights {
  private final Correlation correlation;
  private final int depth;
  private final int columns;
  private final int panelColumns;
  /** Panels of one group. */
  final int panels;

  ConvWeights(Correlation correlation, int lanes) {
    this.correlation = correlation;
    depth = correlation.depth();
    columns = correlation.groupOutChannels();
    panelColumns = 2 * lanes;
    panels = ConvTiles.ceilDivide(columns, panelColumns);
  }

  /** Floats of the packed weights. */
  int packedSize() {
    return correlation.groups * panels * depth * panelColumns;
  }

  /** Columns of a panel with its filling, and so the distance between the rows of a packed one. */
  int panelStride() {
    return panelColumns;
  }

  /** Where a panel begins. */
  int panelStart(int group, int panel) {
    return (group * panels + panel) * depth * panelColumns;
  }

  /** Columns of a panel that are not filling. */
  int panelWidth(int panel) {
    return Math.min(panelColumns, columns - panel * panelColumns);
  }

  /** Floats of the packed bias. */
  int packedBiasSize() {
    return correlation.groups * panels * panelColumns;
  }

  /** Where the bias of a panel begins. */
  int biasStart(int group, int panel) {
    return (group * panels + panel) * panelColumns;
  }

  /** Writes the bias (one value per output channel before widening, of all groups) in packed order. */
  void packBias(float[] bias, float[] packed) {
    int channels = columns / correlation.widening;
    for (int group = 0; group < correlation.groups; group++) {
      int start = biasStart(group, 0);
      Arrays.fill(packed, start, start + panels * panelColumns, 0f);
      for (int column = 0; column < columns; column++) {
        packed[start + column] = bias[group * channels + column % channels];
      }
    }
  }

  /** Writes the weights kernelHeight x kernelWidth x groupChannels x outChannels from [wStart] in packed order. */
  void pack(float[] w, int wStart, float[] packed) {
    if (correlation.widening > 1 || columns % panelColumns != 0) {
      Arrays.fill(packed, 0, packedSize(), 0f);
    }
    int channels = correlation.groupInChannels();
    for (int group = 0; group < correlation.groups; group++) {
      for (int ky = 0; ky < correlation.tapY.length; ky++) {
        for (int u = 0; u < correlation.tapX.length; u++) {
          int k = (ky * correlation.tapX.length + u) * channels;
          for (int pixel = 0; pixel < correlation.widening; pixel++) {
            int kx = correlation.kernelColumn(u, pixel);
            if (kx >= 0 && correlation.towardsInput) {
              packReversed(w, wStart + sourceStart(group, ky, kx), packed, group, k, pixel);
            } else if (kx >= 0) {
              packTap(w, wStart + sourceStart(group, ky, kx), packed, group, k, pixel);
            }
          }
        }
      }
    }
  }

  /** Where the weights of a group and tap begin; towards the input, taps count from the other end. */
  private int sourceStart(int group, int ky, int kx) {
    int height = correlation.shape.kernelHeight();
    int width = correlation.shape.kernelWidth();
    int tap = correlation.towardsInput ? (height - 1 - ky) * width + width - 1 - kx : ky * width + kx;
    int outChannels = correlation.shape.outChannels();
    return tap * correlation.shape.groupChannels() * outChannels + group * (outChannels / correlation.groups);
  }

  private void packTap(float[] w, int from, float[] packed, int group, int k, int pixel) {
    int outChannels = correlation.shape.outChannels();
    int width = columns / correlation.widening;
    for (int panel = 0; panel < panels; panel++) {
      int first = Math.max(panel * panelColumns, pixel * width);
      int last = Math.min((panel + 1) * panelColumns, (pixel + 1) * width);
      if (first < last) {
        int to = panelStart(group, panel) + k * panelColumns + first - panel * panelColumns;
        for (int i = 0; i < correlation.groupInChannels(); i++) {
          System.arraycopy(w, from + i * outChannels + first - pixel * width, packed, to + i * panelColumns, last - first);
        }
      }
    }
  }

  /** As {@link #packTap}, where the columns are the input channels of the layer and k runs over its output channels. */
  private void packReversed(float[] w, int from, float[] packed, int group, int k, int pixel) {
    int outChannels = correlation.shape.outChannels();
    int width = columns / correlation.widening;
    for (int i = 0; i < width; i++) {
      int column = pixel * width + i;
      int to = panelStart(group, column / panelColumns) + k * panelColumns + column % panelColumns;
      for (int o = 0; o < correlation.groupInChannels(); o++) {
        packed[to + o * panelColumns] = w[from + i * outChannels + o];
      }
    }
  }

  /**
   * Sums the partial gradients of the weights of one tap, in order.
   *
   * @param partials one after the other, each groups x depth x group columns
   * @param ky row of the kernel
   * @param kx column of the kernel
   */
  void reduceTap(float[] partials, int partialCount, int partialSize, int ky, int kx, float[] dw, int dwStart) {
    int channels = correlation.groupInChannels();
    int outChannels = correlation.shape.outChannels();
    int width = columns / correlation.widening;
    for (int group = 0; group < correlation.groups; group++) {
      int to = dwStart + sourceStart(group, ky, kx);
      for (int i = 0; i < channels; i++) {
        Arrays.fill(dw, to + i * outChannels, to + i * outChannels + width, 0f);
      }
      for (int partial = 0; partial < partialCount; partial++) {
        for (int u = 0; u < correlation.tapX.length; u++) {
          for (int pixel = 0; pixel < correlation.widening; pixel++) {
            if (correlation.kernelColumn(u, pixel) == kx) {
              int row = (group * depth) + (ky * correlation.tapX.length + u) * channels;
              addRows(partials, partial * partialSize + row * columns + pixel * width, dw, to, channels, width);
            }
          }
        }
      }
    }
  }

  private void addRows(float[] partials, int from, float[] dw, int to, int rows, int width) {
    int outChannels = correlation.shape.outChannels();
    for (int i = 0; i < rows; i++) {
      for (int o = 0; o < width; o++) {
        dw[to + i * outChannels + o] += partials[from + i * columns + o];
      }
    }
  }
}
