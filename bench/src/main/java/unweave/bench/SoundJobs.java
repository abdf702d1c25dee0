package unweave.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import unweave.audio.augment.Augmentation;
import unweave.audio.random.SeededRandom;
import unweave.audio.sonify.RelevanceMask;
import unweave.audio.sonify.Sonification;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelInverse;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.audio.synthetic.SyntheticSet;
import unweave.explain.data.Parallel;
import unweave.explain.progress.Progress;

/** From sound to log-mel inputs, and from explanations back to sound. */
final class SoundJobs {
    /** The standard heatmap and four concepts. */
    private static final int EXPLANATIONS = 5;

    private static final int SYNTHETIC_SAMPLES = 4000;
    /** A run makes a tenth of the set. */
    private static final int SYNTHETIC_RUNS = 10;

    /** Number of augmented inputs in a run; each gets other changes. */
    private static final int AUGMENTED_INPUTS = 32;

    private SoundJobs() {}

    static List<Job> all() {
        return List.of(
                new Job("log-mel of a toy input", 0, 1, (backend, threads) -> logMel()),
                new Job("augmented gtzan input", 0, 1.0 / AUGMENTED_INPUTS, (backend, threads) -> augmentedInputs()),
                new Job(
                        "synthetic set, 4,000 samples to log-mel",
                        0,
                        SYNTHETIC_RUNS,
                        (backend, threads) -> syntheticSet(threads)),
                new Job(
                        "5 explanation sounds of 3 s, pseudo-inverse",
                        0,
                        1,
                        (backend, threads) -> explanations(MelInverse.Method.PSEUDO_INVERSE, threads)),
                new Job(
                        "5 explanation sounds of 3 s, least squares",
                        0,
                        1,
                        (backend, threads) -> explanations(MelInverse.Method.LEAST_SQUARES, threads)));
    }

    private static PreparedJob logMel() {
        LogMel frontEnd = new LogMel(SpectrogramSettings.toy());
        float[] signal = new SyntheticGenerator().generate(0, 1).signal();
        return () -> sum(frontEnd.logMel(signal));
    }

    /** The augmentation of 3 s of a track in training, on one thread; every run makes the same changes. */
    private static PreparedJob augmentedInputs() {
        SpectrogramSettings settings = SpectrogramSettings.gtzan();
        LogMel frontEnd = new LogMel(settings);
        float[] signal = chord(settings);
        return () -> {
            double sum = 0;
            for (int i = 0; i < AUGMENTED_INPUTS; i++) {
                SeededRandom random = new SeededRandom(i);
                float[] mel = frontEnd.mel(Augmentation.GTZAN.waveform(signal, random));
                float[] logMel =
                        frontEnd.logarithm(Augmentation.GTZAN.mel(mel, settings.mels(), settings.frames(), random));
                Augmentation.GTZAN.logMel(logMel, settings.mels(), settings.frames(), random);
                sum += sum(logMel);
            }
            return sum;
        };
    }

    private static PreparedJob syntheticSet(int threads) {
        LogMel frontEnd = new LogMel(SpectrogramSettings.toy());
        int samples = SYNTHETIC_SAMPLES / SYNTHETIC_RUNS;
        SyntheticSet set = new SyntheticSet(new SyntheticGenerator(), samples / SyntheticGenerator.CLASSES, 1);
        float[][] inputs = new float[samples][];
        return () -> {
            run(inputs.length, threads, i -> inputs[i] = frontEnd.logMel(set.signal(i)));
            return sum(inputs[inputs.length - 1]);
        };
    }

    private static void run(int count, int threads, Parallel.Task task) {
        try {
            Parallel.run(count, threads, Progress.none(), task);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PreparedJob explanations(MelInverse.Method method, int threads) {
        SpectrogramSettings settings = SpectrogramSettings.gtzan();
        LogMel frontEnd = new LogMel(settings);
        Sonification sonification =
                new Sonification(frontEnd, new RelevanceMask(), new MelInverse(frontEnd.filterBank()), method);
        FrontEnd.Analysis original = frontEnd.analyse(chord(settings));
        float[][] maps = new float[EXPLANATIONS][];
        for (int i = 0; i < maps.length; i++) {
            maps[i] = relevance(settings, i);
        }
        float[][] sounds = new float[EXPLANATIONS][];
        return () -> {
            run(EXPLANATIONS, threads, i -> sounds[i] = sonification.sound(original, maps[i]));
            return sum(sounds[EXPLANATIONS - 1]);
        };
    }

    /** Harmonics of three tones, some noise. */
    private static float[] chord(SpectrogramSettings settings) {
        SplittableRandom random = new SplittableRandom(1);
        float[] signal = new float[settings.samples()];
        for (int i = 0; i < signal.length; i++) {
            double value = 0.05 * random.nextGaussian();
            for (double pitch : new double[] {220, 277.2, 329.6}) {
                for (int harmonic = 1; harmonic <= 5; harmonic++) {
                    value += Math.sin(2 * Math.PI * pitch * harmonic * i / settings.sampleRate()) / harmonic;
                }
            }
            signal[i] = (float) value;
        }
        return signal;
    }

    private static float[] relevance(SpectrogramSettings settings, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] map = new float[settings.mels() * settings.frames()];
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) random.nextGaussian();
        }
        return map;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
