package unweave.audio.synthetic;

import java.util.List;

/**
 * The background of the sound objects (Harck 2024, D.2.1).
 *
 * @param objectCounts probabilities of 1, 2, 3 and 4 objects in a sample
 * @param fewestSounds least number of random sounds
 * @param mostSounds largest number of random sounds
 * @param frequencyScale mean of the exponential distribution of a random sound's frequency, in Hz
 * @param distance least distance of a random sound's frequency from the carrier ranges of the class' objects, in Hz
 * @param noiseStrength standard deviation of the Gaussian noise, before the sample is scaled to a peak of 1
 */
public record SyntheticParameters(
        List<Double> objectCounts,
        int fewestSounds,
        int mostSounds,
        double frequencyScale,
        int distance,
        double noiseStrength) {

    /** The values of the thesis. It gives two noise strengths, 0.1 in 4.1.1 and 0.01 in D.2.1; this is the second. */
    public static final SyntheticParameters DEFAULT =
            new SyntheticParameters(List.of(0.5, 0.2, 0.2, 0.1), 3, 5, 2000, 50, 0.01);

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
        if (!(frequencyScale > 0) || distance < 0 || distance > 500 || !(noiseStrength >= 0)) {
            throw new IllegalArgumentException("the frequency scale is positive, the distance 0 to 500 Hz, "
                    + "the noise strength not negative; not " + frequencyScale + ", " + distance + ", "
                    + noiseStrength);
        }
    }

    /** The same with another noise strength. */
    public SyntheticParameters withNoiseStrength(double strength) {
        return new SyntheticParameters(objectCounts, fewestSounds, mostSounds, frequencyScale, distance, strength);
    }
}
