package unweave.explain.evaluate;

import java.util.List;
import unweave.drsa.evaluation.MapChange;

/**
 * What is left of the standard maps when the network forgets (Adebayo et al. 2018).
 *
 * @param inputs number of inputs
 * @param layers parameters randomised from the top down to each layer
 */
public record SanityResult(int inputs, List<Step> layers) {
    /**
     * The maps after one more layer was randomised.
     *
     * @param layer the layer randomised last
     */
    public record Step(String layer, MapChange.Summary change) {}
}
