package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.kernels.BadInputException;

/** Settings of the kinds that put values in other places, which do not fit an image of 4 x 3 x 6. */
class IndexedRefusalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'kind': 'rearrange', 'split': [4, 3, 6], 'order': [0, 1], 'to': [72] | must name each axis",
                "'kind': 'rearrange', 'split': [4, 3, 6], 'order': [0, 1, 2], 'to': [70] | equally many values",
                "'kind': 'rearrange', 'split': [4, 3], 'order': [0, 1], 'to': [12] | does not hold the 72 values",
                "'kind': 'rearrange', 'split': [4, 3, 6], 'order': [0, 1, 2], 'to': [12, 6] | [height, width, channels]",
                "'kind': 'pad', 'mode': 'mirror', 'width': [1, 1] | \"mode\" must be constant, reflect",
                "'kind': 'pad', 'mode': 'reflect', 'width': [3, 0] | takes at most 2 on each side",
                "'kind': 'pad', 'width': [1] | must be [before, behind]",
                "'kind': 'slice', 'start': 2, 'stop': 2 | takes nothing",
                "'kind': 'slice', 'start': 0, 'stop': 4 | do not lie in the width",
                "'kind': 'slice', 'start': 0, 'stop': 2, 'step': 0 | step must not be 0",
                "'kind': 'slice', 'axis': 'depth', 'stop': 2 | \"axis\" must be height, width, channels",
                "'kind': 'take', 'indices': [6] | index 6 does not lie in the channels",
                "'kind': 'take', 'indices': [] | at least one place",
                "'kind': 'upsample', 'scale': 0 | \"scale\" must be",
                "'kind': 'constant', 'shape': [2, 2] | [height, width, channels]",
                "'kind': 'reduce', 'operation': 'median', 'axes': ['width'] | \"operation\" must be mean, sum",
                "'kind': 'reduce', 'operation': 'max' | at least one axis",
                "'kind': 'concat', 'axis': 'height', 'inputs': ['input', 'it2'] | along height"
            })
    void whatCannotBeIsRefusedInOneLine(String settings, String complaint) {
        String narrower = settings.contains("it2") ? "{\"name\": \"it2\", \"kind\": \"slice\", \"stop\": 2}," : "";
        BadInputException refusal = assertThrows(
                BadInputException.class,
                () -> IndexedTest.network(
                        4, 3, 6, narrower + "{\"name\": \"it\", " + settings.replace('\'', '"') + "}"));
        assertTrue(
                refusal.getMessage().contains(complaint)
                        && refusal.getMessage().lines().count() == 1,
                refusal.getMessage());
    }

    @Test
    void theVectorOfAFlattenedImageIsRefused() {
        BadInputException refusal = assertThrows(
                BadInputException.class,
                () -> IndexedTest.network(
                        4,
                        3,
                        6,
                        "{\"name\": \"vector\", \"kind\": \"flatten\"}, {\"name\": \"it\", \"kind\": \"take\","
                                + " \"indices\": [0]}"));
        assertTrue(refusal.getMessage().contains("put it before flatten"), refusal.getMessage());
        assertEquals(
                "take",
                LayerKinds.read(JsonParser.parseString("{\"name\": \"it\", \"kind\": \"take\", \"indices\": [0]}"), 1)
                        .kind());
    }
}
