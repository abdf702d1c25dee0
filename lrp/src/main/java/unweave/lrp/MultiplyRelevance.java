package unweave.lrp;

import java.util.Arrays;
import unweave.engine.tape.Images;
import unweave.engine.tape.MultiplyNode;
import unweave.engine.tape.MultiplyNode.Signal;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/**
 * A product y = a b. The signal takes all and the gate nothing (Arras et al. 2017, Sec. 3.1), or each takes one half
 * (Achtibat et al. 2024, Prop. 3.2), whichever the layer says. Where an operand repeats along an axis, the relevance of
 * all outputs there is added up.
 */
record MultiplyRelevance(MultiplyNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        if (node.signal() == Signal.BOTH) {
            Floats first = share(passage.backend(), 0, arrived.relevance(), 0.5f);
            return new Shares(Arrays.asList(first, share(passage.backend(), 1, arrived.relevance(), 0.5f)), false);
        }
        int signal = node.signal() == Signal.FIRST ? 0 : 1;
        Floats[] shares = new Floats[2];
        shares[signal] = share(passage.backend(), signal, arrived.relevance(), 1f);
        boolean gateKeepsSign = node.inputs().get(1 - signal).isNonNegative();
        return new Shares(Arrays.asList(shares), arrived.onlyAtActivations() && gateKeepsSign);
    }

    private Floats share(Backend backend, int input, Floats relevance, float factor) {
        Tensor x = node.inputs().get(input);
        ImageShape from = Images.shape(node.output(), relevance);
        Floats share = Images.summed(backend, relevance, from, Images.shape(x).withBatch(from.batch()));
        if (factor != 1f) {
            backend.elementwise().scale(factor, share, share);
        }
        return share;
    }
}
