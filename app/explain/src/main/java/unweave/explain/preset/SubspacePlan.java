package unweave.explain.preset;

import unweave.kernels.BadInputException;

/**
 * How subspaces are fitted (spec of DRSA in thesis 3.2.2 and 4.1.2).
 *
 * @param layer whose activations are split, after its ReLU
 * @param concepts K
 * @param inputs training inputs of a class to draw from
 * @param positions random spatial positions per input
 * @param steps of gradient ascent
 * @param starts random orthogonal matrices to start from; the best final objective wins
 */
public record SubspacePlan(String layer, int concepts, int inputs, int positions, int steps, int starts) {

    public SubspacePlan {
        if (layer == null || layer.isBlank()) {
            throw new BadInputException("subspaces: layer is missing; name a layer such as conv3");
        }
        if (concepts < 1 || inputs < 1 || positions < 1 || steps < 0 || starts < 1) {
            throw new BadInputException(
                    "subspaces: concepts, inputs, positions and starts must be at least 1, steps at least 0");
        }
    }
}
