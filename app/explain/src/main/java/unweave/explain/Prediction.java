package unweave.explain;

import java.util.ArrayList;
import java.util.List;
import unweave.lrp.Target;

/**
 * What a network says about one class.
 *
 * @param className of the class
 * @param classIndex in the model
 * @param logit the network's output
 * @param probability softmax of the logits
 */
public record Prediction(String className, int classIndex, float logit, double probability) {
    /** One for every class, in the model's order. */
    static List<Prediction> of(List<String> classNames, float[] logits) {
        double largest = logits[Target.decision(logits, 0, logits.length)];
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = Math.exp(logits[c] - largest);
            sum += probabilities[c];
        }
        List<Prediction> predictions = new ArrayList<>();
        for (int c = 0; c < logits.length; c++) {
            predictions.add(new Prediction(classNames.get(c), c, logits[c], probabilities[c] / sum));
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
