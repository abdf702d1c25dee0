package unweave.engine.model;

import java.util.List;
import unweave.kernels.PoolShape;

/** Average pooling to a given output size, which divides the input's: all windows are alike and do not overlap. */
public record AdaptiveAvgPool(String name, List<String> inputs, Size size) implements LayerDescription {
    public AdaptiveAvgPool {
        inputs = LayerDescription.checked(name, inputs, 1);
    }

    @Override
    public String kind() {
        return "adaptiveavgpool";
    }

    /** The geometry for a batch of inputs. */
    public PoolShape shape(int batch, LayerShape input) {
        LayerDescription.requireImage(this, input);
        if (input.height() % size.height() != 0 || input.width() % size.width() != 0) {
            throw new IllegalArgumentException(
                    "layer " + name + ": its output size " + size + " must divide its input size "
                            + new Size(input.height(), input.width()) + ", so that all windows are alike");
        }
        Size window = new Size(input.height() / size.height(), input.width() / size.width());
        return LayerDescription.pooling(this, batch, input, window, window, new Size(0, 0));
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        return LayerDescription.pooled(shape(1, inputs.get(0)));
    }
}
