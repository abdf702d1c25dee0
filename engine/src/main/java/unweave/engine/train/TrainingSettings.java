package unweave.engine.train;

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
 */
public record TrainingSettings(
        int epochs, int batchSize, long seed, Optimizer optimizer, boolean keepBest, int loaderThreads) {
    public TrainingSettings {
        if (epochs < 0) {
            throw new BadInputException("epochs must not be negative, as " + epochs + " is");
        }
        if (batchSize < 1 || loaderThreads < 1) {
            throw new BadInputException(
                    "batch size and loader threads must be at least 1, not " + batchSize + " and " + loaderThreads);
        }
    }

    /** The last epoch's weights count, and one thread prepares inputs. */
    public TrainingSettings(int epochs, int batchSize, long seed, Optimizer optimizer) {
        this(epochs, batchSize, seed, optimizer, false, 1);
    }
}
