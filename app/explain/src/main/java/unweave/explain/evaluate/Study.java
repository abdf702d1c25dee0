package unweave.explain.evaluate;

import java.util.List;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.engine.model.Model;
import unweave.explain.data.InputSet;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;
import unweave.lrp.LayerwiseRelevance;

/**
 * What is evaluated: a model, the rules that explain it, and inputs that it was not trained on.
 *
 * @param classes the classes whose explanations are evaluated
 * @param inputs with inputs of all these classes
 * @param seed decides the random rankings and maps that explanations are compared with
 */
public record Study(
        Model model, LayerwiseRelevance relevance, List<Integer> classes, InputSet inputs, long seed, Monitor monitor) {

    /** @throws BadInputException if a class has no inputs */
    public Study {
        for (int classIndex : classes) {
            if (inputs.ofClass(classIndex).size() == 0) {
                throw new BadInputException("there is no sound of class "
                        + model.description().classNames().get(classIndex)
                        + " to evaluate with; it needs some that the model was not trained on");
            }
        }
    }

    /** The names of the evaluated classes. */
    public List<String> classNames() {
        return classes.stream().map(model.description().classNames()::get).toList();
    }

    /** All inputs of one class. */
    public InputSet ofClass(int classIndex) {
        return inputs.ofClass(classIndex);
    }

    PatchFlipping flipping() {
        return new PatchFlipping(model, PatchFlipping.THESIS_SIDE);
    }
}
