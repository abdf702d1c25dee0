package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.ConvShape;

/**
 * Transposed convolution, which enlarges images to (H - 1) stride - padding - trailing + dilation (kernel - 1) + 1 +
 * extra (PyTorch's ConvTranspose2d, whose output_padding is {@code extra}).
 *
 * @param filters output channels, of which each group of input channels has as many
 * @param padding rows that are cut off above, columns to the left
 * @param trailing rows that are cut off below, columns to the right
 * @param extra rows that are added below, columns to the right; below the stride
 */
public record ConvTranspose(
        String name,
        List<String> inputs,
        int filters,
        Size kernel,
        Size stride,
        Size padding,
        Size trailing,
        Size extra,
        Size dilation,
        int groups,
        boolean bias)
        implements Layer {
    public ConvTranspose {
        inputs = Layer.checked(name, inputs, 1);
        if (extra.height() >= stride.height() || extra.width() >= stride.width()) {
            throw Layer.wrong(name, "extra " + extra + " must be below the stride " + stride);
        }
    }

    /** Of one group, without dilation, with as much padding below and to the right as above and to the left. */
    public ConvTranspose(
            String name,
            List<String> inputs,
            int filters,
            Size kernel,
            Size stride,
            Size padding,
            Size extra,
            boolean bias) {
        this(name, inputs, filters, kernel, stride, padding, padding, extra, Size.square(1), 1, bias);
    }

    static ConvTranspose read(JsonFields fields, String name, List<String> inputs) {
        Size kernel = fields.size("kernel", 1, null);
        Padding padding = fields.padding();
        return new ConvTranspose(
                name,
                inputs,
                fields.whole("filters", 1),
                kernel,
                fields.size("stride", 1, Size.square(1)),
                padding.leading(),
                padding.trailing(),
                fields.size("extra", 0, Size.square(0)),
                fields.size("dilation", 1, Size.square(1)),
                fields.whole("groups", 1, 1),
                fields.flag("bias", true));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("filters", filters);
        json.add("kernel", kernel.toJson());
        json.add("stride", stride.toJson());
        json.add("padding", new Padding(padding, trailing).toJson());
        json.add("extra", extra.toJson());
        // What models before did not have is written where it matters.
        if (!dilation.equals(Size.square(1))) {
            json.add("dilation", dilation.toJson());
        }
        if (groups != 1) {
            json.addProperty("groups", groups);
        }
        json.addProperty("bias", bias);
    }

    /** The convolution that reads this layer's output and gives its input, for a batch of inputs. */
    public ConvShape shape(int batch, LayerShape input) {
        requireImage(input);
        if (input.channels() % groups != 0 || filters % groups != 0) {
            throw wrong("groups " + groups + " must divide the input channels " + input.channels()
                    + " and the output channels " + filters);
        }
        int height = (input.height() - 1) * stride.height()
                - padding.height()
                - trailing.height()
                + dilation.height() * (kernel.height() - 1)
                + 1
                + extra.height();
        int width = (input.width() - 1) * stride.width()
                - padding.width()
                - trailing.width()
                + dilation.width() * (kernel.width() - 1)
                + 1
                + extra.width();
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
                    trailing.height(),
                    trailing.width(),
                    dilation.height(),
                    dilation.width(),
                    groups);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        ConvShape shape = shape(1, inputs.get(0));
        if (shape.inputSize() > Integer.MAX_VALUE) {
            throw wrong("its output would be " + shape.inputSize() + " values for one input");
        }
        return LayerShape.image(shape.inHeight(), shape.inWidth(), filters);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        List<Integer> shape = List.of(kernel.height(), kernel.width(), filters / groups, input.channels());
        return ParameterDescription.weightAndBias(name, Role.CONV_WEIGHT, shape, bias, filters, input);
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.spread(shape(1, input));
    }

    @Override
    public Optional<LinearWeights> linearWeights(LayerShape input) {
        return Optional.of(new LinearWeights(filters, input.channels(), groups, true));
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        ConvShape shape = shape(x.batch(), LayerShape.of(x));
        return tape.transposedConv(name, x, shape, weights.get(name, Role.CONV_WEIGHT), weights.get(name, Role.BIAS));
    }
}
