package unweave.drsa.evaluation;

import java.util.Arrays;
import java.util.List;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;

/** Checks that inputs, classes and maps belong together. */
final class Samples {
    private Samples() {}

    /**
     * @throws IllegalArgumentException if there are too few input values, a class does not exist, or a map has not one
     *     value for every bin
     */
    static void require(Model model, float[] inputs, int[] classes, List<float[][]> maps) {
        require(model, inputs, classes);
        LayerShape shape = model.description().input();
        int bins = shape.height() * shape.width();
        for (float[][] one : maps) {
            if (one.length != classes.length || !Arrays.stream(one).allMatch(map -> map.length == bins)) {
                throw new IllegalArgumentException("every explanation needs " + classes.length
                        + " maps, one for each input, of " + bins + " values");
            }
        }
    }

    /** As above, without maps. */
    static void require(Model model, float[] inputs, int[] classes) {
        int available = model.description().classNames().size();
        if (inputs.length < (long) classes.length * model.description().input().features()) {
            throw new IllegalArgumentException(classes.length + " inputs of "
                    + model.description().input() + " cannot be taken from " + inputs.length + " values");
        }
        for (int sample = 0; sample < classes.length; sample++) {
            if (classes[sample] < 0 || classes[sample] >= available) {
                throw new IllegalArgumentException("class " + classes[sample] + " of input " + sample
                        + " does not exist: the model has classes 0 to " + (available - 1));
            }
        }
    }
}
