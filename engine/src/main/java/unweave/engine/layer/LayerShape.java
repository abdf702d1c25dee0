package unweave.engine.layer;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Tensor;
import unweave.kernels.BadInputException;

/**
 * The shape of a layer's output for one input: an image height x width x channels or, if {@code flat}, the vector that
 * image becomes in H W C order. A vector remembers the image it came from, because PyTorch flattens in C H W order and
 * weights that read it are reordered in model files; the output of a dense layer is the vector of a 1 x 1 image.
 */
public record LayerShape(int height, int width, int channels, boolean flat) {
    /** 512 MB as float32; sizes from files are not believed beyond. */
    private static final double MOST_VALUES = 1 << 27;

    public LayerShape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new BadInputException(
                    "height, width and channels must be at least 1, not " + height + "x" + width + "x" + channels);
        }
        if ((double) height * width * channels > MOST_VALUES) {
            throw new BadInputException(
                    height + "x" + width + "x" + channels + " is more than 2^27 values for one input");
        }
    }

    public static LayerShape image(int height, int width, int channels) {
        return new LayerShape(height, width, channels, false);
    }

    public static LayerShape vector(int features) {
        return new LayerShape(1, 1, features, true);
    }

    /** The shape of one input of a batch; a vector is taken for one that never was an image. */
    static LayerShape of(Tensor x) {
        return x.rank() == 4 ? image(x.length(1), x.length(2), x.length(3)) : vector(x.channels());
    }

    /**
     * The shape of what two of these become together, where one of length 1 on an axis repeats along it.
     *
     * @return empty if they do not fit together
     */
    Optional<LayerShape> together(LayerShape other) {
        if (equals(other)) {
            return Optional.of(this);
        }
        if (flat && other.flat) {
            return features() == 1 ? Optional.of(other) : other.features() == 1 ? Optional.of(this) : Optional.empty();
        }
        boolean fit = flat == other.flat
                && fit(height, other.height)
                && fit(width, other.width)
                && fit(channels, other.channels);
        return fit
                ? Optional.of(image(
                        Math.max(height, other.height),
                        Math.max(width, other.width),
                        Math.max(channels, other.channels)))
                : Optional.empty();
    }

    private static boolean fit(int a, int b) {
        return a == b || a == 1 || b == 1;
    }

    /** The same values as one vector. */
    public LayerShape flattened() {
        return new LayerShape(height, width, channels, true);
    }

    /** The length of an axis of the image; of a vector the channels are its features. */
    public int length(Axis axis) {
        return switch (axis) {
            case HEIGHT -> height;
            case WIDTH -> width;
            case CHANNELS -> vectorLength();
        };
    }

    /** These values with other lengths of the axes; a vector stays one. */
    LayerShape with(int newHeight, int newWidth, int newChannels) {
        return new LayerShape(newHeight, newWidth, newChannels, flat);
    }

    /**
     * The shape that a list of lengths names.
     *
     * @param lengths [height, width, channels] or [features]
     * @throws BadInputException if it is no such list
     */
    static LayerShape of(List<Integer> lengths) {
        if (lengths.size() != 1 && lengths.size() != 3) {
            throw new BadInputException("a shape is [height, width, channels] or [features], not " + lengths);
        }
        return lengths.size() == 1 ? vector(lengths.get(0)) : image(lengths.get(0), lengths.get(1), lengths.get(2));
    }

    /** Number of values. */
    public int features() {
        return height * width * channels;
    }

    /** The number of activation vectors: the pixels of an image, 1 for a vector. */
    public int positions() {
        return flat ? 1 : height * width;
    }

    /** The length of an activation vector: the channels of an image, the features of a vector. */
    public int vectorLength() {
        return flat ? features() : channels;
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
