package unweave.lrp.attributor;

import java.util.Arrays;
import unweave.engine.model.Model;
import unweave.kernels.BadInputException;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.Target;

/**
 * Occlusion (Zeiler and Fergus 2014): how much the target falls when a window of the input is replaced by a constant.
 * Where windows overlap, a bin receives the mean of theirs.
 */
public final class Occlusion implements Attributor {
    private static final int BATCH = 64;

    private final int height;
    private final int width;
    private final int stride;
    private final float baseline;

    /**
     * @param height of the window, in rows (mel bins)
     * @param width of the window, in columns (frames)
     * @param stride from one window to the next, in both directions; the last ones end at the border
     * @param baseline what stands in an occluded bin, such as silence (-4 in log-mel)
     */
    public Occlusion(int height, int width, int stride, float baseline) {
        if (height < 1 || width < 1 || stride < 1 || stride > Math.min(height, width) || !Float.isFinite(baseline)) {
            throw new BadInputException("an occlusion window of " + height + " x " + width + " with stride "
                    + stride + " and baseline " + baseline
                    + ": sizes are at least 1, the stride is not above them, and the baseline is a number");
        }
        this.height = height;
        this.width = width;
        this.stride = stride;
        this.baseline = baseline;
    }

    @Override
    public String name() {
        return "occlusion, windows of " + height + " x " + width;
    }

    @Override
    public Attribution attribute(Model model, float[] inputs, int n, Target target) {
        Attributor.requireInputs(model, inputs, n, target);
        int size = inputs.length / n;
        float[] maps = new float[inputs.length];
        float[] logits = model.predict(inputs, n);
        for (int i = 0; i < n; i++) {
            float[] input = Arrays.copyOfRange(inputs, i * size, (i + 1) * size);
            System.arraycopy(
                    map(model, input, target.range(i, i + 1), target.value(logits, i)), 0, maps, i * size, size);
        }
        return Gradients.attribution(model, n, target, maps, logits);
    }

    private float[] map(Model model, float[] input, Target target, float whole) {
        int rows = model.description().input().height();
        int columns = model.description().input().width();
        int channels = model.description().input().channels();
        int[] tops = starts(rows, height);
        int[] lefts = starts(columns, width);
        double[] sums = new double[rows * columns];
        int[] counts = new int[rows * columns];
        int windows = tops.length * lefts.length;
        for (int first = 0; first < windows; first += BATCH) {
            int count = Math.min(BATCH, windows - first);
            float[] occluded = new float[count * input.length];
            for (int i = 0; i < count; i++) {
                System.arraycopy(input, 0, occluded, i * input.length, input.length);
                occlude(
                        occluded,
                        i * input.length,
                        tops[(first + i) / lefts.length],
                        lefts[(first + i) % lefts.length],
                        rows,
                        columns,
                        channels);
            }
            float[] logits = model.predict(occluded, count);
            for (int i = 0; i < count; i++) {
                float[] own =
                        Arrays.copyOfRange(logits, i * (logits.length / count), (i + 1) * (logits.length / count));
                double fall = whole - target.value(own, 0);
                add(
                        fall,
                        tops[(first + i) / lefts.length],
                        lefts[(first + i) % lefts.length],
                        rows,
                        columns,
                        sums,
                        counts);
            }
        }
        float[] map = new float[input.length];
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) (sums[i / channels] / counts[i / channels]);
        }
        return map;
    }

    /** Where windows begin along an axis: every stride, and one that ends at the border. */
    private int[] starts(int length, int window) {
        int last = Math.max(0, length - window);
        int count = (last + stride - 1) / stride + 1;
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = Math.min(i * stride, last);
        }
        return starts;
    }

    private void occlude(float[] values, int offset, int top, int left, int rows, int columns, int channels) {
        for (int y = top; y < Math.min(rows, top + height); y++) {
            int from = offset + (y * columns + left) * channels;
            Arrays.fill(values, from, from + Math.min(width, columns - left) * channels, baseline);
        }
    }

    private void add(double fall, int top, int left, int rows, int columns, double[] sums, int[] counts) {
        for (int y = top; y < Math.min(rows, top + height); y++) {
            for (int x = left; x < Math.min(columns, left + width); x++) {
                sums[y * columns + x] += fall;
                counts[y * columns + x]++;
            }
        }
    }
}
