package unweave.engine.train;

import java.util.List;
import unweave.kernels.BadInputException;

/**
 * How to train.
 *
 * @param epochs passes over the training data, 0 for none; a finished training can be resumed with more
 * @param batchSize inputs per update; the last batch of an epoch may be smaller
 * @param seed decides the order of inputs, augmentation and dropout
 * @param keepBest whether the model ends with the weights of the epoch that did best on the validation data, instead of
 *     the last one's
 * @param loaderThreads threads that prepare inputs ahead of time; they do not change the result
 * @param classWeights how much the inputs of each class count in the loss, sum over the batch of w l / sum of w, as
 *     PyTorch has it; empty if all count alike
 */
public record TrainingSettings(
        int epochs,
        int batchSize,
        long seed,
        Optimizer optimizer,
        boolean keepBest,
        int loaderThreads,
        List<Float> classWeights) {
    public TrainingSettings {
        if (epochs < 0) {
            throw new BadInputException("epochs must not be negative, as " + epochs + " is");
        }
        classWeights = List.copyOf(classWeights);
        if (!classWeights.stream().allMatch(weight -> weight > 0 && Float.isFinite(weight))) {
            throw new BadInputException("class weights must be above 0, unlike some of " + classWeights);
        }
        if (batchSize < 1 || loaderThreads < 1) {
            throw new BadInputException(
                    "batch size and loader threads must be at least 1, not " + batchSize + " and " + loaderThreads);
        }
    }

    /** All classes count alike. */
    public TrainingSettings(
            int epochs, int batchSize, long seed, Optimizer optimizer, boolean keepBest, int loaderThreads) {
        this(epochs, batchSize, seed, optimizer, keepBest, loaderThreads, List.of());
    }

    /** The last epoch's weights count, and one thread prepares inputs. */
    public TrainingSettings(int epochs, int batchSize, long seed, Optimizer optimizer) {
        this(epochs, batchSize, seed, optimizer, false, 1);
    }
}
