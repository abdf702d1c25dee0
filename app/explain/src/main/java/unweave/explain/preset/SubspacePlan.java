package unweave.explain.preset;

import unweave.kernels.BadInputException;

/**
 * How subspaces are fitted (spec of DRSA in thesis 3.2.2 and 4.1.2).
 *
 * @param layer whose activations are split, after its ReLU
 * @param concepts K
 * @param inputs training inputs of a class to draw from
 * @param positions random spatial positions per input
 * @param window side of the square of neighbouring positions whose relevance is one datum; 1 in the thesis
 * @param steps of gradient ascent
 * @param starts random orthogonal matrices to start from; the best final objective wins
 */
public record SubspacePlan(String layer, int concepts, int inputs, int positions, int window, int steps, int starts) {

    public SubspacePlan {
        if (layer == null || layer.isBlank()) {
            throw new BadInputException("subspaces: layer is missing; name a layer such as conv3");
        }
        if (concepts < 1 || inputs < 1 || positions < 1 || window < 1 || steps < 0 || starts < 1) {
            throw new BadInputException(
                    "subspaces: concepts, inputs, positions, window and starts must be at least 1, steps at least 0");
        }
    }

    /** With every position by itself, as in the thesis. */
    public SubspacePlan(String layer, int concepts, int inputs, int positions, int steps, int starts) {
        this(layer, concepts, inputs, positions, 1, steps, starts);
    }

    /** The same at another layer, with another K. */
    public SubspacePlan at(String otherLayer, int number) {
        return new SubspacePlan(otherLayer, number, inputs, positions, window, steps, starts);
    }

    /** The same with another number of steps; null leaves it. */
    public SubspacePlan withSteps(Integer number) {
        return number == null ? this : new SubspacePlan(layer, concepts, inputs, positions, window, number, starts);
    }
}
