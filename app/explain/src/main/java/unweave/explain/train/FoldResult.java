package unweave.explain.train;

import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.train.EpochRecord;
import unweave.engine.train.Evaluation;

/**
 * What training and testing on one fold gave.
 *
 * @param fold the fold that was tested on
 * @param inputs number of training, validation and test inputs
 * @param epochKept the epoch whose weights the model has
 * @param trainLoss mean cross-entropy per epoch
 * @param trainAccuracy share of correct inputs per epoch
 * @param validationLoss likewise after each epoch; not-a-number without validation data
 * @param validationAccuracy likewise
 * @param test the chosen weights on the test data
 */
public record FoldResult(
        int fold,
        int[] inputs,
        int epochKept,
        double[] trainLoss,
        double[] trainAccuracy,
        double[] validationLoss,
        double[] validationAccuracy,
        Evaluation test) {

    static FoldResult of(int fold, ModelTraining.Data data, ModelTraining.Trained trained) {
        List<EpochRecord> history = trained.result().history();
        return new FoldResult(
                fold,
                new int[] {
                    data.train().size(), data.validation().size(), data.test().size()
                },
                trained.result().epoch(),
                history.stream().mapToDouble(EpochRecord::trainLoss).toArray(),
                history.stream().mapToDouble(EpochRecord::trainAccuracy).toArray(),
                history.stream().mapToDouble(EpochRecord::validationLoss).toArray(),
                history.stream().mapToDouble(EpochRecord::validationAccuracy).toArray(),
                trained.test());
    }

    /** The training, epoch by epoch; how long each took is not kept. */
    public List<EpochRecord> history() {
        return IntStream.range(0, trainLoss.length)
                .mapToObj(i -> new EpochRecord(
                        i + 1, trainLoss[i], trainAccuracy[i], validationLoss[i], validationAccuracy[i], 0))
                .toList();
    }
}
