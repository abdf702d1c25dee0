package unweave.explain;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.model.ModelDescription;
import unweave.engine.model.Probabilities;
import unweave.kernels.BadInputException;

/**
 * What a network says about one class.
 *
 * @param className of the class
 * @param classIndex in the model
 * @param logit the network's output
 * @param probability by the model's {@link Probabilities}: the softmax of the logits, or the sigmoid of this one
 */
public record Prediction(String className, int classIndex, float logit, double probability) {
    /**
     * One for every class, in the model's order.
     *
     * @param sound for messages
     * @throws BadInputException if a logit is infinite or not a number
     */
    static List<Prediction> of(String sound, ModelDescription model, float[] logits) {
        double[] values = new double[logits.length];
        for (int c = 0; c < logits.length; c++) {
            if (!Float.isFinite(logits[c])) {
                throw new BadInputException(sound + ": the model gives the logit " + logits[c] + " to "
                        + model.classNames().get(c) + "; its weights cannot be used for this sound");
            }
            values[c] = logits[c];
        }
        double[] probabilities = model.probabilities().of(values);
        List<Prediction> predictions = new ArrayList<>();
        for (int c = 0; c < logits.length; c++) {
            predictions.add(new Prediction(model.classNames().get(c), c, logits[c], probabilities[c]));
        }
        return List.copyOf(predictions);
    }

    /** The class that is decided for: the one with the largest logit, the first of equals. */
    static Prediction decision(List<Prediction> predictions) {
        Prediction decision = predictions.get(0);
        for (Prediction prediction : predictions) {
            if (prediction.logit > decision.logit) {
                decision = prediction;
            }
        }
        return decision;
    }
}
