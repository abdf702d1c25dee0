package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The weights of a {@link Correlation} as {@link TableProduct} reads them: for every group and panel of columns a
 * matrix of depth x (two vectors of) columns, filled up with zeros. Also the way back, for gradients.
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

    /** What the layout depends on, and how many weights there are. */
    record Key(
            int groups,
            int depth,
            int columns,
            int kernelWidth,
            int widening,
            int strideX,
            int dilationX,
            boolean towardsInput,
            boolean winograd,
            int first) {}

    /**
     * Tells layouts of the same weights apart.
     *
     * @param winograd whether they are transformed
     * @param first where the weights begin in their array
     */
    Key key(boolean winograd, int first) {
        return new Key(
                correlation.groups,
                depth,
                columns,
                correlation.shape.kernelWidth(),
                correlation.widening,
                correlation.widening > 1 ? correlation.strideX : 0,
                correlation.shape.dilationX(),
                correlation.towardsInput,
                winograd,
                first);
    }

    /** Panels of all groups. */
    int allPanels() {
        return correlation.groups * panels;
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

    /**
     * Writes the columns of one panel, all groups counted together, of the weights kernelHeight x kernelWidth x
     * groupChannels x outChannels that begin at [wStart], in packed order.
     */
    void packPanel(int panelOfAll, float[] w, int wStart, float[] packed) {
        int group = panelOfAll / panels;
        int panel = panelOfAll % panels;
        int start = panelStart(group, panel);
        if (correlation.widening > 1 || panelWidth(panel) < panelColumns) {
            Arrays.fill(packed, start, start + depth * panelColumns, 0f);
        }
        int pixelWidth = columns / correlation.widening;
        for (int tap = 0; tap < correlation.tapY.length * correlation.tapX.length; tap++) {
            int ky = tap / correlation.tapX.length;
            int tapStart = start + tap * correlation.groupInChannels() * panelColumns;
            for (int pixel = 0; pixel < correlation.widening; pixel++) {
                int kx = correlation.kernelColumn(tap % correlation.tapX.length, pixel);
                int first = Math.max(panel * panelColumns, pixel * pixelWidth);
                int last = Math.min((panel + 1) * panelColumns, (pixel + 1) * pixelWidth);
                if (kx >= 0 && first < last) {
                    int from = wStart + sourceStart(group, ky, kx);
                    int to = tapStart + first - panel * panelColumns;
                    if (correlation.towardsInput) {
                        packReversed(w, from, first - pixel * pixelWidth, last - first, packed, to);
                    } else {
                        packTap(w, from + first - pixel * pixelWidth, last - first, packed, to);
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

    private void packTap(float[] w, int from, int width, float[] packed, int to) {
        int outChannels = correlation.shape.outChannels();
        for (int i = 0; i < correlation.groupInChannels(); i++) {
            System.arraycopy(w, from + i * outChannels, packed, to + i * panelColumns, width);
        }
    }

    /**
     * As {@link #packTap}, where the columns are the input channels of the layer and k runs over its output channels.
     */
    private void packReversed(float[] w, int from, int firstChannel, int width, float[] packed, int to) {
        int outChannels = correlation.shape.outChannels();
        Transposition.transpose(
                width,
                correlation.groupInChannels(),
                w,
                from + firstChannel * outChannels,
                outChannels,
                packed,
                to,
                panelColumns);
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
                            addRows(
                                    partials,
                                    partial * partialSize + row * columns + pixel * width,
                                    dw,
                                    to,
                                    channels,
                                    width);
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
