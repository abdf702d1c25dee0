package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/** y = x where x &gt; 0, else w x, with slopes w that are learnt and repeat along axes of length 1 (He et al. 2015). */
public final class PreluNode extends Node {
    private final ImageShape shape;
    private final Parameter weight;

    private PreluNode(String layer, Tensor x, ImageShape shape, Parameter weight) {
        super(layer, x);
        this.shape = shape;
        this.weight = weight;
    }

    /**
     * Computes and records it.
     *
     * @param shape of the slopes, with batch 1 and on each axis the length of x or 1
     */
    public static Tensor record(Tape tape, String layer, Tensor x, ImageShape shape, Parameter weight) {
        Floats y = tape.own(x.size());
        tape.backend().broadcasting().combine(Combination.LEAKY, Images.shape(x), x.data(), shape, weight.value(), y);
        return tape.record(new PreluNode(layer, x, shape, weight), new Tensor(x.shape(), y, true));
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        ImageShape full = Images.shape(output());
        if (gradients.ofParameters()) {
            try (Floats products = backend.floats(dy.size())) {
                backend.propagation().negativePart(input().data(), products);
                backend.elementwise().multiply(products, dy, products);
                Images.addSums(backend, gradients, weight, products, full, shape);
            }
        }
        try (Floats slopes =
                Images.combined(backend, Combination.LEAKY_SLOPE, full, input().data(), shape, weight.value())) {
            backend.elementwise().multiply(dy, slopes, dy);
        }
        gradients.add(input(), dy);
    }
}
