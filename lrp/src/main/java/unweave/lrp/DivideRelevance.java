package unweave.lrp;

import java.util.Arrays;
import unweave.engine.tape.DivideNode;
import unweave.engine.tape.Images;
import unweave.engine.tape.Tensor;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/**
 * A quotient a / b gives all relevance to a: b counts as a constant, as the standard deviation does in normalisation
 * (Ali et al. 2022; Achtibat et al. 2024).
 */
record DivideRelevance(DivideNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        Tensor a = node.inputs().get(0);
        ImageShape from = Images.shape(node.output(), arrived.relevance());
        Floats share = Images.summed(
                passage.backend(), arrived.relevance(), from, Images.shape(a).withBatch(from.batch()));
        boolean keepsSign = node.inputs().get(1).isNonNegative();
        return new Shares(Arrays.asList(share, null), arrived.onlyAtActivations() && keepsSign);
    }
}
