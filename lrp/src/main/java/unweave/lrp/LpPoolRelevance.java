package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.LpPoolNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;

/**
 * Pooling by a norm shares relevance in proportion to what each value adds to the sum under the root:
 *
 * <pre>
 * R_j = sum over windows k: |x_j|^p / (sum over i of the window: |x_i|^p) * R_k = x_j * sum over k: R_k / y_k dy_k/dx_j
 * </pre>
 *
 * which is LRP-0 of a function that is homogeneous of degree 1: its gradient times its input is its output (Euler), so
 * nothing is lost. p = 1 gives the rule of average pooling, large p that of max-pooling. What arrives at a window of
 * zeros is dropped.
 */
record LpPoolRelevance(LpPoolNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        Backend backend = passage.backend();
        PoolShape shape = MaxPoolRelevance.ofBatch(node.shape(), arrived.relevance());
        Floats x = node.input().data();
        Floats y = node.output().data();
        Floats share = backend.floats(shape.inputSize());
        Optional<Absorption> absorption = passage.absorption(this, arrived);
        try (Floats quotient = backend.floats(arrived.relevance().size());
                Floats gradient = backend.floats(shape.inputSize())) {
            backend.propagation().stabilizedDivide(0f, arrived.relevance(), y, quotient);
            backend.pooling().lpPoolBackward(shape, node.p(), x, y, quotient, gradient);
            backend.elementwise().multiply(gradient, x, share);
            absorption.ifPresent(books -> {
                backend.elementwise().multiply(quotient, y, quotient);
                books.passedOn(quotient);
            });
        }
        List<Floats> shares = List.of(share);
        passage.record(this, "p-norm", arrived, shares, absorption);
        return new Shares(shares, node.input().isNonNegative());
    }
}
