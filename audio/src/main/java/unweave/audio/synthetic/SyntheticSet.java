package unweave.audio.synthetic;

import java.util.stream.IntStream;
import unweave.audio.random.SeededRandom;

/**
 * The synthetic data set and its split: of each class 70 % of the samples train, 10 % validate, the rest tests. Samples
 * are made when asked for, each from a seed of its own, so in any order and by any number of threads; nothing is kept.
 *
 * <p>Sample i is of class i / samplesPerClass. The split takes the samples of a class in order: they are independent,
 * so shuffling would change nothing.
 */
public final class SyntheticSet {
    /** Samples per class in the thesis. */
    public static final int SAMPLES_PER_CLASS = 2000;

    private static final int SET_STREAM = 0;
    private static final int COMPLETE_STREAM = 1;

    private final SyntheticGenerator generator;
    private final int samplesPerClass;
    private final long seed;

    /** @throws IllegalArgumentException with fewer than 10 samples per class, too few for the split */
    public SyntheticSet(SyntheticGenerator generator, int samplesPerClass, long seed) {
        if (samplesPerClass < 10) {
            throw new IllegalArgumentException(
                    "a synthetic set needs at least 10 samples per class to be split 70/10/20, not " + samplesPerClass);
        }
        this.generator = generator;
        this.samplesPerClass = samplesPerClass;
        this.seed = seed;
    }

    /** The set of the thesis: its parameters, {@value #SAMPLES_PER_CLASS} samples per class. */
    public SyntheticSet(long seed) {
        this(new SyntheticGenerator(), SAMPLES_PER_CLASS, seed);
    }

    /** Number of samples, of both classes together. */
    public int size() {
        return SyntheticGenerator.CLASSES * samplesPerClass;
    }

    /** The class of sample i, 0 or 1. */
    public int classIndex(int i) {
        if (i < 0 || i >= size()) {
            throw new IndexOutOfBoundsException("sample " + i + " of " + size());
        }
        return i / samplesPerClass;
    }

    /** Sample i. */
    public SyntheticSample sample(int i) {
        return generator.generate(classIndex(i), SeededRandom.seed(seed, SET_STREAM, i));
    }

    /** The signal of sample i alone, for those who need nothing else. */
    public float[] signal(int i) {
        return generator.signal(classIndex(i), SeededRandom.seed(seed, SET_STREAM, i));
    }

    /** The i-th of any number of further samples of a class that hold all four objects. None of them is in the set. */
    public SyntheticSample completeSample(int classIndex, int i) {
        boolean[] all = {true, true, true, true};
        return generator.generate(classIndex, SeededRandom.seed(seed, COMPLETE_STREAM, classIndex, i), all);
    }

    /** Indices of the samples to train with, ascending. */
    public int[] train() {
        return part(0, trainPerClass());
    }

    /** Indices of the samples to validate with, ascending. */
    public int[] validation() {
        return part(trainPerClass(), trainPerClass() + validationPerClass());
    }

    /** Indices of the samples to test with, ascending. */
    public int[] test() {
        return part(trainPerClass() + validationPerClass(), samplesPerClass);
    }

    private int trainPerClass() {
        return (int) (samplesPerClass * 7L / 10);
    }

    private int validationPerClass() {
        return samplesPerClass / 10;
    }

    private int[] part(int from, int to) {
        return IntStream.range(0, SyntheticGenerator.CLASSES)
                .flatMap(c -> IntStream.range(c * samplesPerClass + from, c * samplesPerClass + to))
                .toArray();
    }
}
