package unweave.kernels;

/** The shape of a batch of images N H W C; vectors are images of one position. */
public record ImageShape(int batch, int height, int width, int channels) {
    /** @throws IllegalArgumentException unless all lengths are at least 1 */
    public ImageShape {
        if (batch < 1 || height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException("batch, height, width and channels must be at least 1, not " + batch
                    + " x " + height + " x " + width + " x " + channels);
        }
    }

    /** Number of values. */
    public long size() {
        return (long) batch * height * width * channels;
    }

    /** The same images, so many of them. */
    public ImageShape withBatch(int images) {
        return new ImageShape(images, height, width, channels);
    }

    @Override
    public String toString() {
        return batch + "x" + height + "x" + width + "x" + channels;
    }
}
