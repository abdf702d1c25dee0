package unweave.bench.network;

import java.util.Set;
import unweave.engine.layer.Axis;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.Reduce;
import unweave.engine.layer.Size;
import unweave.engine.model.ModelDescription;

/** Image networks that are used on spectrograms, layer by layer as they are published unless it says otherwise. */
final class ConvolutionalNetworks {
    private static final Size ONE = Size.square(1);
    private static final int AUDIO_SET_CLASSES = 527;
    private static final int IMAGE_NET_CLASSES = 1000;

    /** MobileNetV2's blocks of a stage: expansion, channels, how many, stride of the first. */
    private static final int[][] STAGES = {
        {1, 16, 1, 1},
        {6, 24, 2, 2},
        {6, 32, 3, 2},
        {6, 64, 4, 2},
        {6, 96, 3, 1},
        {6, 160, 3, 2},
        {6, 320, 1, 1},
    };

    private ConvolutionalNetworks() {}

    /**
     * VGGish (Hershey et al. 2017) on 64 mel bands and 96 frames: 3 x 3 convolutions of 64 to 512 channels. Its two
     * dense layers of 4,096 are one of 256 here: they would be a test of memory alone.
     */
    static ModelDescription vggish() {
        LayerList layers = new LayerList();
        int[][] blocks = {{64}, {128}, {256, 256}, {512, 512}};
        int number = 0;
        for (int block = 0; block < blocks.length; block++) {
            for (int filters : blocks[block]) {
                number++;
                layers.conv("conv" + number, filters, Size.square(3), ONE, true).relu("relu" + number);
            }
            layers.maxPool("pool" + (block + 1), 2, 2, 0);
        }
        return layers.flatten()
                .dense("dense1", 256)
                .relu("relu" + (number + 1))
                .dense("dense2", 50)
                .build(LayerShape.image(64, 96, 1), 50);
    }

    /** ResNet-18 (He et al. 2016) on 128 x 128 images of three channels. */
    static ModelDescription resNet18() {
        LayerList layers =
                new LayerList().normalizedConv("conv1", 64, 7, 2).relu("relu1").maxPool("pool1", 3, 2, 1);
        int[] widths = {64, 128, 256, 512};
        for (int stage = 1; stage <= widths.length; stage++) {
            for (int block = 1; block <= 2; block++) {
                int stride = stage > 1 && block == 1 ? 2 : 1;
                residual(layers, "layer" + stage + "." + block, widths[stage - 1], stride, stride > 1);
            }
        }
        return layers.globalAvgPool("pool2")
                .flatten()
                .dense("dense", IMAGE_NET_CLASSES)
                .build(LayerShape.image(128, 128, 3), IMAGE_NET_CLASSES);
    }

    private static void residual(LayerList layers, String name, int width, int stride, boolean projected) {
        String input = layers.last();
        layers.normalizedConv(name + ".conv1", width, 3, stride)
                .relu(name + ".relu1")
                .normalizedConv(name + ".conv2", width, 3, 1);
        String body = layers.last();
        String shortcut = projected
                ? layers.from(input)
                        .normalizedConv(name + ".shortcut", width, 1, stride)
                        .last()
                : input;
        layers.sum(name + ".add", body, shortcut).relu(name);
    }

    /** Cnn6 of PANNs (Kong et al. 2020): 5 x 5 convolutions; see {@link #pann}. */
    static ModelDescription cnn6() {
        return pann(5, 1);
    }

    /** Cnn10 of PANNs (Kong et al. 2020): pairs of 3 x 3 convolutions; see {@link #pann}. */
    static ModelDescription cnn10() {
        return pann(3, 2);
    }

    /**
     * 64 mel bands and 300 frames: four blocks of 64 to 512 channels, each with average pooling behind it; the mean
     * over the bands, and over time the largest value and the mean. Without dropout, so that losses can be compared,
     * and without the normalisation of the bands at the input.
     */
    private static ModelDescription pann(int kernel, int convolutions) {
        LayerList layers = new LayerList();
        for (int block = 1; block <= 4; block++) {
            for (int i = 1; i <= convolutions; i++) {
                String name = "block" + block + ".conv" + i;
                layers.normalizedConv(name, 32 << block, kernel, 1).relu(name + ".relu");
            }
            layers.avgPool("pool" + block, Size.square(2));
        }
        layers.add(new Reduce("bands", layers.inputs(), Reduce.Operation.MEAN, Set.of(Axis.HEIGHT)));
        layers.add(new Reduce("largest", layers.inputs(), Reduce.Operation.MAX, Set.of(Axis.WIDTH)))
                .from("bands");
        layers.add(new Reduce("mean", layers.inputs(), Reduce.Operation.MEAN, Set.of(Axis.WIDTH)));
        return layers.sum("both", "largest", "mean")
                .flatten()
                .dense("dense1", 512)
                .relu("relu1")
                .dense("dense2", AUDIO_SET_CLASSES)
                .build(LayerShape.image(64, 300, 1), AUDIO_SET_CLASSES);
    }

    /** MobileNetV2 (Sandler et al. 2018) on 128 x 128 images of three channels, without dropout. */
    static ModelDescription mobileNetV2() {
        LayerList layers = new LayerList().normalizedConv("conv1", 32, 3, 2).relu6("relu1");
        int channels = 32;
        int number = 0;
        for (int[] stage : STAGES) {
            for (int i = 0; i < stage[2]; i++) {
                number++;
                invertedResidual(layers, "block" + number, channels, stage[0], stage[1], i == 0 ? stage[3] : 1);
                channels = stage[1];
            }
        }
        return layers.normalizedConv("conv2", 1280, 1, 1)
                .relu6("relu2")
                .globalAvgPool("pool")
                .flatten()
                .dense("dense", IMAGE_NET_CLASSES)
                .build(LayerShape.image(128, 128, 3), IMAGE_NET_CLASSES);
    }

    private static void invertedResidual(
            LayerList layers, String name, int inputs, int expansion, int outputs, int stride) {
        String input = layers.last();
        if (expansion > 1) {
            layers.normalizedConv(name + ".expand", inputs * expansion, 1, 1).relu6(name + ".relu1");
        }
        layers.depthwise(name + ".depthwise", 3, stride)
                .batchNorm(name + ".depthwise.bn")
                .relu6(name + ".relu2")
                .normalizedConv(name + ".project", outputs, 1, 1);
        if (stride == 1 && inputs == outputs) {
            layers.sum(name + ".add", input, layers.last());
        }
    }
}
