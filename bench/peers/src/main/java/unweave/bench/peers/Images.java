package unweave.bench.peers;

import unweave.engine.layer.LayerShape;

/** The order of images in memory. */
final class Images {
    private Images() {}

    /**
     * From N H W C to N C H W.
     *
     * @param values not modified
     */
    static float[] channelsFirst(float[] values, LayerShape shape) {
        int pixels = shape.height() * shape.width();
        int channels = shape.channels();
        float[] moved = new float[values.length];
        for (int start = 0; start < values.length; start += pixels * channels) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                for (int c = 0; c < channels; c++) {
                    moved[start + c * pixels + pixel] = values[start + pixel * channels + c];
                }
            }
        }
        return moved;
    }
}
