package unweave.bench.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import unweave.bench.JobData;
import unweave.bench.PreparedJob;

/**
 * One step of the search for subspaces from one start (Chormai et al. 2024; thesis 2.19, 3.5 to 3.8):
 *
 * <pre>
 * R_kn = (U_k^T a_n)^T (U_k^T c_n),   J = M^0.5 over k of M^2 over n of max(0, R_kn),   M^p(x) = (mean x^p)^(1/p)
 * U &lt;- U + dJ/dU,   U &lt;- U (U^T U)^(-1/2)
 * </pre>
 *
 * with the gradient by automatic differentiation and the root by the eigendecomposition of U^T U.
 */
final class TorchAscent implements PreparedJob {
    private final int rows;
    private final int dimensions;
    private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
    private final TorchScript script = new TorchScript(manager);
    private final NDArray activations;
    private final NDArray contexts;
    private PtNDArray basis;

    TorchAscent(int rows, int dimensions, JobData.Vectors data) {
        this.rows = rows;
        this.dimensions = dimensions;
        activations = manager.create(data.activations(), new Shape(rows, dimensions));
        contexts = manager.create(data.contexts(), new Shape(rows, dimensions));
        basis = (PtNDArray) manager.create(JobData.basis(dimensions, 0), new Shape(dimensions, dimensions));
    }

    /** U, row after row. */
    float[] basis() {
        return basis.toFloatArray();
    }

    /** Returns J before the step. */
    @Override
    public double run() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            basis.setRequiresGradient(true);
            JniUtils.setGradMode(true);
            PtNDArray objective = objective();
            JniUtils.backward(objective, (PtNDArray) manager.ones(new Shape()), false, false);
            JniUtils.setGradMode(false);
            PtNDArray climbed = (PtNDArray) basis.stopGradient().add(JniUtils.getGradient(basis));
            PtNDArray next = (PtNDArray) script.orthogonalize(climbed);
            NDScope.unregister(next);
            basis.close();
            basis = next;
            return objective.getFloat();
        }
    }

    private PtNDArray objective() {
        NDArray products = activations.matMul(basis).mul(contexts.matMul(basis));
        NDArray relevance = products.reshape(rows, JobData.CONCEPTS, dimensions / JobData.CONCEPTS)
                .sum(new int[] {2});
        NDArray ofSubspaces = JniUtils.relu((PtNDArray) relevance)
                .square()
                .mean(new int[] {0})
                .sqrt();
        return (PtNDArray) ofSubspaces.sqrt().mean().square();
    }

    @Override
    public void close() {
        script.close();
        manager.close();
    }
}
