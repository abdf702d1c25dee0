package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.engine.tape.Tape;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

/** Options of pooling; the expected values are those of PyTorch 1.13 where it has the option. */
class PoolingTest {
    /** 1 x 6 x 1: an image of one row. */
    private static final float[] ROW = {3, -1, 4, 1, -5, 9};

    private static Layer layer(String json) {
        return LayerKinds.read(JsonParser.parseString("{\"name\": \"p\", " + json.replace('\'', '"') + "}"), 1);
    }

    private static float[] applied(String json) {
        try (Backend backend = CpuBackend.create(1);
                Tape tape = Tape.inference(backend)) {
            return backend.toArray(layer(json)
                    .apply(tape, List.of(tape.input(backend.floats(ROW), 1, 1, 6, 1)), null)
                    .data());
        }
    }

    @Test
    void maxima() {
        assertArrayEquals(
                new float[] {3, 4, 9, 9},
                applied("'kind': 'maxpool', 'window': [1, 3], 'stride': [1, 2], " + "'padding': [0, 1], 'ceil': true"));
        assertArrayEquals(
                new float[] {4, 1, 4, 9},
                applied("'kind': 'maxpool', 'window': [1, 2], 'stride': 1, " + "'dilation': [1, 2]"));
        assertArrayEquals(
                new float[] {3, 3, 4, 4, 1, 9},
                applied("'kind': 'maxpool', 'window': [1, 2], 'stride': 1, " + "'padding': [0, 1, 0, 0]"));
    }

    @Test
    void means() {
        String windows = "'kind': 'avgpool', 'window': [1, 3], 'stride': [1, 2], 'padding': [0, 1], 'ceil': true";
        assertArrayEquals(new float[] {2 / 3f, 4 / 3f, 5 / 3f, 4.5f}, applied(windows), 1e-6f);
        assertArrayEquals(new float[] {1, 4 / 3f, 5 / 3f, 9}, applied(windows + ", 'countPadding': false"), 1e-6f);
        assertArrayEquals(
                new float[] {1, 0},
                applied("'kind': 'avgpool', 'window': [1, 3], 'padding': [0, 1, 0, 0], " + "'countPadding': false"),
                1e-6f);
    }

    @Test
    void norms() {
        assertArrayEquals(
                new float[] {(float) Math.sqrt(10), (float) Math.sqrt(17), (float) Math.sqrt(106)},
                applied("'kind': 'lppool', 'window': [1, 2]"),
                1e-5f);
        assertArrayEquals(
                new float[] {3, 5, 6, 9}, applied("'kind': 'lppool', 'p': 1, 'window': [1, 2], 'padding': [0, 1]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'kind': 'maxpool', 'window': 2 | {'name':'p','kind':'maxpool','window':[2,2],'stride':[2,2],"
                        + "'padding':[0,0]}",
                "'kind': 'avgpool', 'window': 2, 'padding': 1, 'ceil': false, 'countPadding': true | {'name':'p',"
                        + "'kind':'avgpool','window':[2,2],'stride':[2,2],'padding':[1,1]}",
                "'kind': 'maxpool', 'window': 2, 'stride': 1, 'padding': 'same', 'dilation': 3, 'ceil': true | "
                        + "{'name':'p','kind':'maxpool','window':[2,2],'stride':[1,1],'padding':[1,1,2,2],"
                        + "'dilation':[3,3],'ceil':true}",
                "'kind': 'avgpool', 'window': 2, 'countPadding': false | {'name':'p','kind':'avgpool','window':[2,2],"
                        + "'stride':[2,2],'padding':[0,0],'countPadding':false}",
                "'kind': 'lppool', 'window': 2 | {'name':'p','kind':'lppool','p':2.0,'window':[2,2],'stride':[2,2],"
                        + "'padding':[0,0]}"
            },
            quoteCharacter = '`')
    void optionsAreWrittenWhereTheyMatter(String settings, String written) {
        Layer layer = layer(settings);
        JsonObject json = LayerKinds.write(layer);
        assertEquals(written.replace('\'', '"'), json.toString());
        assertEquals(layer, LayerKinds.read(json, 1));
    }

    @Test
    void refusals() {
        LayerShape input = LayerShape.image(5, 4, 2);
        assertEquals(
                "layer p: window 3x3 is larger than its input 5x4",
                complaint("'kind': 'maxpool', 'window': 3, 'dilation': [1, 2]", input));
        assertEquals(
                "layer p: with this padding some pooling windows of 2x2 would hold no cell of the input 5x4",
                complaint("'kind': 'avgpool', 'window': 2, 'padding': [0, 0, 3, 0]", input));
        assertEquals(
                "layer p: p must be a number of at least 1, not 0.5",
                complaint("'kind': 'lppool', 'p': 0.5, 'window': 2", input));
    }

    private static String complaint(String settings, LayerShape input) {
        return assertThrows(BadInputException.class, () -> layer(settings).outputShape(List.of(input)))
                .getMessage();
    }
}
