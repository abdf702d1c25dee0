package unweave.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.layer.ReceptiveField;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class ReceptiveFieldTest {
    private static final int HEIGHT = 11;
    private static final int WIDTH = 14;
    private static final float BUMP = 1000;

    @Test
    void growsWithEveryBlockOfTheThesisNetworks() {
        ModelDescription toy = ModelDescription.toy();
        assertEquals(
                new ReceptiveField.Box(9, 29, 12, 32),
                toy.receptiveField("conv1").at(10, 30));
        // 2 x 2 pooling of conv1 sees 4 bins, conv2 8, its pooling 10, conv3 18, four bins apart.
        assertEquals(
                new ReceptiveField.Box(4 * 5 - 7, 4 * 9 - 7, 4 * 5 + 11, 4 * 9 + 11),
                toy.receptiveField("conv3").at(5, 9));
        assertEquals(
                new ReceptiveField.Box(0, 64 - 11, 11, 64),
                toy.receptiveField("conv3").at(0, 15),
                "cut at the borders");
        assertEquals(
                new ReceptiveField.Box(0, 0, 64, 64),
                toy.receptiveField("dense1").at(0, 0));
        assertEquals(
                toy.receptiveField("conv2").at(3, 4),
                toy.receptiveField("relu2").at(3, 4));
    }

    @Test
    void boxesContainTheirBinsOnly() {
        ReceptiveField.Box box = new ReceptiveField.Box(2, 3, 4, 6);
        assertTrue(box.contains(2, 3) && box.contains(3, 5));
        assertTrue(!box.contains(4, 3) && !box.contains(3, 6) && !box.contains(1, 4) && !box.contains(2, 2));
    }

    @Test
    void aLayerThatDoesNotExistIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> ModelDescription.toy()
                        .receptiveField("conv9"))
                .getMessage();
        assertTrue(message.contains("conv9") && message.contains("conv1, relu1"), message);
    }

    /**
     * Changes one bin of the input after the other and looks which positions of every layer change; positive weights
     * leave no effect to cancel.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                """
    {"name": "conv1", "kind": "conv", "filters": 2, "kernel": [3, 2], "stride": [2, 1], "padding": [1, 0]},
    {"name": "norm1", "kind": "batchnorm"}, {"name": "relu1", "kind": "relu"},
    {"name": "pool1", "kind": "maxpool", "window": 2}, {"name": "drop", "kind": "dropout"},
    {"name": "conv2", "kind": "conv", "filters": 2, "kernel": [1, 3], "dilation": [1, 2], "padding": [0, 2]},
    {"name": "flat", "kind": "flatten"}, {"name": "dense1", "kind": "dense", "units": 3}, {"name": "out",
      "kind": "dense", "units": 1}
    """,
                """
    {"name": "stem", "kind": "conv", "filters": 4, "kernel": 3, "padding": "same"},
    {"name": "left", "kind": "conv", "filters": 4, "kernel": [1, 5], "padding": [0, 2], "groups": 2},
    {"name": "sum", "kind": "add", "inputs": ["stem", "left"]},
    {"name": "wide", "kind": "conv", "filters": 2, "kernel": [5, 1], "padding": [2, 0], "inputs": ["sum"]},
    {"name": "both", "kind": "concat", "inputs": ["sum", "wide"]},
    {"name": "pool", "kind": "avgpool", "window": 3, "stride": 2, "padding": 1},
    {"name": "norm", "kind": "layernorm"},
    {"name": "global", "kind": "globalmaxpool"}, {"name": "flat", "kind": "flatten"}, {"name": "out",
      "kind": "dense", "units": 1}
    """,
                """
    {"name": "even", "kind": "conv", "filters": 2, "kernel": [4, 2], "padding": "same"},
    {"name": "late", "kind": "conv", "filters": 2, "kernel": 3, "stride": 2, "padding": [0, 0, 3, 1]},
    {"name": "early", "kind": "depthwise", "kernel": [2, 3], "dilation": 2, "padding": [3, 4, 0, 1]},
    {"name": "flat", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 1}
    """,
                """
    {"name": "far", "kind": "maxpool", "window": [2, 3], "stride": 1, "dilation": [3, 2], "padding": [0, 1, 2, 0]},
    {"name": "rest", "kind": "avgpool", "window": 3, "stride": 2, "padding": [1, 0, 0, 0], "ceil": true},
    {"name": "norm", "kind": "lppool", "p": 3, "window": 2, "stride": 1, "padding": [0, 1, 0, 0]},
    {"name": "flat", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 1}
    """,
                """
    {"name": "down", "kind": "conv", "filters": 2, "kernel": 3, "stride": 3},
    {"name": "up", "kind": "convtranspose", "filters": 2, "kernel": 2, "stride": 3, "padding": 0, "extra": [1, 0]},
    {"name": "again", "kind": "convtranspose", "filters": 2, "kernel": 3, "stride": 2, "padding": 1},
    {"name": "global", "kind": "globalavgpool"}, {"name": "flat", "kind": "flatten"}, {"name": "out",
      "kind": "dense", "units": 1}
    """,
                """
    {"name": "down", "kind": "conv", "filters": 2, "kernel": 3, "stride": 3},
    {"name": "up", "kind": "convtranspose", "filters": 2, "kernel": [3, 2], "stride": 2, "dilation": [2, 3],
      "padding": [0, 2, 3, 1], "extra": [1, 0], "groups": 2},
    {"name": "flat", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 1}
    """
            })
    void agreesWithChangingEveryBin(String layers) {
        ModelDescription description = ModelDescription.parse("{\"input\": {\"height\": " + HEIGHT + ", \"width\": "
                + WIDTH + "}, \"classes\": [\"a\"], \"layers\": [" + layers + "]}");
        Random random = new Random(3);
        try (Backend backend = CpuBackend.create(2);
                Model model = Model.of(description, backend, p -> positive(p.size(), random));
                Tape tape = Tape.inference(backend)) {
            model.forwardEveryLayer(
                    tape,
                    tape.input(
                            backend.floats(bumped(random)), description.input().ofBatch(1 + HEIGHT * WIDTH)));
            for (String layer : description.layerNames()) {
                assertSees(description.receptiveField(layer), model.activation(tape, layer), backend, layer);
            }
        }
    }

    private static float[] positive(int size, Random random) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = 0.1f + random.nextFloat();
        }
        return values;
    }

    /** The input as it is, then once for every bin with that bin raised. */
    private static float[] bumped(Random random) {
        int bins = HEIGHT * WIDTH;
        float[] base = positive(bins, random);
        float[] all = new float[(1 + bins) * bins];
        for (int n = 0; n <= bins; n++) {
            System.arraycopy(base, 0, all, n * bins, bins);
        }
        for (int bin = 0; bin < bins; bin++) {
            all[(1 + bin) * bins + bin] += BUMP;
        }
        return all;
    }

    private static void assertSees(ReceptiveField field, Tensor activation, Backend backend, String layer) {
        float[] values = backend.toArray(activation.data());
        boolean image = activation.shape().length == 4;
        int rows = image ? activation.shape()[1] : 1;
        int columns = image ? activation.shape()[2] : 1;
        int size = values.length / activation.batch();
        int channels = size / (rows * columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int from = (row * columns + column) * channels;
                assertEquals(
                        changing(values, size, from, channels),
                        field.at(row, column),
                        layer + " at " + row + ", " + column);
            }
        }
    }

    /** The smallest box around the bins that change what a position computes. */
    private static ReceptiveField.Box changing(float[] values, int size, int from, int channels) {
        ReceptiveField.Box box = null;
        for (int bin = 0; bin < HEIGHT * WIDTH; bin++) {
            int changed = (1 + bin) * size + from;
            if (!Arrays.equals(values, from, from + channels, values, changed, changed + channels)) {
                int row = bin / WIDTH;
                int column = bin % WIDTH;
                box = box == null
                        ? new ReceptiveField.Box(row, column, row + 1, column + 1)
                        : new ReceptiveField.Box(
                                Math.min(box.top(), row),
                                Math.min(box.left(), column),
                                Math.max(box.bottom(), row + 1),
                                Math.max(box.right(), column + 1));
            }
        }
        return box == null ? new ReceptiveField.Box(0, 0, 0, 0) : box;
    }
}
