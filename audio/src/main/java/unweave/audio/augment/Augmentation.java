package unweave.audio.augment;

import java.util.List;
import java.util.Optional;
import unweave.audio.random.SeededRandom;

/**
 * The changes of a training sample, in this order (Harck 2024, A.1): each {@link Step} on the waveform with its
 * probability; always the time stretch, on the mel magnitudes; always one time and one frequency mask on the log-mel.
 *
 * <p>Each sample of each epoch has its own generator ({@link SeededRandom#of}), which the three methods use in turn.
 * The same seed therefore gives the same samples, whatever the number of threads. Immutable.
 *
 * @param steps changes of the waveform, in order
 * @param timeStretch change of the mel magnitudes, or empty for none
 * @param timeMask mask of the log-mel, or empty for none
 * @param frequencyMask mask of the log-mel, or empty for none
 */
public record Augmentation(
        List<Step> steps,
        Optional<TimeStretch> timeStretch,
        Optional<TimeMask> timeMask,
        Optional<FrequencyMask> frequencyMask) {

    /** One change of the waveform and how often it is made. */
    public record Step(double probability, WaveformAugmentation change) {}

    /** No augmentation. */
    public static final Augmentation NONE =
            new Augmentation(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Masks of up to 10 bins, for the synthetic set. */
    public static final Augmentation TOY = new Augmentation(
            List.of(), Optional.empty(), Optional.of(new TimeMask(10)), Optional.of(new FrequencyMask(10)));

    /** Table A.1 for music at 16 kHz. */
    public static final Augmentation GTZAN = new Augmentation(
            List.of(
                    new Step(0.5, new Gain(-12, 3)),
                    new Step(0.3, new PitchShift(-12, 12)),
                    new Step(0.4, new HighOrLowPass(16000, 200, 1400, 1400, 4000)),
                    new Step(0.3, new GaussianNoise(0.001, 0.1))),
            Optional.of(new TimeStretch(0.8, 1.2)),
            Optional.of(new TimeMask(20)),
            Optional.of(new FrequencyMask(20)));

    public Augmentation {
        steps = List.copyOf(steps);
    }

    /** The changed waveform; the signal itself is not modified, and is returned when nothing is done to it. */
    public float[] waveform(float[] signal, SeededRandom random) {
        float[] changed = signal;
        for (Step step : steps) {
            if (random.chance(step.probability())) {
                changed = step.change().apply(changed, random);
            }
        }
        return changed;
    }

    /**
     * The stretched mel magnitudes; without a time stretch the first frames.
     *
     * @param mel [mels][any number of frames]. Not modified.
     * @param frames number of frames of the result, zeros where {@code mel} has no more
     * @return [mels][frames]
     */
    public float[] mel(float[] mel, int mels, int frames, SeededRandom random) {
        if (timeStretch.isPresent()) {
            return timeStretch.get().apply(mel, mels, frames, random);
        }
        int given = mel.length / mels;
        float[] first = new float[mels * frames];
        for (int band = 0; band < mels; band++) {
            System.arraycopy(mel, band * given, first, band * frames, Math.min(given, frames));
        }
        return first;
    }

    /** Masks a log-mel [mels][frames] in place. */
    public void logMel(float[] logMel, int mels, int frames, SeededRandom random) {
        timeMask.ifPresent(mask -> mask.apply(logMel, mels, frames, random));
        frequencyMask.ifPresent(mask -> mask.apply(logMel, mels, frames, random));
    }
}
