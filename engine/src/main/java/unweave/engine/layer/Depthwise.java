package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.kernels.ConvShape;

/**
 * Depth-wise convolution: every input channel is a group of its own with {@code multiplier} filters (PyTorch's Conv2d
 * with as many groups as input channels; Chollet 2017).
 *
 * @param padding rows of zeros above, columns to the left
 * @param trailing rows of zeros below, columns to the right
 */
public record Depthwise(
        String name,
        List<String> inputs,
        int multiplier,
        Size kernel,
        Size stride,
        Size padding,
        Size trailing,
        Size dilation,
        boolean bias)
        implements Convolution {
    public Depthwise {
        inputs = Layer.checked(name, inputs, 1);
    }

    /** With as much padding below and to the right as above and to the left. */
    public Depthwise(
            String name,
            List<String> inputs,
            int multiplier,
            Size kernel,
            Size stride,
            Size padding,
            Size dilation,
            boolean bias) {
        this(name, inputs, multiplier, kernel, stride, padding, padding, dilation, bias);
    }

    static Depthwise read(JsonFields fields, String name, List<String> inputs) {
        Size kernel = fields.size("kernel", 1, null);
        Size dilation = fields.size("dilation", 1, Size.square(1));
        Padding padding = fields.padding(kernel, dilation);
        return new Depthwise(
                name,
                inputs,
                fields.whole("multiplier", 1, 1),
                kernel,
                fields.size("stride", 1, Size.square(1)),
                padding.leading(),
                padding.trailing(),
                dilation,
                fields.flag("bias", true));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("multiplier", multiplier);
        json.add("kernel", kernel.toJson());
        json.add("stride", stride.toJson());
        json.add("padding", new Padding(padding, trailing).toJson());
        json.add("dilation", dilation.toJson());
        json.addProperty("bias", bias);
    }

    @Override
    public ConvShape geometry(int batch, LayerShape input) {
        int channels = input.channels();
        int filters = Math.multiplyExact(channels, multiplier);
        return new Conv(name, inputs, filters, kernel, stride, padding, trailing, dilation, channels, bias)
                .geometry(batch, input);
    }
}
