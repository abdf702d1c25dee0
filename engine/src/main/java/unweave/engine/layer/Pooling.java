package unweave.engine.layer;

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

    /** Windows of a given size. */
    default PoolShape windows(int batch, LayerShape input, Size window, Size stride, Size padding) {
        requireImage(input);
        if (input.height() + 2 * padding.height() < window.height()
                || input.width() + 2 * padding.width() < window.width()) {
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
                    padding.height(),
                    padding.width());
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    /** One window that covers the whole image. */
    default PoolShape oneWindow(int batch, LayerShape input) {
        Size whole = new Size(input.height(), input.width());
        return windows(batch, input, whole, whole, Size.square(0));
    }
}
