package unweave.lrp.attributor;

import java.util.List;
import unweave.engine.model.Model;
import unweave.engine.tape.ReluGradient;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.lrp.Target;

/** The gradient of a target by the inputs, in batches of bounded size. */
final class GradientPass {
    private final ReluGradient throughRelu;

    GradientPass(ReluGradient throughRelu) {
        this.throughRelu = throughRelu;
    }

    /**
     * Computes gradients and logits.
     *
     * @param gradients of the size of {@code inputs}, written
     * @param logits n x classes, written
     */
    void run(Model model, float[] inputs, int n, Target target, float[] gradients, float[] logits) {
        int batch = model.inputsAtOnce();
        for (int first = 0; first < n; first += batch) {
            runBatch(model, inputs, first, target.range(first, Math.min(n, first + batch)), gradients, logits);
        }
    }

    private void runBatch(Model model, float[] inputs, int first, Target target, float[] gradients, float[] logits) {
        Backend backend = model.backend();
        int count = target.count();
        int size = model.description().input().features();
        Floats x = backend.floats((long) count * size);
        backend.upload(inputs, first * size, x, 0, count * size);
        try (Tape tape = Tape.inference(backend)) {
            Tensor input = tape.inputWithGradient(x, model.description().input().ofBatch(count));
            Tensor output = model.forwardEveryLayer(tape, input);
            Floats start = target.weights(backend, output);
            try (Floats gradient = tape.inputGradients(output, start, List.of(input), throughRelu)
                    .get(0)) {
                backend.download(gradient, 0, gradients, first * size, count * size);
            }
            backend.download(output.data(), 0, logits, first * output.channels(), count * output.channels());
        }
    }
}
