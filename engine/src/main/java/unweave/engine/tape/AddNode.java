package unweave.engine.tape;

import java.util.Arrays;
import unweave.kernels.Backend;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/**
 * The sum of several tensors, such as the end of a residual block, or the difference of two. A tensor of length 1 on an
 * axis repeats along it.
 */
public final class AddNode extends Node {
    private final boolean difference;

    private AddNode(String layer, boolean difference, Tensor... inputs) {
        super(layer, inputs);
        this.difference = difference;
    }

    /** Computes and records the sum of two or more tensors. */
    static Tensor sum(Tape tape, String layer, Tensor... inputs) {
        return record(tape, new AddNode(layer, false, inputs), inputs);
    }

    /** Computes and records a - b. */
    public static Tensor difference(Tape tape, String layer, Tensor a, Tensor b) {
        return record(tape, new AddNode(layer, true, a, b), a, b);
    }

    private static Tensor record(Tape tape, AddNode node, Tensor... inputs) {
        int[] shape = Images.together(node.layer(), inputs);
        Floats y = tape.own(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact));
        Tensor output = new Tensor(shape, y, node.inputsNeedGradient());
        Backend backend = tape.backend();
        if (inputs.length == 2 && !node.difference && inputs[0].size() == y.size() && inputs[1].size() == y.size()) {
            backend.elementwise().add(inputs[0].data(), inputs[1].data(), y);
        } else {
            node.compute(backend, output);
        }
        return tape.record(node, output);
    }

    /** One input after the other is added to y, which repeats nowhere; the first two may both repeat. */
    private void compute(Backend backend, Tensor y) {
        ImageShape shape = Images.shape(y);
        backend.fill(y.data(), 0f);
        for (int i = 0; i < inputs().size(); i++) {
            Combination f = weight(i) < 0 ? Combination.SUBTRACT : Combination.ADD;
            Tensor x = inputs().get(i);
            backend.broadcasting().combine(f, shape, y.data(), Images.shape(x), x.data(), y.data());
        }
    }

    /** What an input is multiplied with: 1, or -1 where it is subtracted. */
    public float weight(int input) {
        return difference && input == 1 ? -1f : 1f;
    }

    @Override
    public boolean isNonNegative() {
        return !difference && inputsAreNonNegative();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        ImageShape shape = Images.shape(output());
        int last = inputs().size() - 1;
        for (int i = 0; i <= last; i++) {
            Tensor x = inputs().get(i);
            if (i == last && x.size() == dy.size() && weight(i) > 0) {
                gradients.add(x, dy);
                return;
            }
            if (x.needsGradient()) {
                Floats dx = Images.summed(backend, dy, shape, Images.shape(x));
                if (weight(i) < 0) {
                    backend.elementwise().scale(-1f, dx, dx);
                }
                gradients.add(x, dx);
            }
        }
        dy.close();
    }
}
