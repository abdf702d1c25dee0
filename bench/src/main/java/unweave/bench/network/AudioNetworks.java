package unweave.bench.network;

import unweave.engine.layer.LayerShape;
import unweave.engine.layer.Size;
import unweave.engine.model.ModelDescription;

/** Networks that were made for sounds: kernels along time, along frequency, and much larger than 3 x 3. */
final class AudioNetworks {
    private static final int BANDS = 96;

    private AudioNetworks() {}

    /**
     * MatchboxNet-3x1x64 (Majumdar and Ginsburg 2020) on 64 coefficients and 128 frames: separable convolutions along
     * time. The coefficients are channels.
     */
    static ModelDescription matchboxNet() {
        LayerList layers = new LayerList().separable("conv1", 128, 11, 1).relu("relu1");
        for (int block = 1; block <= 3; block++) {
            String name = "block" + block;
            String input = layers.last();
            String body = layers.separable(name, 64, 11 + 2 * block, 1).last();
            String shortcut = layers.from(input)
                    .normalizedConv(name + ".shortcut", 64, 1, 1)
                    .last();
            layers.sum(name + ".add", body, shortcut).relu(name + ".relu");
        }
        return layers.separable("conv2", 128, 29, 2)
                .relu("relu2")
                .timeConv("conv3", 128, 1)
                .globalAvgPool("pool")
                .flatten()
                .dense("dense", 30)
                .build(LayerShape.image(1, 128, 64), 30);
    }

    /**
     * musicnn (Pons and Serra 2019) on 96 mel bands and 188 frames: kernels of up to 67 x 7 and 1 x 129 side by side,
     * then residual convolutions along time, all of which the pooling sees. Without dropout.
     */
    static ModelDescription musicnn() {
        LayerList layers = new LayerList().batchNorm("input.bn");
        timbral(layers, "timbral1", 67);
        timbral(layers, "timbral2", 38);
        layers.from("input.bn").avgPool("bands", new Size(BANDS, 1));
        int[] lengths = {129, 65, 33};
        for (int i = 0; i < lengths.length; i++) {
            layers.from("bands").timeConv("temporal" + (i + 1), 51, lengths[i]);
        }
        layers.concat("front", "timbral1.pool", "timbral2.pool", "temporal1.relu", "temporal2.relu", "temporal3.relu")
                .timeConv("mid1", 64, 7)
                .timeConv("mid2", 64, 7)
                .sum("sum2", "mid2.relu", "mid1.relu")
                .timeConv("mid3", 64, 7)
                .sum("sum3", "mid3.relu", "sum2")
                .concat("all", "front", "mid1.relu", "sum2", "sum3")
                .globalMaxPool("largest")
                .from("all")
                .globalAvgPool("mean");
        return layers.concat("both", "largest", "mean")
                .flatten()
                .dense("dense1", 200)
                .batchNorm("dense1.bn")
                .relu("dense1.relu")
                .dense("dense2", 50)
                .build(LayerShape.image(BANDS, 188, 1), 50);
    }

    /** A kernel that covers many bands, and the largest value over all bands that are left. */
    private static void timbral(LayerList layers, String name, int bands) {
        layers.from("input.bn").highConv(name, 204, new Size(bands, 7));
        layers.batchNorm(name + ".bn").relu(name + ".relu").maxPool(name + ".pool", new Size(BANDS - bands + 1, 1));
    }
}
