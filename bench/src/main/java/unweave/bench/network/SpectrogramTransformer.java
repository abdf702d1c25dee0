package unweave.bench.network;

import java.util.List;
import java.util.Set;
import unweave.engine.layer.Activate;
import unweave.engine.layer.Axis;
import unweave.engine.layer.Conv;
import unweave.engine.layer.LayerNorm;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MatMul;
import unweave.engine.layer.Rearrange;
import unweave.engine.layer.Scale;
import unweave.engine.layer.Shift;
import unweave.engine.layer.Size;
import unweave.engine.layer.Softmax;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Activation;

/**
 * A small audio spectrogram transformer (Gong et al. 2021): 128 x 128 inputs in 64 patches of 16 x 16, four blocks of
 * width 192 with three heads (Touvron et al. 2021, tiny), the mean of all patches at the end. Tokens are images of
 * height 1, one token after the other along the width.
 */
final class SpectrogramTransformer {
    private static final int PATCH = 16;
    private static final int SIDE = 8;
    private static final int TOKENS = SIDE * SIDE;
    private static final int HEADS = 3;
    private static final int HEAD_WIDTH = 64;
    private static final int WIDTH = HEADS * HEAD_WIDTH;
    private static final int BLOCKS = 4;
    private static final int CLASSES = 35;

    private final LayerList layers = new LayerList();

    private SpectrogramTransformer() {}

    static ModelDescription description() {
        return new SpectrogramTransformer().build();
    }

    private ModelDescription build() {
        Size patch = Size.square(PATCH);
        layers.add(new Conv("patches", layers.inputs(), WIDTH, patch, patch, Size.square(0), Size.square(1), 1, true));
        rearrange("tokens", List.of(SIDE, SIDE, WIDTH), List.of(0, 1, 2), List.of(1, TOKENS, WIDTH));
        layers.add(new Shift("positions", layers.inputs(), List.of(1, TOKENS, WIDTH)));
        for (int block = 1; block <= BLOCKS; block++) {
            attention("block" + block);
            perceptron("block" + block);
        }
        norm("norm");
        return layers.globalAvgPool("pool")
                .flatten()
                .dense("dense", CLASSES)
                .build(LayerShape.image(SIDE * PATCH, SIDE * PATCH, 1), CLASSES);
    }

    private void attention(String block) {
        String input = layers.last();
        norm(block + ".norm1");
        String normalized = layers.last();
        for (String part : List.of("query", "key", "value")) {
            layers.from(normalized);
            linear(block + "." + part, WIDTH);
            rearrange(
                    block + "." + part + ".heads",
                    List.of(TOKENS, HEADS, HEAD_WIDTH),
                    List.of(1, 0, 2),
                    List.of(HEADS, TOKENS, HEAD_WIDTH));
        }
        layers.add(new MatMul(block + ".scores", List.of(block + ".query.heads", block + ".key.heads"), true));
        layers.add(new Scale(block + ".scaled", layers.inputs(), List.of(1, 1, 1)));
        layers.add(new Softmax(block + ".attention", layers.inputs()));
        layers.add(new MatMul(block + ".mixed", List.of(block + ".attention", block + ".value.heads"), false));
        rearrange(block + ".joined", List.of(HEADS, TOKENS, HEAD_WIDTH), List.of(1, 0, 2), List.of(1, TOKENS, WIDTH));
        linear(block + ".projection", WIDTH);
        layers.sum(block + ".attended", layers.last(), input);
    }

    private void perceptron(String block) {
        String input = layers.last();
        norm(block + ".norm2");
        linear(block + ".mlp1", 4 * WIDTH);
        layers.add(new Activate(block + ".gelu", layers.inputs(), Activation.GELU, Activation.GELU.usualConstants()));
        linear(block + ".mlp2", WIDTH);
        layers.sum(block + ".out", layers.last(), input);
    }

    private void norm(String name) {
        layers.add(new LayerNorm(name, layers.inputs(), 1e-6f, Set.of(Axis.CHANNELS), true));
    }

    /** The same dense layer for every token. */
    private void linear(String name, int outputs) {
        layers.conv(name, outputs, Size.square(1), Size.square(1), true);
    }

    private void rearrange(String name, List<Integer> split, List<Integer> order, List<Integer> to) {
        layers.add(new Rearrange(name, layers.inputs(), split, order, to));
    }
}
