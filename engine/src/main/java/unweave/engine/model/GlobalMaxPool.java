package unweave.engine.model;

import java.util.List;
import unweave.kernels.PoolShape;

/** The largest value of each channel of the whole image: max-pooling with one window. */
public record GlobalMaxPool(String name, List<String> inputs) implements LayerDescription {
    public GlobalMaxPool {
        inputs = LayerDescription.checked(name, inputs, 1);
    }

    @Override
    public String kind() {
        return "globalmaxpool";
    }

    /** The geometry for a batch of inputs. */
    public PoolShape shape(int batch, LayerShape input) {
        Size whole = new Size(input.height(), input.width());
        return LayerDescription.pooling(this, batch, input, whole, whole, new Size(0, 0));
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        return LayerDescription.pooled(shape(1, inputs.get(0)));
    }
}
