package unweave.engine.train;

/**
 * Losses and accuracies of one epoch.
 *
 * @param epoch from 1
 * @param trainLoss mean cross-entropy of the training inputs, each at the time of its update
 * @param trainAccuracy share of correct training inputs, likewise
 * @param validationLoss mean cross-entropy after the epoch; NaN without validation data
 * @param validationAccuracy share of correct validation inputs; NaN without validation data
 * @param seconds of wall-clock time, validation included
 */
public record EpochRecord(
        int epoch,
        double trainLoss,
        double trainAccuracy,
        double validationLoss,
        double validationAccuracy,
        double seconds) {
    /** Whether this epoch has a higher validation accuracy, or the same and a lower validation loss. */
    boolean betterThan(EpochRecord other) {
        return validationAccuracy > other.validationAccuracy
                || (validationAccuracy == other.validationAccuracy && validationLoss < other.validationLoss);
    }
}
