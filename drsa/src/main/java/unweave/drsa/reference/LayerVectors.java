package unweave.drsa.reference;

import java.util.Arrays;
import unweave.drsa.Subspaces;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Floats;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.TargetRelevance;

/**
 * A batch of inputs at the layer of some subspaces: activation vectors, and context vectors for the class of the
 * subspaces. Closing it frees them.
 */
final class LayerVectors implements AutoCloseable {
    private final LayerwiseRelevance relevance;
    private final Subspaces subspaces;
    private final Tape tape;
    private final Tensor input;
    private final Tensor logits;
    private final Tensor activation;

    /**
     * Runs the model.
     *
     * @param inputs values of at least {@code start + size} inputs; not modified
     */
    LayerVectors(Model model, LayerwiseRelevance relevance, Subspaces subspaces, float[] inputs, int start, int size) {
        this.relevance = relevance;
        this.subspaces = subspaces;
        this.tape = Tape.inference(model.backend());
        this.input = model.input(tape, inputs, start, size);
        this.logits = model.forward(tape, input, subspaces.provenance().layer());
        this.activation = model.activation(tape, subspaces.provenance().layer());
    }

    Tape tape() {
        return tape;
    }

    Tensor input() {
        return input;
    }

    /** N x positions x D. */
    Tensor activation() {
        return activation;
    }

    /** Vectors in the batch: inputs x positions. */
    int rows() {
        return Math.toIntExact(activation.size() / subspaces.dimensions());
    }

    /**
     * c = R / a (0 where a = 0) for the logit of the subspaces' class, of the size of the activation; belongs to the
     * caller.
     */
    Floats context() {
        int[] classes = new int[activation.batch()];
        Arrays.fill(classes, subspaces.provenance().classIndex());
        try (Floats target = TargetRelevance.logit(tape.backend(), logits, classes)) {
            Floats context = relevance
                    .pass(tape)
                    .from(logits, target)
                    .to(activation)
                    .run()
                    .get(0);
            tape.backend().propagation().contextVectors(context, activation.data(), context);
            return context;
        }
    }

    static void requireInputs(Model model, float[] inputs, int count) {
        LayerShape input = model.description().input();
        if (count < 1 || inputs.length < (long) count * input.features()) {
            throw new IllegalArgumentException(count + " inputs of " + input + " cannot be taken from " + inputs.length
                    + " values; at least 1 is needed");
        }
    }

    @Override
    public void close() {
        tape.close();
    }
}
