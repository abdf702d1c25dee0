package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.kernels.PoolShape;

/** What all kinds of pooling have in common: each says its windows. */
interface Pooling extends Layer {
    /** The geometry for a batch of inputs. */
    PoolShape shape(int batch, LayerShape input);

    @Override
    default LayerShape outputShape(List<LayerShape> inputs) {
        PoolShape shape = shape(1, inputs.get(0));
        return LayerShape.image(shape.outHeight(), shape.outWidth(), shape.channels());
    }

    @Override
    default ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.windows(shape(1, input));
    }

    /** Windows of a given size, without padding. */
    default PoolShape windows(int batch, LayerShape input, Size window, Size stride) {
        return windows(batch, input, window, stride, Padding.NONE, Size.square(1), false, true);
    }

    /** Windows of a given size; what the options mean, {@link PoolShape} says. */
    default PoolShape windows(
            int batch,
            LayerShape input,
            Size window,
            Size stride,
            Padding padding,
            Size dilation,
            boolean ceil,
            boolean countPadding) {
        requireImage(input);
        Size leading = padding.leading();
        Size trailing = padding.trailing();
        if (input.height() + leading.height() + trailing.height() <= dilation.height() * (window.height() - 1)
                || input.width() + leading.width() + trailing.width() <= dilation.width() * (window.width() - 1)) {
            throw wrong("window " + window + " is larger than its input " + new Size(input.height(), input.width()));
        }
        try {
            return new PoolShape(
                    batch,
                    input.height(),
                    input.width(),
                    input.channels(),
                    window.height(),
                    window.width(),
                    stride.height(),
                    stride.width(),
                    leading.height(),
                    leading.width(),
                    trailing.height(),
                    trailing.width(),
                    dilation.height(),
                    dilation.width(),
                    ceil,
                    countPadding);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    /** Adds the settings that models before them did not have, where they are not the default. */
    static void writeOptions(JsonObject json, Size dilation, boolean ceil) {
        if (!dilation.equals(Size.square(1))) {
            json.add("dilation", dilation.toJson());
        }
        if (ceil) {
            json.addProperty("ceil", true);
        }
    }

    /** One window that covers the whole image. */
    default PoolShape oneWindow(int batch, LayerShape input) {
        Size whole = new Size(input.height(), input.width());
        return windows(batch, input, whole, whole);
    }
}
