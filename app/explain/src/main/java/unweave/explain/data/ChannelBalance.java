package unweave.explain.data;

import java.util.Locale;
import java.util.Optional;

/**
 * Whether the channels of a sound cancel each other in their mean, as they do where one is the other turned over:
 *
 * <pre>
 *   r = sum over n of (mean over c of x_c[n])^2  /  sum over n of mean over c of x_c[n]^2
 * </pre>
 *
 * which is 1 for equal channels and 1 / C for C independent ones. Fed block by block, in order; for one thread.
 */
public final class ChannelBalance {
    /** Below this r (-60 dB) the mean holds rounding errors and noise instead of the sound. */
    private static final double NOTHING_LEFT = 1e-6;
    /** Below this part (-15 dB) of what independent channels have, much of the sound is lost. */
    private static final double MUCH_LOST = 0.03;

    private static final String REMEDY = "keep one of them: ffmpeg -i FILE -af \"pan=mono|c0=c0\" NEW.wav";

    private int channels;
    private double ofMean;
    private double ofChannels;

    /**
     * The next samples.
     *
     * @param block [channel][sample]; not modified
     * @param count samples per channel, from 0 on
     */
    public void add(float[][] block, int count) {
        channels = block.length;
        for (int n = 0; n < count; n++) {
            double sum = 0;
            double squares = 0;
            for (float[] channel : block) {
                sum += channel[n];
                squares += (double) channel[n] * channel[n];
            }
            ofMean += sum / channels * (sum / channels);
            ofChannels += squares / channels;
        }
    }

    /** Whether next to nothing of the channels is left in their mean. */
    public boolean cancels() {
        return channels > 1 && ofChannels > 0 && ofMean <= NOTHING_LEFT * ofChannels;
    }

    /** Why a sound whose channels cancel each other is refused. */
    public static String problem(String name) {
        return name + ": its channels cancel each other, so that their mean is silent; " + REMEDY;
    }

    /** What to know of a sound whose channels cancel each other in large part; one line. */
    public Optional<String> remark(String name) {
        if (channels < 2 || cancels() || ofMean * channels >= MUCH_LOST * ofChannels) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%s: its channels cancel each other in part, their mean is %.0f dB below them; %s",
                name,
                -10 * Math.log10(ofMean / ofChannels),
                REMEDY));
    }
}
