package unweave.audio.synthetic;

import java.util.List;

/**
 * What the samples are made of (Harck 2024, D).
 *
 * @param objects which form the sound objects have
 * @param objectCounts probabilities of 1, 2, 3 and 4 objects in a sample
 * @param fewestSounds least number of random sounds
 * @param mostSounds largest number of random sounds
 * @param modulatedShare probability that a random sound has an envelope
 * @param frequencyScale mean of the exponential distribution of a random sound's frequency, in Hz
 * @param clamped whether a random sound above 8000 Hz is moved to 8000 Hz. Otherwise a frequency f above half the
 *     sample rate is heard folded, at 16000 - f between 8000 and 16000 Hz, and there it may lie near a carrier of its
 *     class
 * @param distance least distance of a random sound's frequency from the carrier ranges of the class' objects, in Hz
 * @param noiseStrength standard deviation of the Gaussian noise, before the sample is scaled to a peak of 1
 */
public record SyntheticParameters(
        Objects objects,
        List<Double> objectCounts,
        int fewestSounds,
        int mostSounds,
        double modulatedShare,
        double frequencyScale,
        boolean clamped,
        int distance,
        double noiseStrength) {

    /** Where the form of the sound objects comes from. */
    public enum Objects {
        /** The thesis' text (Table 4.1, D.1 and D.2). */
        OF_TEXT,
        /** The thesis' published code. */
        OF_CODE
    }

    /** The values of the thesis. It gives two noise strengths, 0.1 in 4.1.1 and 0.01 in D.2.1; this is the second. */
    public static final SyntheticParameters DEFAULT =
            new SyntheticParameters(Objects.OF_TEXT, List.of(0.5, 0.2, 0.2, 0.1), 3, 5, 0.5, 2000, true, 50, 0.01);

    /** The values of the thesis' published code, where they differ from its text. */
    public static final SyntheticParameters THESIS_CODE =
            new SyntheticParameters(Objects.OF_CODE, DEFAULT.objectCounts, 3, 6, 1.0 / 3, 2000, false, 50, 0.01);

    /** @throws IllegalArgumentException when a value makes no sense */
    public SyntheticParameters {
        objectCounts = List.copyOf(objectCounts);
        double sum = objectCounts.stream().mapToDouble(p -> p).sum();
        if (objectCounts.size() != 4 || objectCounts.stream().anyMatch(p -> !(p >= 0)) || Math.abs(sum - 1) > 1e-9) {
            throw new IllegalArgumentException(
                    "the probabilities of 1 to 4 objects are four numbers that add up to 1, not " + objectCounts);
        }
        if (fewestSounds < 0 || mostSounds < fewestSounds) {
            throw new IllegalArgumentException(
                    "cannot draw between " + fewestSounds + " and " + mostSounds + " random sounds");
        }
        if (!(modulatedShare >= 0 && modulatedShare <= 1)) {
            throw new IllegalArgumentException(
                    "the share of modulated random sounds is between 0 and 1, not " + modulatedShare);
        }
        if (!(frequencyScale > 0) || distance < 0 || distance > 500 || !(noiseStrength >= 0)) {
            throw new IllegalArgumentException("the frequency scale is positive, the distance 0 to 500 Hz, "
                    + "the noise strength not negative; not " + frequencyScale + ", " + distance + ", "
                    + noiseStrength);
        }
    }

    /** The same with another number of random sounds, between the two, both included. */
    public SyntheticParameters withSounds(int fewest, int most) {
        return new SyntheticParameters(
                objects, objectCounts, fewest, most, modulatedShare, frequencyScale, clamped, distance, noiseStrength);
    }

    /** The same with another noise strength. */
    public SyntheticParameters withNoiseStrength(double strength) {
        return new SyntheticParameters(
                objects,
                objectCounts,
                fewestSounds,
                mostSounds,
                modulatedShare,
                frequencyScale,
                clamped,
                distance,
                strength);
    }
}
