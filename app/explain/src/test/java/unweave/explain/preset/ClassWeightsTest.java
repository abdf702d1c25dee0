package unweave.explain.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.kernels.BadInputException;

class ClassWeightsTest {
    private static final List<String> CLASSES = List.of("bird", "cat", "dog");

    @TempDir
    private Path folder;

    private static List<Float> of(String text) throws IOException {
        return ClassWeights.parse(text).of(CLASSES, new int[] {6, 3, 1});
    }

    @Test
    void theOptionIsReadAsItIsWritten() throws IOException {
        assertEquals(List.of(), of("none"));
        assertEquals(List.of(1f, 2.5f, 0.5f), of("dog=0.5, cat=2.5"));
        // 10 / (3 x 6), 10 / (3 x 3), 10 / (3 x 1)
        assertEquals(List.of((float) (10 / 18.), (float) (10 / 9.), (float) (10 / 3.)), of("balanced"));
        assertEquals("dog=0.5,cat=2.5", ClassWeights.parse("dog=0.5, cat=2.5").toString());
    }

    @Test
    void aFileHasAPairOnEachLine() throws IOException {
        Path file = Files.writeString(folder.resolve("weights.txt"), "# mine\ncat = 2\n\nbird, wild=3\n");
        ClassWeights weights = ClassWeights.parse(file.toString());
        assertEquals(List.of(3f, 2f), weights.of(List.of("bird, wild", "cat"), new int[2]));
    }

    @Test
    void aPresetHasTheSameForms() throws IOException {
        String toy = Preset.text("toy");
        assertEquals(ClassWeights.NONE, Preset.of("toy").training().classWeights());
        assertEquals(
                ClassWeights.BALANCED, preset(toy, "\"balanced\"").training().classWeights());
        assertEquals(
                List.of(1f, 2f, 1f),
                preset(toy, "{\"cat\": 2}").training().classWeights().of(CLASSES, new int[3]));
        for (String wrong : List.of("3", "\"even\"", "{\"cat\": \"much\"}", "{\"cat\": -1}")) {
            assertThrows(BadInputException.class, () -> preset(toy, wrong), wrong);
        }
    }

    private Preset preset(String toy, String weights) throws IOException {
        Path file = folder.resolve("preset.json");
        Files.writeString(file, toy.replaceFirst("\"epochs\"", "\"classWeights\": " + weights + ", \"epochs\""));
        return Preset.of(file.toString());
    }

    @Test
    void mistakesAreNamed() {
        refused("'cat' has no weight; expected balanced, none, name=weight", "cat");
        refused("'cat=much' has no number", "cat=much");
        refused("cat has two weights", "cat=1,cat=2");
        refused("the weight of cat must be above 0, not 0.0", "cat=0");
        refused("there is no class cow; the classes are bird, cat, dog", "cow=2");
        BadInputException problem =
                assertThrows(BadInputException.class, () -> ClassWeights.BALANCED.of(CLASSES, new int[] {1, 0, 1}));
        assertTrue(problem.getMessage().contains("1 of 3 classes have no training sounds"), problem.getMessage());
    }

    private static void refused(String expected, String text) {
        String problem = assertThrows(BadInputException.class, () -> of(text)).getMessage();
        assertTrue(problem.contains(expected), problem);
    }
}
