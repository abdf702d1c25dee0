package unweave.explain.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {

    record Concept(int index, float relevance, double[] curve, String note) {}

    @Test
    void objectsAreIndentedAndArraysOfNumbersStandOnOneLine() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("sound", "a \"b\".wav");
        value.put("concepts", List.of(new Concept(1, 0.1f, new double[] {1, 2.5}, null)));
        value.put("empty", List.of());
        assertEquals(
                """
        {
          "sound": "a \\"b\\".wav",
          "concepts": [
            {
              "index": 1,
              "relevance": 0.1,
              "curve": [1, 2.5],
              "note": null
            }
          ],
          "empty": []
        }
        """,
                Json.pretty(value));
    }

    @Test
    void numbersAreAsShortAsTheyCanBe() {
        assertEquals(
                "[0.1,0.3333333333333333,0.33333334,100,1E-7,2.5E+20,0,-0.0001]",
                Json.line(new Object[] {0.1, 1 / 3.0, 1 / 3f, 100.0, 1e-7, 2.5e20, -0.0, -1e-4}));
    }

    @Test
    void numbersReadBackExactly() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            float single = Float.intBitsToFloat(random.nextInt());
            if (Double.isFinite(value) && Float.isFinite(single)) {
                assertEquals(value, JsonParser.parseString(Json.line(value)).getAsDouble());
                assertEquals(single, JsonParser.parseString(Json.line(single)).getAsFloat());
            }
        }
    }

    @Test
    void whatJsonCannotHoldIsNull() {
        assertEquals(
                "[null,null,null,1]",
                Json.line(new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1}));
        assertEquals("[null]", Json.line(List.of(Float.NaN)));
    }

    @Test
    void mapsWithoutAnOrderAreSorted() {
        assertEquals("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", Json.line(Map.of("c", 3, "a", 1, "d", 4, "b", 2)));
        Map<String, Integer> ordered = new LinkedHashMap<>();
        ordered.put("z", 1);
        ordered.put("a", 2);
        assertEquals("{\"z\":1,\"a\":2}", Json.line(ordered));
    }
}
