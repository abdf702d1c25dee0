package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.kernels.ConvShape;

/**
 * Convolution with zero padding, of output size (H + padding + trailing - dilation (kernel - 1) - 1) / stride + 1.
 *
 * @param padding rows of zeros above, columns to the left
 * @param trailing rows of zeros below, columns to the right
 */
public record Conv(
        String name,
        List<String> inputs,
        int filters,
        Size kernel,
        Size stride,
        Size padding,
        Size trailing,
        Size dilation,
        int groups,
        boolean bias)
        implements Convolution {
    public Conv {
        inputs = Layer.checked(name, inputs, 1);
    }

    /** With as much padding below and to the right as above and to the left. */
    public Conv(
            String name,
            List<String> inputs,
            int filters,
            Size kernel,
            Size stride,
            Size padding,
            Size dilation,
            int groups,
            boolean bias) {
        this(name, inputs, filters, kernel, stride, padding, padding, dilation, groups, bias);
    }

    /** A square kernel of odd size, stride 1, and the padding that keeps height and width. */
    public static Conv same(String name, int filters, int kernel) {
        Size one = Size.square(1);
        return new Conv(name, List.of(), filters, Size.square(kernel), one, Size.square(kernel / 2), one, 1, true);
    }

    static Conv read(JsonFields fields, String name, List<String> inputs) {
        int filters = fields.whole("filters", 1);
        Size kernel = fields.size("kernel", 1, null);
        Size stride = fields.size("stride", 1, Size.square(1));
        Size dilation = fields.size("dilation", 1, Size.square(1));
        Padding padding = fields.padding(kernel, dilation);
        return new Conv(
                name,
                inputs,
                filters,
                kernel,
                stride,
                padding.leading(),
                padding.trailing(),
                dilation,
                fields.whole("groups", 1, 1),
                fields.flag("bias", true));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("filters", filters);
        json.add("kernel", kernel.toJson());
        json.add("stride", stride.toJson());
        json.add("padding", new Padding(padding, trailing).toJson());
        json.add("dilation", dilation.toJson());
        json.addProperty("groups", groups);
        json.addProperty("bias", bias);
    }

    @Override
    public ConvShape geometry(int batch, LayerShape input) {
        return new ConvShape(
                batch,
                input.height(),
                input.width(),
                input.channels(),
                filters,
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
    }
}
