package unweave.engine.model;

/** A height and a width: of a kernel, a stride, a padding, a dilation or a pooling window. */
public record Size(int height, int width) {
    /** Equal height and width. */
    public static Size square(int length) {
        return new Size(length, length);
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
