package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** Padding of four sides. */
class PaddingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2                | [2,2]",
                "[2, 1]           | [2,1]",
                "[2, 1, 2, 1]     | [2,1]",
                "[2, 1, 0, 3]     | [2,1,0,3]",
                "\"same\"         | [1,0,2,0]"
            })
    void oppositeSidesThatAreAlikeAreWrittenOnce(String padding, String written) {
        for (String kind : new String[] {"\"conv\", \"filters\": 2", "\"depthwise\""}) {
            JsonObject json = JsonParser.parseString("{\"name\": \"c\", \"kind\": " + kind
                            + ", \"kernel\": [4, 1], \"padding\": " + padding + "}")
                    .getAsJsonObject();
            Layer layer = LayerKinds.read(json, 1);
            JsonObject again = LayerKinds.write(layer);
            assertEquals(written, again.get("padding").toString());
            assertEquals(layer, LayerKinds.read(again, 1));
        }
    }

    private static ModelDescription network(String first) {
        return ModelDescription.parse(
                """
        {"input": {"height": 6, "width": 7, "channels": 3}, "classes": ["a", "b"], "layers": [
          %s, {"name": "relu", "kind": "relu"}, {"name": "pool", "kind": "globalavgpool"},
          {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 2}]}"""
                        .formatted(first));
    }

    /** A kernel of zeros at the end of each axis sees the padding there and nothing else. */
    @Test
    void theSameOutputWithALargerKernelOfZerosAndLessPadding() {
        ModelDescription shifted = network(
                "{\"name\": \"c\", \"kind\": \"conv\", \"filters\": 8, \"kernel\": [2, 3], \"padding\": [0, 1, 2, 0]}");
        ModelDescription equal = network(
                "{\"name\": \"c\", \"kind\": \"conv\", \"filters\": 8, \"kernel\": [4, 4], \"padding\": [2, 1]}");
        assertEquals(LayerShape.image(7, 6, 8), shifted.outputShape("c"));
        assertEquals(LayerShape.image(7, 6, 8), equal.outputShape("c"));
        SplittableRandom random = new SplittableRandom(1);
        float[] weight = uniform(random, 2 * 3 * 3 * 8);
        // Rows 2 and 3 and columns 0 to 2 of the larger kernel hold the smaller one.
        float[] larger = new float[4 * 4 * 3 * 8];
        for (int row = 0; row < 2; row++) {
            System.arraycopy(weight, row * 72, larger, (row + 2) * 96, 72);
        }
        float[] x = uniform(random, 2 * 6 * 7 * 3);
        try (Backend backend = CpuBackend.create(1);
                Model a = Model.of(shifted, backend, p -> p.name().equals("c.weight") ? weight : ones(p.size()));
                Model b = Model.of(equal, backend, p -> p.name().equals("c.weight") ? larger : ones(p.size()))) {
            assertArrayEquals(b.predict(x, 2), a.predict(x, 2), 1e-4f);
        }
    }

    private static float[] uniform(SplittableRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static float[] ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1f);
        return ones;
    }

    @Test
    void anyPaddingCountsAsZerosThatOutputsRead() {
        LayerShape input = LayerShape.image(5, 5, 2);
        Size one = Size.square(1);
        Size none = Size.square(0);
        Conv below = new Conv("c", List.of(), 1, one, one, none, new Size(1, 0), one, 1, true);
        assertTrue(below.linearWeights(input).orElseThrow().padded());
        Conv plain = new Conv("c", List.of(), 1, one, one, none, one, 1, true);
        assertFalse(plain.linearWeights(input).orElseThrow().padded());
    }
}
