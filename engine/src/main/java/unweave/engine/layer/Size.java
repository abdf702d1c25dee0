package unweave.engine.layer;

import com.google.gson.JsonArray;

/** A height and a width: of a kernel, a stride, a padding, a dilation or a pooling window. */
public record Size(int height, int width) {
    /** Equal height and width. */
    public static Size square(int length) {
        return new Size(length, length);
    }

    /** [height, width]. */
    JsonArray toJson() {
        JsonArray pair = new JsonArray();
        pair.add(height);
        pair.add(width);
        return pair;
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
