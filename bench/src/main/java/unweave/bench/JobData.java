package unweave.bench;

import java.util.SplittableRandom;
import unweave.audio.augment.Augmentation;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.TrainingData;
import unweave.explain.data.InputSet;
import unweave.explain.data.MaskedInputs;

/**
 * The data of the jobs, the same for us and for {@link Peer}s. They are random: only the number of zeros influences the
 * times.
 */
public final class JobData {
    /** 70 % of the synthetic set's 4,000 samples train. */
    public static final int TRAINING_SAMPLES = 2800;
    /** Passes over them in a training. */
    public static final int EPOCHS = 40;
    /** Inputs per training step. */
    public static final int BATCH = 16;
    /** The rate of Adam. */
    public static final float LEARNING_RATE = 1e-3f;
    /** The layer whose concepts are explained. */
    public static final String CONCEPT_LAYER = "conv4";
    /** Subspaces at that layer, and of the searches. */
    public static final int CONCEPTS = 4;

    /** 30 % of a normal distribution lie above this value. */
    private static final float ACTIVATION_THRESHOLD = 0.5244f;
    /** The part of the positive activations that receive relevance. */
    private static final double WINNERS = 1 / 3.0;

    private JobData() {}

    /** Log-mel values, from -4, the floor of silence, to 1: count x H x W x C. */
    public static float[] inputs(ModelDescription description, int count) {
        SplittableRandom random = new SplittableRandom(count);
        float[] inputs = new float[count * description.input().features()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextDouble(-4, 1);
        }
        return inputs;
    }

    /** The classes of n inputs, in turn. */
    public static int[] classes(ModelDescription description, int n) {
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            classes[i] = i % description.classNames().size();
        }
        return classes;
    }

    /**
     * The labels of a training step of the networks. They turn from step to step, so that no network learns the few
     * inputs by heart: gradients and the optimiser's means would become so small that arithmetic slows down.
     */
    public static int[] turningClasses(ModelDescription description, int n, long step) {
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            classes[i] = (int) ((i + step) % description.classNames().size());
        }
        return classes;
    }

    /**
     * As many inputs as the synthetic set trains with, which get the toy preset's masks anew whenever they are loaded.
     */
    public static TrainingData maskedInputs(ModelDescription description, int count) {
        float[] all = inputs(description, count);
        float[][] inputs = new float[count][description.input().features()];
        for (int i = 0; i < count; i++) {
            System.arraycopy(all, i * inputs[i].length, inputs[i], 0, inputs[i].length);
        }
        InputSet set = new InputSet(
                description.input().height(),
                description.input().width(),
                inputs,
                classes(description, count),
                new int[count]);
        return new MaskedInputs(set, Augmentation.TOY);
    }

    /**
     * Activation vectors and context vectors, each rows x dimensions, with as many zeros as a network gives them: the
     * time depends on it. At conv3 to conv5 of a network trained on music, 23 to 36 % of the activations were positive,
     * and 8 to 12 % of the contexts not zero: a context is relevance over activation, and max-pooling passes relevance
     * to the largest activation alone.
     */
    public static Vectors vectors(int rows, int dimensions) {
        float[] activations = gaussian(rows * dimensions, dimensions);
        float[] contexts = gaussian(rows * dimensions, dimensions + 1L);
        SplittableRandom random = new SplittableRandom(dimensions + 2L);
        for (int i = 0; i < activations.length; i++) {
            activations[i] = Math.max(0, activations[i] - ACTIVATION_THRESHOLD);
            if (activations[i] == 0 || random.nextDouble() >= WINNERS) {
                contexts[i] = 0;
            }
        }
        return new Vectors(activations, contexts);
    }

    /** Vectors without zeros, the most work there can be. */
    public static Vectors fullVectors(int rows, int dimensions) {
        return new Vectors(gaussian(rows * dimensions, dimensions), gaussian(rows * dimensions, dimensions + 1L));
    }

    /** Data of a search for subspaces, each rows x dimensions. */
    public record Vectors(float[] activations, float[] contexts) {}

    /** A random orthogonal matrix, D x D, row after row. */
    public static float[] basis(int dimensions, int seed) {
        double[] basis = HaarOrthogonal.sample(dimensions, seed);
        float[] rounded = new float[basis.length];
        for (int i = 0; i < basis.length; i++) {
            rounded[i] = (float) basis[i];
        }
        return rounded;
    }

    /** Random subspaces at a layer; any take the same time. */
    public static Subspaces subspaces(ModelDescription description, String layer) {
        int dimensions = description.outputShape(layer).channels();
        return new Subspaces(
                new Provenance("random", layer, 0, description.classNames().get(0), 1, 1, 1),
                Method.RANDOM,
                new SubspaceSettings(CONCEPTS, 0, 1, 1, 1f),
                dimensions,
                basis(dimensions, 1),
                new float[1][1],
                0,
                new double[CONCEPTS]);
    }

    private static float[] gaussian(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
