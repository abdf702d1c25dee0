package unweave.engine.train;

import java.util.List;
import java.util.Map;

/**
 * The result of a training. The model has the weights of {@code epoch}.
 *
 * @param history one record per epoch
 * @param epoch 0 without any, the last or, if the best was to be kept, the one that did best on the validation data
 * @param finalWeights the weights after the last epoch, for {@link unweave.engine.model.Model#setWeights}
 */
public record TrainingResult(List<EpochRecord> history, int epoch, Map<String, float[]> finalWeights) {
    public TrainingResult {
        history = List.copyOf(history);
    }

    /**
     * The record of the epoch whose weights the model has; not a number throughout for a model that was not trained.
     */
    public EpochRecord chosen() {
        return epoch == 0
                ? new EpochRecord(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0)
                : history.get(epoch - 1);
    }
}
