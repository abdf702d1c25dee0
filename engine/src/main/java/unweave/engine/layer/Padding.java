package unweave.engine.layer;

import com.google.gson.JsonArray;

/**
 * The padding of an image, as JSON states it.
 *
 * @param leading rows above, columns to the left
 * @param trailing rows below, columns to the right
 */
record Padding(Size leading, Size trailing) {
    static final Padding NONE = equal(Size.square(0));

    /** The same on opposite sides. */
    static Padding equal(Size both) {
        return new Padding(both, both);
    }

    /**
     * What keeps height and width with stride 1. An odd row or column lies below or to the right (ONNX's SAME_UPPER).
     */
    static Padding same(Size kernel, Size dilation) {
        int height = dilation.height() * (kernel.height() - 1);
        int width = dilation.width() * (kernel.width() - 1);
        return new Padding(new Size(height / 2, width / 2), new Size(height - height / 2, width - width / 2));
    }

    /** [height, width], or [top, left, bottom, right] where opposite sides differ. */
    JsonArray toJson() {
        JsonArray sides = leading.toJson();
        if (!leading.equals(trailing)) {
            sides.addAll(trailing.toJson());
        }
        return sides;
    }
}
