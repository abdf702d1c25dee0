package unweave.bench;

import java.util.SplittableRandom;
import unweave.app.data.InputSet;
import unweave.app.data.MaskedInputs;
import unweave.audio.augment.Augmentation;
import unweave.drsa.HaarOrthogonal;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.TrainingData;

/** What the jobs compute on, the same for our side and for {@link Peer}s. Random: no time depends on what the sounds are. */
public final class JobData {
  /** Of the synthetic set's 4,000 samples 70 % train. */
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

  private JobData() {}

  /** Log-mel values, from -4, the floor of silence, to 1: count x H x W. */
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

  /** As many inputs as the synthetic set trains with, which get the toy preset's masks anew whenever they are loaded. */
  public static TrainingData maskedInputs(ModelDescription description, int count) {
    float[] all = inputs(description, count);
    float[][] inputs = new float[count][description.input().features()];
    for (int i = 0; i < count; i++) {
      System.arraycopy(all, i * inputs[i].length, inputs[i], 0, inputs[i].length);
    }
    InputSet set = new InputSet(description.input().height(), description.input().width(), inputs, classes(description, count), new int[count]);
    return new MaskedInputs(set, Augmentation.TOY);
  }

  /** Activation vectors, rows x dimensions, as they come out of a ReLU. */
  public static float[] activations(int rows, int dimensions) {
    float[] values = gaussian(rows * dimensions, dimensions);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, values[i]);
    }
    return values;
  }

  /** Context vectors, rows x dimensions. */
  public static float[] contexts(int rows, int dimensions) {
    return gaussian(rows * dimensions, dimensions + 1L);
  }

  /** A random orthogonal matrix, D x D, row after row. */
  public static float[] basis(int dimensions, int seed) {
    double[] basis = HaarOrthogonal.sample(dimensions, seed);
    float[] rounded = new float[basis.length];
    for (int i = 0; i < basis.length; i++) {
      rounded[i] = (float) basis[i];
    }
    return rounded;
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
