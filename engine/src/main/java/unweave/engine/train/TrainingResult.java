package unweave.engine.train;

import java.util.List;
import java.util.Map;

/**
 * The result of a training. The model has the weights of {@code epoch}.
 *
 * @param history one record per epoch
 * @param epoch the last or, if the best was to be kept, the one that did best on the validation data
 * @param finalWeights the weights after the last epoch, for {@link unweave.engine.model.Model#setWeights}
 */
public record TrainingResult(List<EpochRecord> history, int epoch, Map<String, float[]> finalWeights) {
    public TrainingResult {
        history = List.copyOf(history);
    }

    /** The record of the epoch whose weights the model has. */
    public EpochRecord chosen() {
        return history.get(epoch - 1);
    }
}
