package unweave.explain.frontend;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import unweave.audio.spectral.FramingSettings;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelFilterBank;
import unweave.audio.spectral.SpectralFrontEnd;

/**
 * Checkpoints often hold the window and the filter bank that the network was trained with. They are compared with those
 * of the front end that the user names: a wrong front end gives wrong explanations without any other sign.
 */
public final class CheckpointTensors {
    /** A difference of more than this part of the largest value counts; banks computed in float32 differ by 1e-4. */
    private static final double TOLERANCE = 1e-3;

    private CheckpointTensors() {}

    /** Whether a tensor of this name is a window or a filter bank. */
    public static boolean knows(String name) {
        return isWindow(name) || isBank(name);
    }

    private static boolean isWindow(String name) {
        return lastIs(name, "window") || lastIs(name, "window_fn") || name.endsWith("stft.conv_real.weight");
    }

    private static boolean isBank(String name) {
        return lastIs(name, "fb") || lastIs(name, "melW") || lastIs(name, "mel_basis");
    }

    private static boolean lastIs(String name, String last) {
        return name.substring(name.lastIndexOf('.') + 1).equals(last);
    }

    /**
     * Compares a tensor of a checkpoint with a front end.
     *
     * @param name of the tensor, which {@link #knows} knows
     * @param shape of a window [n]; of a bank [bins][mels] or [mels][bins]; of a transform as a convolution
     *     [bins][1][n], whose row 0 is the window
     * @param values not modified
     * @return one line that says where they differ most and by how much; empty if they agree
     */
    public static Optional<String> difference(FrontEnd frontEnd, String name, int[] shape, float[] values) {
        return difference(frontEnd, shape, values, isWindow(name)).map(difference -> name + ": " + difference);
    }

    private static Optional<String> difference(FrontEnd frontEnd, int[] shape, float[] values, boolean isWindow) {
        if (frontEnd instanceof LogMel logMel) {
            int length = logMel.settings().fftLength();
            float[] window = logMel.settings().window().samples(length);
            return isWindow ? window(window, 0, length, values, shape) : bank(logMel.filterBank(), values, shape);
        }
        if (!(frontEnd instanceof SpectralFrontEnd spectral)) {
            return Optional.of("the checkpoint holds a spectrogram's " + (isWindow ? "window" : "filter bank")
                    + ", but the front end makes none");
        }
        if (isWindow) {
            FramingSettings framing = spectral.settings().framing();
            return window(spectral.window(), framing.windowStart(), framing.windowLength(), values, shape);
        }
        return spectral.filterBank()
                .map(bank -> bank(bank, values, shape))
                .orElse(Optional.of("the checkpoint holds a filter bank, but the front end has none"));
    }

    /**
     * @param own the window among the zeros of its frame
     * @param start where it begins there
     */
    private static Optional<String> window(float[] own, int start, int length, float[] values, int[] shape) {
        int stored = shape[shape.length - 1];
        float[] theirs = Arrays.copyOf(values, stored);
        if (stored == own.length && stored != length) {
            return largest(own, theirs, i -> "sample " + i);
        }
        if (stored != length) {
            return Optional.of("a window of " + stored + " samples, but the front end's has " + length);
        }
        return largest(Arrays.copyOfRange(own, start, start + length), theirs, i -> "sample " + i);
    }

    private static Optional<String> bank(MelFilterBank bank, float[] values, int[] shape) {
        int bins = bank.bins();
        int mels = bank.mels();
        int rows = shape.length < 2 ? 0 : shape[shape.length - 2];
        int columns = shape[shape.length - 1];
        boolean binsFirst = rows == bins && columns == mels;
        if (values.length != bins * mels || (!binsFirst && (rows != mels || columns != bins))) {
            return Optional.of("a filter bank of " + Arrays.toString(shape) + ", but the front end's has " + bins
                    + " bins and " + mels + " mels");
        }
        float[] own = new float[values.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = (float) (binsFirst ? bank.weight(i / mels, i % mels) : bank.weight(i % bins, i / bins));
        }
        return largest(
                own,
                values,
                i -> binsFirst ? "bin " + i / mels + ", mel " + i % mels : "mel " + i / bins + ", bin " + i % bins);
    }

    private interface Place {
        String of(int index);
    }

    private static Optional<String> largest(float[] own, float[] theirs, Place place) {
        int at = 0;
        double most = 0;
        double size = 0;
        for (int i = 0; i < own.length; i++) {
            double difference = Math.abs((double) own[i] - theirs[i]);
            size = Math.max(size, Math.max(Math.abs(own[i]), Math.abs(theirs[i])));
            if (!(difference <= most)) {
                most = difference;
                at = i;
            }
        }
        if (most <= TOLERANCE * size) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "differs from the front end's most at %s: %.6g in the checkpoint, %.6g in the front end",
                place.of(at),
                theirs[at],
                own[at]));
    }
}
