package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

class ConvTransposeTest {
    private static ConvTranspose layer(String settings) {
        JsonObject json = JsonParser.parseString("{'name': 'up', 'kind': 'convtranspose', " + settings + "}")
                .getAsJsonObject();
        return (ConvTranspose) LayerKinds.read(json, 1);
    }

    /** ConvTranspose2d(2, 4, 2, stride=2, padding=1, output_padding=1, groups=2, dilation=2) of PyTorch 1.13. */
    @Test
    void groupsAndDilationAreThoseOfPyTorch() {
        ConvTranspose layer = layer("'filters': 4, 'kernel': 2, 'stride': 2, 'padding': 1, 'extra': 1, 'groups': 2, "
                + "'dilation': 2, 'bias': false");
        LayerShape input = LayerShape.image(2, 2, 2);
        assertEquals(LayerShape.image(4, 4, 4), layer.outputShape(List.of(input)));
        assertEquals(
                List.of(2, 2, 2, 2), layer.parameters(List.of(input)).get(0).shape());
        float[] weight = new float[16]; // PyTorch's, input x output of a group x row x column, counts from 1
        for (int i = 0; i < 16; i++) {
            int inputChannel = i % 2;
            int output = i / 2 % 2;
            weight[i] = 1 + (inputChannel * 2 + output) * 4 + i / 4;
        }
        float[] x = {1, 5, 2, 6, 3, 7, 4, 8}; // 1 to 8 in the order C H W
        float[] y;
        try (Backend backend = CpuBackend.create(1);
                Tape tape = Tape.inference(backend);
                Parameter w = new Parameter(backend, "w", new int[] {2, 2, 2, 2}, false, weight)) {
            y = backend.toArray(
                    tape.transposedConv("up", tape.input(backend.floats(x), 1, 2, 2, 2), layer.shape(1, input), w, null)
                            .data());
        }
        float[] expected = new float[64];
        System.arraycopy(new float[] {20, 60, 268, 372}, 0, expected, 20, 4);
        System.arraycopy(new float[] {16, 40, 152, 208}, 0, expected, 28, 4);
        System.arraycopy(new float[] {24, 52, 172, 232}, 0, expected, 52, 4);
        System.arraycopy(new float[] {16, 32, 96, 128}, 0, expected, 60, 4);
        assertArrayEquals(expected, y);
    }

    @Test
    void paddingCutsOffEachSideByItself() {
        ConvTranspose layer =
                layer("'filters': 3, 'kernel': [4, 3], 'stride': [2, 1], 'padding': [0, 2, 3, 1], 'dilation': [1, 2]");
        // (5 - 1) 2 - 3 + 3 + 1 rows, 6 - 1 - 3 + 4 + 1 columns
        assertEquals(LayerShape.image(9, 7, 3), layer.outputShape(List.of(LayerShape.image(5, 6, 2))));
        JsonObject json = LayerKinds.write(layer);
        assertEquals("[0,2,3,1]", json.get("padding").toString());
        assertEquals("[1,2]", json.get("dilation").toString());
        assertEquals(layer, LayerKinds.read(json, 1));
    }

    @Test
    void modelsWithoutTheOptionsAreWrittenAsBefore() {
        assertEquals(
                "{\"name\":\"up\",\"kind\":\"convtranspose\",\"filters\":3,\"kernel\":[2,2],\"stride\":[2,2],"
                        + "\"padding\":[1,1],\"extra\":[0,0],\"bias\":true}",
                LayerKinds.write(layer("'filters': 3, 'kernel': 2, 'stride': 2, 'padding': 1"))
                        .toString());
    }

    @Test
    void groupsThatDoNotDivideAreRefused() {
        ConvTranspose layer = layer("'filters': 4, 'kernel': 2, 'groups': 2");
        assertEquals(
                "layer up: groups 2 must divide the input channels 3 and the output channels 4",
                assertThrows(BadInputException.class, () -> layer.outputShape(List.of(LayerShape.image(2, 2, 3))))
                        .getMessage());
    }
}
