package unweave.audio.file;

import java.util.Objects;

/**
 * A sound in memory. The arrays are not copied: whoever makes a {@code Sound} from arrays leaves them alone afterwards.
 *
 * @param channels [channel][sample], full scale is -1 to 1; at least one channel, all of the same length
 * @param sampleRate samples per second and channel, in Hz; positive
 */
public record Sound(float[][] channels, int sampleRate) {

    /**
     * @throws IllegalArgumentException without channels, with channels of different lengths, or at a rate below 1 Hz
     */
    public Sound {
        Objects.requireNonNull(channels, "channels");
        if (channels.length == 0) {
            throw new IllegalArgumentException("a sound needs at least one channel");
        }
        for (float[] channel : channels) {
            if (channel.length != channels[0].length) {
                throw new IllegalArgumentException("channels of one sound have the same length, not "
                        + channels[0].length + " and " + channel.length + " samples");
            }
        }
        if (sampleRate < 1) {
            throw new IllegalArgumentException("the sample rate is at least 1 Hz, not " + sampleRate);
        }
    }

    /** A sound with one channel. */
    public static Sound ofMono(float[] samples, int sampleRate) {
        return new Sound(new float[][] {samples}, sampleRate);
    }

    /** Samples per channel. */
    public int length() {
        return channels[0].length;
    }

    /** Duration in seconds. */
    public double seconds() {
        return (double) length() / sampleRate;
    }

    /** The mean of the channels, as a new array of {@link #length()} samples. */
    public float[] mono() {
        if (channels.length == 1) {
            return channels[0].clone();
        }
        float[] mean = new float[length()];
        for (int n = 0; n < mean.length; n++) {
            double sum = 0;
            for (float[] channel : channels) {
                sum += channel[n];
            }
            mean[n] = (float) (sum / channels.length);
        }
        return mean;
    }
}
