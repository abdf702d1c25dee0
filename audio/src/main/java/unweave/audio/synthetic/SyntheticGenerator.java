package unweave.audio.synthetic;

import java.util.List;
import unweave.audio.memory.WorkingMemory;
import unweave.audio.random.SeededRandom;

/**
 * Makes the samples of the synthetic data set (Harck 2024, appendix D): 1 to 4 sound objects of a class, random sounds,
 * noise, scaled to a peak of 1. A random sound has an amplitude uniform in [0.1, 1], and some have an envelope of 40 to
 * 100 Hz.
 *
 * <p>Immutable; several threads may use one instance at the same time. A sample depends on the parameters, its class
 * and its seed only. Each of its parts has a random stream of its own, so that a sample with other objects has the same
 * background.
 */
public final class SyntheticGenerator {
    /** Classes that can be generated. */
    public static final int CLASSES = 2;
    /** Sound objects of a class. */
    public static final int OBJECTS = 4;
    /** Samples of a signal. */
    public static final int LENGTH = Sinusoid.N;
    /** In Hz. */
    public static final int SAMPLE_RATE = Sinusoid.N;

    private static final int CHOICE_STREAM = 0;
    private static final int SOUND_STREAM = 1;
    private static final int NOISE_STREAM = 2;
    private static final int OBJECT_STREAM = 3;

    private final SyntheticParameters parameters;
    /** One object at a time, [LENGTH], before it is added. */
    private final WorkingMemory<float[]> object = new WorkingMemory<>(() -> new float[LENGTH]);

    public SyntheticGenerator(SyntheticParameters parameters) {
        this.parameters = parameters;
    }

    /** A generator with the thesis' parameters. */
    public SyntheticGenerator() {
        this(SyntheticParameters.DEFAULT);
    }

    /**
     * One kind of object (thesis Table 4.1); all ranges in Hz, ends included.
     *
     * @param lowest lowest frequency of the carrier
     * @param highest highest frequency of the carrier
     * @param slowest lowest frequency of the modulation
     * @param fastest highest frequency of the modulation
     */
    public record ObjectKind(String name, int lowest, int highest, int slowest, int fastest) {}

    /** The four objects of a class, with the ranges that they are drawn from. */
    public static List<ObjectKind> objects(int classIndex) {
        return kindsOf(classIndex, SyntheticParameters.DEFAULT).stream()
                .map(kind -> new ObjectKind(kind.name(), kind.lowest(), kind.highest(), kind.slowest(), kind.fastest()))
                .toList();
    }

    /** The names of the four objects of a class. */
    public static List<String> objectNames(int classIndex) {
        return objects(classIndex).stream().map(ObjectKind::name).toList();
    }

    /**
     * The sample of a class and a seed.
     *
     * @throws IllegalArgumentException for a class other than 0 and 1
     */
    public SyntheticSample generate(int classIndex, long seed) {
        return generate(classIndex, seed, chooseObjects(SeededRandom.of(seed, CHOICE_STREAM)));
    }

    /**
     * The sample of a class and a seed, but with exactly the given objects.
     *
     * @param used [4], not modified
     * @throws IllegalArgumentException for a class other than 0 and 1, or another number of objects
     */
    public SyntheticSample generate(int classIndex, long seed, boolean[] used) {
        List<SoundObject> kinds = kindsOf(classIndex, parameters);
        if (used.length != OBJECTS) {
            throw new IllegalArgumentException("a class has " + OBJECTS + " objects, not " + used.length);
        }
        float[] background = background(kinds, seed);
        float[] signal = background.clone();
        float[][] objects = new float[OBJECTS][];
        for (int i = 0; i < OBJECTS; i++) {
            if (used[i]) {
                objects[i] = kinds.get(i).draw(SeededRandom.of(seed, OBJECT_STREAM, i));
                add(objects[i], signal);
            }
        }
        scaleToPeakOne(signal, objects, background);
        return new SyntheticSample(classIndex, signal, used.clone(), objects, background);
    }

    /**
     * The signal of {@link #generate(int, long)}, the same bytes, without the parts that it is the sum of.
     *
     * @throws IllegalArgumentException for a class other than 0 and 1
     */
    public float[] signal(int classIndex, long seed) {
        List<SoundObject> kinds = kindsOf(classIndex, parameters);
        boolean[] used = chooseObjects(SeededRandom.of(seed, CHOICE_STREAM));
        float[] signal = background(kinds, seed);
        object.use(own -> {
            for (int i = 0; i < OBJECTS; i++) {
                if (used[i]) {
                    kinds.get(i).draw(SeededRandom.of(seed, OBJECT_STREAM, i), own);
                    add(own, signal);
                }
            }
        });
        scaleToPeakOne(signal, new float[0][]);
        return signal;
    }

    /** Noise and random sounds. */
    private float[] background(List<SoundObject> kinds, long seed) {
        float[] background = noise(SeededRandom.of(seed, NOISE_STREAM));
        addRandomSounds(kinds, background, SeededRandom.of(seed, SOUND_STREAM));
        return background;
    }

    private static List<SoundObject> kindsOf(int classIndex, SyntheticParameters parameters) {
        if (classIndex < 0 || classIndex >= CLASSES) {
            throw new IllegalArgumentException("the synthetic set has classes 0 and 1, not " + classIndex);
        }
        return SoundObjects.of(parameters.objects()).get(classIndex);
    }

    /** Draws the number of objects, then a subset of that size; all are equally likely. */
    private boolean[] chooseObjects(SeededRandom random) {
        double u = random.uniform();
        int count = 1;
        for (double sum = parameters.objectCounts().get(0); count < OBJECTS && u >= sum; count++) {
            sum += parameters.objectCounts().get(count);
        }
        int[] order = random.permutation(OBJECTS);
        boolean[] used = new boolean[OBJECTS];
        for (int i = 0; i < count; i++) {
            used[order[i]] = true;
        }
        return used;
    }

    private void addRandomSounds(List<SoundObject> kinds, float[] signal, SeededRandom random) {
        int count = random.integer(parameters.fewestSounds(), parameters.mostSounds());
        for (int i = 0; i < count; i++) {
            int frequency = randomFrequency(kinds, random) % SAMPLE_RATE; // the same samples, with any frequency
            Sinusoid tone = Sinusoid.atRandomPhase(frequency, random);
            float amplitude = (float) random.uniform(0.1, 1);
            if (random.chance(parameters.modulatedShare())) {
                Sinusoid envelope = Sinusoid.draw(40, 100, random);
                tone.addTo(signal, amplitude, envelope, SoundObjects.depth(random), 2);
            } else {
                tone.addTo(signal, amplitude);
            }
        }
    }

    /**
     * Exponential (thesis Eq. D.7), rounded, at least 1 Hz, where clamped at most 8000 Hz; drawn again while it is near
     * a carrier of the class.
     */
    int randomFrequency(List<SoundObject> kinds, SeededRandom random) {
        double highest = parameters.clamped() ? SAMPLE_RATE / 2.0 : Double.POSITIVE_INFINITY;
        while (true) {
            double drawn = random.exponential(parameters.frequencyScale());
            int frequency = (int) Math.max(1, Math.min(highest, Math.rint(drawn)));
            if (kinds.stream().noneMatch(kind -> kind.isNear(frequency, parameters.distance()))) {
                return frequency;
            }
        }
    }

    private float[] noise(SeededRandom random) {
        float[] noise = new float[LENGTH];
        for (int n = 0; n < LENGTH; n++) {
            noise[n] = (float) (parameters.noiseStrength() * random.gaussian());
        }
        return noise;
    }

    private static void add(float[] part, float[] sum) {
        for (int n = 0; n < sum.length; n++) {
            sum[n] += part[n];
        }
    }

    /** A.1, applied to the signal and to its parts alike; those that are null are not used. */
    private static void scaleToPeakOne(float[] signal, float[][] objects, float[]... others) {
        float peak = 0;
        for (float sample : signal) {
            float size = Math.abs(sample);
            if (size > peak) {
                peak = size;
            }
        }
        if (peak == 0) {
            return;
        }
        divide(signal, peak);
        for (float[] other : others) {
            divide(other, peak);
        }
        for (float[] object : objects) {
            if (object != null) {
                divide(object, peak);
            }
        }
    }

    private static void divide(float[] signal, float divisor) {
        for (int n = 0; n < signal.length; n++) {
            signal[n] /= divisor;
        }
    }
}
