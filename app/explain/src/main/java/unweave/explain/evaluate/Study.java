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
 * @param flipped value of flipped patches ({@link unweave.audio.spectral.FrontEnd#flipped})
 * @param seed decides the random rankings and maps that explanations are compared with
 */
public record Study(
        Model model,
        LayerwiseRelevance relevance,
        List<Integer> classes,
        InputSet inputs,
        float flipped,
        long seed,
        Monitor monitor) {
    /** A waveform is cut into at most so many patches. */
    private static final int WAVEFORM_PATCHES = 64;

    /** A study of log-mel spectrograms, whose patches are flipped to 0 as in the thesis. */
    public Study(
            Model model,
            LayerwiseRelevance relevance,
            List<Integer> classes,
            InputSet inputs,
            long seed,
            Monitor monitor) {
        this(model, relevance, classes, inputs, 0, seed, monitor);
    }

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
        int side = PatchFlipping.THESIS_SIDE;
        if (inputs.height() == 1) {
            side = Math.max(side, (inputs.width() + WAVEFORM_PATCHES - 1) / WAVEFORM_PATCHES);
        }
        return new PatchFlipping(model, side, flipped);
    }
}
