package unweave.explain.preset;

import java.util.List;
import java.util.Optional;
import unweave.audio.augment.Augmentation;
import unweave.audio.augment.FrequencyMask;
import unweave.audio.augment.TimeMask;
import unweave.kernels.BadInputException;

/**
 * How a network is trained.
 *
 * @param epochs 0 leaves the network as it was initialised, to compare with
 * @param optimizer "adam" or "sgd"
 * @param momentum of SGD
 * @param weightDecay added to the gradient as decay * w
 * @param waveformAugmentation whether slices start at random and pass the waveform augmentations of thesis Table A.1
 * @param timeStretch whether spectrograms are played faster or slower, by up to a fifth (thesis A.1)
 * @param maskBins largest width of the time and the frequency mask, 0 for none
 * @param classWeights how much the sounds of each class count
 */
public record TrainingPlan(
        int epochs,
        int batch,
        String optimizer,
        double learningRate,
        double momentum,
        double weightDecay,
        boolean waveformAugmentation,
        boolean timeStretch,
        int maskBins,
        ClassWeights classWeights) {

    public TrainingPlan {
        require(epochs >= 0, "epochs must not be negative");
        require(batch > 0, "batch must be at least 1");
        require("adam".equals(optimizer) || "sgd".equals(optimizer), "optimizer must be adam or sgd, not " + optimizer);
        require(learningRate > 0, "learningRate must be above 0");
        require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1)");
        require(weightDecay >= 0, "weightDecay must not be negative");
        require(maskBins >= 0, "maskBins must not be negative");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BadInputException("training: " + message);
        }
    }

    /** How training samples are changed, each time they are visited (thesis A.1). */
    public Augmentation augmentation() {
        return new Augmentation(
                waveformAugmentation ? Augmentation.GTZAN.steps() : List.of(),
                timeStretch ? Augmentation.GTZAN.timeStretch() : Optional.empty(),
                maskBins == 0 ? Optional.empty() : Optional.of(new TimeMask(maskBins)),
                maskBins == 0 ? Optional.empty() : Optional.of(new FrequencyMask(maskBins)));
    }

    /** The same plan with another number of epochs, batch size or rate where they are given. */
    public TrainingPlan with(Integer newEpochs, Integer newBatch, Double newRate) {
        return new TrainingPlan(
                newEpochs == null ? epochs : newEpochs,
                newBatch == null ? batch : newBatch,
                optimizer,
                newRate == null ? learningRate : newRate,
                momentum,
                weightDecay,
                waveformAugmentation,
                timeStretch,
                maskBins,
                classWeights);
    }

    /** The same plan with other class weights. */
    public TrainingPlan with(ClassWeights newWeights) {
        return new TrainingPlan(
                epochs,
                batch,
                optimizer,
                learningRate,
                momentum,
                weightDecay,
                waveformAugmentation,
                timeStretch,
                maskBins,
                newWeights);
    }
}
