package unweave.experiments.synthetic;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import unweave.audio.augment.Augmentation;
import unweave.audio.spectral.LogMel;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.audio.synthetic.SyntheticParameters;
import unweave.audio.synthetic.SyntheticSample;
import unweave.audio.synthetic.SyntheticSet;
import unweave.drsa.evaluation.Mixture;
import unweave.engine.train.TrainingData;
import unweave.explain.data.InputSet;
import unweave.explain.data.MelInputs;
import unweave.explain.data.Mixtures;
import unweave.explain.data.Parallel;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.kernels.Spans;

/** The synthetic set as network inputs. */
public final class SyntheticInputs {
    private final SyntheticSet set;
    private final LogMel frontEnd;
    private final int threads;
    private final Monitor monitor;

    public SyntheticInputs(SyntheticSet set, LogMel frontEnd, int threads, Monitor monitor) {
        this.set = set;
        this.frontEnd = frontEnd;
        this.threads = threads;
        this.monitor = monitor;
    }

    /**
     * The set of the thesis at another size.
     *
     * @throws BadInputException with fewer samples than can be split
     */
    public static SyntheticSet set(SyntheticParameters parameters, int samplesPerClass, long seed) {
        try {
            return new SyntheticSet(new SyntheticGenerator(parameters), samplesPerClass, seed);
        } catch (IllegalArgumentException e) { // the audio module knows of no BadInputException
            throw new BadInputException(e.getMessage(), e);
        }
    }

    /** The inputs of some samples of the set, in their order. */
    public InputSet inputs(String task, int[] samples) throws IOException {
        float[][] inputs = new float[samples.length][];
        try (Progress progress = monitor.progress(task, samples.length)) {
            Parallel.run(samples.length, threads, progress, i -> {
                try (Spans.Span span = monitor.spans().open("audio", "synthesis and log-mel")) {
                    inputs[i] = frontEnd.logMel(set.signal(samples[i]));
                }
            });
        }
        return new InputSet(
                frontEnd.settings().mels(),
                frontEnd.settings().frames(),
                inputs,
                Arrays.stream(samples).map(set::classIndex).toArray(),
                samples);
    }

    /**
     * Some samples of the set for training, changed at every visit.
     *
     * @param augmentation without changes of the waveform
     */
    public TrainingData augmented(String task, int[] samples, Augmentation augmentation) throws IOException {
        float[][] mels = new float[samples.length][];
        try (Progress progress = monitor.progress(task, samples.length)) {
            Parallel.run(samples.length, threads, progress, i -> {
                try (Spans.Span span = monitor.spans().open("audio", "synthesis and mel magnitudes")) {
                    mels[i] = frontEnd.mel(set.signal(samples[i]));
                }
            });
        }
        int[] labels = Arrays.stream(samples).map(set::classIndex).toArray();
        return new MelInputs(frontEnd, mels, labels, augmentation);
    }

    /** Further samples of a class that hold all four objects, none of them in the set. */
    public CompleteSamples complete(int classIndex, int count) throws IOException {
        SyntheticSample[] samples = new SyntheticSample[count];
        float[][] inputs = new float[count][];
        float[][][] objects = new float[count][SyntheticGenerator.OBJECTS][];
        float[][] backgrounds = new float[count][];
        Mixture[] mixtures = new Mixture[count];
        Parallel.run(count, threads, Progress.none(), i -> {
            samples[i] = set.completeSample(classIndex, i);
            inputs[i] = frontEnd.logMel(samples[i].signal());
            for (int object = 0; object < SyntheticGenerator.OBJECTS; object++) {
                objects[i][object] = mel(samples[i].objects()[object]);
            }
            backgrounds[i] = mel(samples[i].background());
            mixtures[i] = Mixtures.of(frontEnd, samples[i].objects(), samples[i].background());
        });
        int[] labels = new int[count];
        Arrays.fill(labels, classIndex);
        int[] origins = new int[count];
        Arrays.setAll(origins, i -> i);
        return new CompleteSamples(
                samples,
                new InputSet(frontEnd.settings().mels(), frontEnd.settings().frames(), inputs, labels, origins),
                objects,
                backgrounds,
                List.of(mixtures));
    }

    /**
     * Mixtures of further samples of a class that hold all four objects.
     *
     * @param first number of the first; {@link #complete} gives those from 0 on
     */
    public List<Mixture> mixtures(int classIndex, int first, int count) throws IOException {
        Mixture[] mixtures = new Mixture[count];
        Parallel.run(count, threads, Progress.none(), i -> {
            SyntheticSample sample = set.completeSample(classIndex, first + i);
            mixtures[i] = Mixtures.of(frontEnd, sample.objects(), sample.background());
        });
        return List.of(mixtures);
    }

    private float[] mel(float[] signal) {
        return frontEnd.mel(frontEnd.stft().forward(signal));
    }

    /**
     * Samples with all their ground truth.
     *
     * @param objects samples x objects x (mels x frames): mel magnitudes of every object alone
     * @param backgrounds samples x (mels x frames): mel magnitudes of the random sounds and the noise
     * @param mixtures every sample with and without each object
     */
    public record CompleteSamples(
            SyntheticSample[] samples,
            InputSet inputs,
            float[][][] objects,
            float[][] backgrounds,
            List<Mixture> mixtures) {}
}
