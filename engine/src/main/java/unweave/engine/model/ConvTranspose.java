package unweave.engine.model;

import java.util.List;
import unweave.kernels.ConvShape;

/**
 * Transposed convolution, which enlarges images to (H - 1) stride - 2 padding + kernel + extra (PyTorch's
 * ConvTranspose2d, whose output_padding is {@code extra}).
 */
public record ConvTranspose(
        String name, List<String> inputs, int filters, Size kernel, Size stride, Size padding, Size extra, boolean bias)
        implements LayerDescription {
    public ConvTranspose {
        inputs = LayerDescription.checked(name, inputs, 1);
        if (extra.height() >= stride.height() || extra.width() >= stride.width()) {
            throw new IllegalArgumentException(
                    "layer " + name + ": extra " + extra + " must be below the stride " + stride);
        }
    }

    @Override
    public String kind() {
        return "convtranspose";
    }

    /** The convolution that reads this layer's output and gives its input, for a batch of inputs. */
    public ConvShape shape(int batch, LayerShape input) {
        LayerDescription.requireImage(this, input);
        int height = (input.height() - 1) * stride.height() - 2 * padding.height() + kernel.height() + extra.height();
        int width = (input.width() - 1) * stride.width() - 2 * padding.width() + kernel.width() + extra.width();
        try {
            return new ConvShape(
                    batch,
                    height,
                    width,
                    filters,
                    input.channels(),
                    kernel.height(),
                    kernel.width(),
                    stride.height(),
                    stride.width(),
                    padding.height(),
                    padding.width(),
                    1,
                    1,
                    1);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        ConvShape shape = shape(1, inputs.get(0));
        if (shape.inputSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "layer " + name + ": its output would be " + shape.inputSize() + " values for one input");
        }
        return LayerShape.image(shape.inHeight(), shape.inWidth(), filters);
    }

    @Override
    public List<ParameterDescription> parameters(LayerShape input) {
        List<Integer> shape = List.of(kernel.height(), kernel.width(), filters, input.channels());
        return LayerDescription.weightAndBias(name, ParameterDescription.Role.CONV_WEIGHT, shape, bias, filters, input);
    }
}
