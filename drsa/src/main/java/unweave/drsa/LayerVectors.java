package unweave.drsa;

import java.util.Arrays;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Floats;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.TargetRelevance;

/**
 * A batch of inputs at one layer: activation vectors a and, for the logit of one class, context vectors c with R = a c.
 * Closing it frees them.
 */
public final class LayerVectors implements AutoCloseable {
    private final LayerwiseRelevance relevance;
    private final int classIndex;
    private final int dimensions;
    private final Tape tape;
    private final Tensor input;
    private final Tensor logits;
    private final Tensor activation;

    /**
     * Runs the model.
     *
     * @param layer such as "pool3"
     * @param classIndex the class whose logit is attributed, counted from 0
     * @param inputs values of at least {@code start + size} inputs; not modified
     */
    public LayerVectors(
            Model model,
            LayerwiseRelevance relevance,
            String layer,
            int classIndex,
            float[] inputs,
            int start,
            int size) {
        this.relevance = relevance;
        this.classIndex = classIndex;
        this.dimensions = model.description().outputShape(layer).vectorLength();
        this.tape = Tape.inference(model.backend());
        this.input = model.input(tape, inputs, start, size);
        this.logits = model.forward(tape, input, layer);
        this.activation = model.activation(tape, layer);
    }

    /** What the model computed. */
    public Tape tape() {
        return tape;
    }

    /** N x H x W x C. */
    public Tensor input() {
        return input;
    }

    /** N x positions x D. */
    public Tensor activation() {
        return activation;
    }

    /** Vectors in the batch: inputs x positions. */
    public int rows() {
        return Math.toIntExact(activation.size() / dimensions);
    }

    /** c = R / a (0 where a = 0), of the size of the activation; belongs to the caller. */
    public Floats context() {
        int[] classes = new int[activation.batch()];
        Arrays.fill(classes, classIndex);
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

    /**
     * Checks that there are so many inputs.
     *
     * @throws IllegalArgumentException if there are none, or too few values for their number
     */
    public static void requireInputs(Model model, float[] inputs, int count) {
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
