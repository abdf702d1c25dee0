package unweave.explain.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepResultsTest {
    @TempDir
    private Path folder;

    private record Numbers(String name, double[] values, float third, List<Numbers> parts) {}

    private static final Numbers NUMBERS = new Numbers(
            "a",
            new double[] {0.1, 1 / 3.0, Double.NaN, -1e-300},
            1 / 3f,
            List.of(new Numbers("b", new double[0], Float.NaN, List.of())));

    private StepResults open(OutputFolder.Existing existing, Object epochs) throws IOException {
        Map<String, Object> settings = new TreeMap<>(Map.of("training", Map.of("epochs", epochs), "seed", 1));
        return StepResults.open(OutputFolder.open(folder.resolve("out"), existing), settings);
    }

    @Test
    void aStepIsDoneOnceAndReadsBackToTheLastBit() throws IOException {
        int[] runs = {0};
        for (int i = 0; i < 3; i++) {
            StepResults steps = open(OutputFolder.Existing.KEEP, 40);
            assertEquals(i > 0, steps.has("step"));
            Numbers numbers = steps.get("step", Numbers.class, () -> {
                runs[0]++;
                return NUMBERS;
            });
            assertEquals(Json.pretty(NUMBERS), Json.pretty(numbers));
            assertEquals(1 / 3.0, numbers.values()[1]);
            assertTrue(Double.isNaN(numbers.values()[2])
                    && Float.isNaN(numbers.parts().get(0).third()));
        }
        assertEquals(1, runs[0]);
    }

    @Test
    void otherSettingsAreRefusedWithTheirName() throws IOException {
        open(OutputFolder.Existing.KEEP, 40).get("step", String.class, () -> "done");
        String problem = assertThrows(IllegalArgumentException.class, () -> open(OutputFolder.Existing.KEEP, 2))
                .getMessage();
        assertTrue(
                problem.contains("holds results with training.epochs 40, not 2") && problem.contains("--overwrite"),
                problem);
    }

    @Test
    void startingAnewForgetsTheResultsOfAnEarlierRun() throws IOException {
        open(OutputFolder.Existing.KEEP, 40).get("step", String.class, () -> "old");
        StepResults anew = open(OutputFolder.Existing.OVERWRITE, 40);
        assertFalse(anew.has("step"));
        assertEquals("new", anew.get("step", String.class, () -> "new"));
        assertEquals("new", open(OutputFolder.Existing.KEEP, 40).get("step", String.class, () -> "not run"));
    }

    @Test
    void aStepThatFailsLeavesNoResult() throws IOException {
        StepResults steps = open(OutputFolder.Existing.KEEP, 40);
        assertThrows(
                IOException.class,
                () -> steps.get("step", String.class, () -> {
                    throw new IOException("no data");
                }));
        assertFalse(open(OutputFolder.Existing.KEEP, 40).has("step"));
    }

    @Test
    void aDamagedResultIsNamed() throws IOException {
        open(OutputFolder.Existing.KEEP, 40).get("step", String.class, () -> "done");
        Files.writeString(folder.resolve("out/steps/step.json"), "{\"step\": ");
        String problem = assertThrows(IOException.class, () -> open(OutputFolder.Existing.KEEP, 40)
                        .has("step"))
                .getMessage();
        assertTrue(problem.contains("step.json: is damaged") && problem.contains("delete it"), problem);
    }

    @Test
    void aFolderInsideKeepsAccountOfItsFilesInTheOuterOne() throws IOException {
        OutputFolder out = OutputFolder.open(folder.resolve("outer"), OutputFolder.Existing.REFUSE);
        out.folder("inner").writeText("a.txt", "a");
        assertEquals(List.of("inner/a.txt"), out.names());
        assertFalse(Files.exists(folder.resolve("outer/inner/.unweave-files")));
        OutputFolder.open(folder.resolve("outer"), OutputFolder.Existing.OVERWRITE)
                .writeText("b.txt", "b");
        assertFalse(Files.exists(folder.resolve("outer/inner")), "starting anew removes it");
    }
}
