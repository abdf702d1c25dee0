package unweave.engine.model;

/**
 * What a layer hands on for one input: an image height x width x channels or, if {@code flat}, the vector that image
 * becomes in H W C order. A vector remembers the image it came from, because PyTorch flattens in C H W order and
 * weights that read it are reordered in model files; the output of a dense layer is the vector of a 1 x 1 image.
 */
public record LayerShape(int height, int width, int channels, boolean flat) {
    public LayerShape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException(
                    "height, width and channels must be at least 1, not " + height + "x" + width + "x" + channels);
        }
        if ((long) height * width * channels > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    height + "x" + width + "x" + channels + " is more than 2^31 values for one input");
        }
    }

    public static LayerShape image(int height, int width, int channels) {
        return new LayerShape(height, width, channels, false);
    }

    public static LayerShape vector(int features) {
        return new LayerShape(1, 1, features, true);
    }

    /** The same values as one vector. */
    public LayerShape flattened() {
        return new LayerShape(height, width, channels, true);
    }

    /** Number of values. */
    public int features() {
        return height * width * channels;
    }

    /** The shape of a batch of these: N H W C, or N F for vectors. */
    public int[] ofBatch(int batch) {
        return flat ? new int[] {batch, features()} : new int[] {batch, height, width, channels};
    }

    /** Such as "8x8x16", "20", or "64 (flattened 2x2x16)". */
    @Override
    public String toString() {
        String image = height + "x" + width + "x" + channels;
        if (!flat) {
            return image;
        }
        return height * width == 1 ? String.valueOf(channels) : features() + " (flattened " + image + ")";
    }
}
