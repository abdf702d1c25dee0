package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.PoolShape;

/** The mean of each channel over the whole image: average pooling with one window. */
public record GlobalAvgPool(String name, List<String> inputs) implements Pooling {
    public GlobalAvgPool {
        inputs = Layer.checked(name, inputs, 1);
    }

    @Override
    public PoolShape shape(int batch, LayerShape input) {
        return oneWindow(batch, input);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        return tape.avgPool(name, x, shape(x.batch(), LayerShape.of(x)));
    }
}
