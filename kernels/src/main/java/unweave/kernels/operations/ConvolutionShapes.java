package unweave.kernels.operations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.kernels.ConvShape;

/**
 * The convolutions of the table: small ones that reach every edge of a kernel, and the layers of the two models of the
 * thesis.
 */
final class ConvolutionShapes {
    private static final int BATCH = 16;

    private ConvolutionShapes() {}

    static List<ConvShape> small() {
        return List.of(
                ConvShape.same(2, 9, 8, 1, 8, 3),
                ConvShape.same(1, 6, 11, 3, 7, 3),
                ConvShape.same(3, 16, 16, 8, 8, 3),
                ConvShape.same(2, 8, 8, 8, 16, 3),
                ConvShape.same(2, 7, 5, 16, 17, 3),
                ConvShape.same(2, 10, 7, 33, 17, 3),
                ConvShape.same(1, 33, 34, 16, 32, 3),
                ConvShape.same(1, 13, 40, 7, 33, 5),
                ConvShape.same(1, 1, 1, 3, 8, 3),
                ConvShape.same(2, 5, 5, 4, 3, 1),
                ConvShape.same(3, 9, 7, 36, 40, 3),
                ConvShape.same(3, 8, 8, 64, 36, 3),
                ConvShape.same(2, 17, 33, 4, 8, 3),
                ConvShape.same(1, 18, 20, 20, 28, 3),
                ConvShape.same(2, 9, 37, 1, 12, 3),
                ConvShape.same(5, 4, 4, 16, 16, 3),
                // Tiles of 2 x 2 outputs: at odd borders, across images, more than one block of them.
                ConvShape.same(3, 9, 7, 64, 64, 3),
                ConvShape.same(2, 13, 12, 64, 96, 3),
                ConvShape.same(1, 37, 18, 96, 64, 3),
                // batch, height, width, channels in and out, kernel, stride, padding, dilation, groups
                new ConvShape(2, 9, 10, 3, 5, 3, 3, 1, 1, 0, 0, 1, 1, 1),
                new ConvShape(2, 12, 9, 17, 33, 3, 3, 2, 2, 1, 1, 1, 1, 1),
                new ConvShape(3, 11, 12, 4, 6, 5, 4, 2, 3, 2, 1, 1, 1, 1),
                new ConvShape(2, 9, 9, 2, 3, 3, 3, 1, 1, 2, 2, 2, 2, 1),
                new ConvShape(2, 7, 7, 4, 6, 3, 3, 1, 1, 1, 1, 1, 1, 2),
                new ConvShape(1, 8, 9, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1, 16),
                new ConvShape(2, 7, 11, 37, 37, 3, 4, 2, 1, 0, 2, 3, 1, 1, 2, 37),
                new ConvShape(2, 8, 9, 3, 6, 3, 3, 2, 1, 1, 1, 1, 1, 3),
                new ConvShape(2, 9, 11, 24, 24, 5, 5, 1, 1, 2, 2, 1, 1, 24),
                new ConvShape(1, 12, 13, 72, 72, 5, 5, 2, 2, 2, 2, 1, 1, 72),
                new ConvShape(2, 8, 10, 70, 70, 3, 3, 1, 1, 2, 2, 2, 2, 70),
                new ConvShape(3, 4, 4, 160, 160, 3, 3, 1, 1, 1, 1, 1, 1, 160),
                new ConvShape(2, 1, 40, 20, 20, 1, 13, 1, 2, 0, 6, 1, 1, 20),
                new ConvShape(2, 7, 9, 24, 36, 3, 3, 2, 1, 1, 1, 1, 1, 6),
                new ConvShape(2, 9, 8, 32, 34, 3, 3, 1, 1, 1, 1, 1, 1, 2),
                new ConvShape(1, 13, 14, 8, 12, 3, 3, 2, 2, 1, 1, 2, 2, 2),
                new ConvShape(1, 5, 20, 3, 8, 1, 7, 1, 1, 0, 3, 1, 1, 1),
                new ConvShape(2, 20, 4, 8, 3, 7, 1, 1, 1, 3, 0, 1, 1, 1),
                new ConvShape(2, 5, 5, 8, 16, 5, 5, 1, 1, 0, 0, 1, 1, 1),
                new ConvShape(1, 4, 5, 3, 4, 3, 3, 1, 1, 3, 4, 1, 1, 1),
                new ConvShape(1, 17, 9, 3, 8, 2, 2, 3, 4, 0, 0, 1, 1, 1),
                new ConvShape(2, 6, 6, 8, 16, 1, 1, 2, 2, 0, 0, 1, 1, 1),
                // the same with padding top, left, bottom, right before the dilation
                new ConvShape(2, 9, 8, 3, 5, 3, 3, 1, 1, 0, 1, 2, 0, 1, 1, 1),
                new ConvShape(2, 12, 12, 16, 16, 3, 3, 1, 1, 1, 0, 0, 1, 1, 1, 1),
                new ConvShape(1, 13, 11, 32, 20, 3, 3, 1, 1, 2, 1, 0, 4, 1, 1, 1),
                new ConvShape(2, 11, 14, 8, 16, 3, 3, 1, 1, 0, 0, 1, 3, 1, 1, 1),
                new ConvShape(2, 12, 9, 64, 80, 3, 3, 1, 1, 0, 2, 1, 0, 1, 1, 1),
                new ConvShape(2, 9, 16, 1, 8, 3, 3, 1, 1, 0, 2, 3, 0, 1, 1, 1),
                new ConvShape(2, 10, 15, 1, 32, 3, 3, 1, 1, 2, 0, 1, 1, 1, 1, 1),
                new ConvShape(1, 8, 9, 4, 6, 2, 4, 2, 3, 0, 1, 1, 2, 1, 1, 2),
                new ConvShape(2, 7, 9, 6, 6, 4, 2, 1, 2, 3, 0, 0, 2, 2, 1, 6),
                new ConvShape(1, 1, 97, 1, 24, 1, 64, 1, 4, 0, 31, 0, 32, 1, 1, 1),
                new ConvShape(3, 11, 9, 1, 20, 9, 5, 2, 3, 4, 0, 1, 6, 1, 1, 1),
                new ConvShape(2, 7, 18, 2, 17, 4, 6, 3, 2, 1, 2, 2, 0, 1, 2, 1),
                new ConvShape(2, 1, 21, 8, 8, 1, 64, 1, 1, 0, 31, 0, 32, 1, 1, 1),
                new ConvShape(2, 5, 4, 3, 5, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1),
                ConvShape.dense(6, 13, 7),
                ConvShape.dense(3, 130, 37),
                ConvShape.dense(16, 64, 20),
                ConvShape.dense(16, 20, 2),
                ConvShape.dense(1, 300, 128),
                // Sums that the GPU cuts into parts, with ends inside a vector, a load and a part.
                ConvShape.dense(33, 1030, 37),
                ConvShape.dense(5, 1000, 10),
                ConvShape.dense(2, 34, 517),
                ConvShape.same(2, 20, 13, 12, 35, 1));
    }

    /** The layers of the thesis' models at their training batch, by model and layer name. */
    static Map<String, ConvShape> ofModels() {
        Map<String, ConvShape> shapes = new LinkedHashMap<>();
        addModel(shapes, "toy", 64, new int[] {1, 8, 8, 16, 16, 16}, new int[] {64, 20, 20, 2});
        addModel(shapes, "gtzan", 128, new int[] {1, 32, 32, 64, 64, 128}, new int[] {2048, 128, 128, 10});
        return shapes;
    }

    private static void addModel(
            Map<String, ConvShape> shapes, String model, int side, int[] channels, int[] features) {
        for (int i = 0; i + 1 < channels.length; i++) {
            shapes.put(
                    model + " conv" + (i + 1),
                    ConvShape.same(BATCH, side >> i, side >> i, channels[i], channels[i + 1], 3));
        }
        for (int i = 0; i + 1 < features.length; i++) {
            shapes.put(model + " dense" + (i + 1), ConvShape.dense(BATCH, features[i], features[i + 1]));
        }
    }
}
