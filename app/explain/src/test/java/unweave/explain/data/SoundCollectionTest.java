package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.kernels.BadInputException;

class SoundCollectionTest {
    @TempDir
    private Path folder;

    private void files(String label, int count) throws IOException {
        Files.createDirectories(folder.resolve(label));
        for (int i = 0; i < count; i++) {
            Files.writeString(folder.resolve(label).resolve(String.format("%03d.wav", i)), "");
        }
    }

    private Path manifest(String text) throws IOException {
        return Files.writeString(folder.resolve("manifest.csv"), text);
    }

    @Test
    void everySubFolderWithSoundsIsAClass() throws IOException {
        files("rock", 2);
        files("jazz", 3);
        Files.writeString(folder.resolve("jazz/notes.txt"), "not a sound");
        SoundCollection collection = SoundCollection.open(folder, null, 0);
        assertEquals(List.of("jazz", "rock"), collection.classNames());
        assertEquals(5, collection.items().size());
    }

    /** A network from elsewhere knows classes that nobody has sounds of, in an order of its own. */
    @Test
    void someClassesOfAModelMayHaveNoSounds() throws IOException {
        files("rock", 2);
        files("jazz", 3);
        SoundCollection collection = SoundCollection.openFor(List.of("rock", "pop", "jazz"), folder, null, 1);
        assertEquals(List.of("rock", "pop", "jazz"), collection.classNames());
        assertEquals(List.of(0, 2), collection.labels());
        for (SoundItem item : collection.items()) {
            String className = collection.classNames().get(item.label());
            assertEquals(className, item.path().getParent().getFileName().toString());
        }
        assertEquals(
                folder + ": holds the classes jazz, rock, but the model knows rock, pop",
                assertThrows(
                                BadInputException.class,
                                () -> SoundCollection.openFor(List.of("rock", "pop"), folder, null, 1))
                        .getMessage());
    }

    @Test
    void soundsOfSomeOfAModelsClassesGetItsLabels() throws IOException {
        files("rock", 2);
        files("jazz", 3);
        SoundCollection own = SoundCollection.openFor(List.of("rock", "pop", "jazz"), folder, null, 0);
        assertEquals(List.of("rock", "pop", "jazz"), own.classNames());
        assertEquals(2, own.places(null, List.of(0), 1).size());
        assertEquals(0, own.places(null, List.of(1), 1).size());
        assertEquals(3, own.places(null, List.of(2), 1).size());
        BadInputException e = assertThrows(
                BadInputException.class, () -> SoundCollection.openFor(List.of("rock", "pop"), folder, null, 0));
        assertEquals(folder + ": holds the classes jazz, rock, but the model knows rock, pop", e.getMessage());
    }

    @Test
    void theSplitIs70To10To20OfEachClassAndTakesEveryFileOnce() throws IOException {
        files("a", 20);
        files("b", 40);
        SoundCollection collection = SoundCollection.open(folder, null, 0);
        Map<Split, List<Integer>> split = collection.split(3);
        assertEquals(14 + 28, split.get(Split.TRAIN).size());
        assertEquals(2 + 4, split.get(Split.VALIDATION).size());
        assertEquals(4 + 8, split.get(Split.TEST).size());
        Set<Integer> all = new HashSet<>();
        split.values().forEach(all::addAll);
        assertEquals(60, all.size());
        assertEquals(split, collection.split(3), "the same seed gives the same split");
        assertNotEquals(split, collection.split(4));
    }

    @Test
    void aManifestDecidesTheSplitAndATenthOfTheTrainingFilesValidate() throws IOException {
        files("x", 24);
        StringBuilder text = new StringBuilder("label,path,split\n# a remark\n");
        for (int i = 0; i < 24; i++) {
            text.append(String.format(
                    "\"%s, live\",x/%03d.wav,%s%n", i % 2 == 0 ? "low" : "high", i, i < 4 ? "test" : "train"));
        }
        SoundCollection collection = SoundCollection.open(manifest(text.toString()), null, 0);
        assertEquals(List.of("high, live", "low, live"), collection.classNames());
        Map<Split, List<Integer>> split = collection.split(1);
        assertEquals(List.of(0, 1, 2, 3), split.get(Split.TEST));
        assertEquals(2, split.get(Split.VALIDATION).size());
        assertEquals(18, split.get(Split.TRAIN).size());
    }

    /** Seen in use: "test accuracy 100.00 %" where one class had no test sound. */
    @Test
    void everyClassHasASoundInEveryPart() throws IOException {
        files("a", 30);
        for (int few = 3; few < 9; few++) {
            files("b", few);
            SoundCollection collection = SoundCollection.open(folder);
            Map<Split, Integer> parts =
                    collection.counts(collection.completeSplit(1)).get("b");
            assertTrue(parts.values().stream().allMatch(count -> count > 0), few + " sounds: " + parts);
            assertEquals(few, parts.values().stream().mapToInt(count -> count).sum());
        }
    }

    @Test
    void aClassWithTooFewSoundsIsNamedWithWhatItNeeds() throws IOException {
        files("a", 30);
        files("b", 2);
        assertEquals(
                folder
                        + ": class b has 1 training, 0 validation and 1 test sounds, but at least 1 of each is needed; add"
                        + " sounds until it has at least 3 (of different tracks)",
                problem(folder, 0));
    }

    @Test
    void aManifestWithoutATestSoundOfAClassIsRefused() throws IOException {
        files("x", 12);
        StringBuilder text = new StringBuilder("path,label,split\n");
        for (int i = 0; i < 12; i++) {
            text.append(String.format(
                    "x/%03d.wav,%s,%s%n", i, i % 2 == 0 ? "low" : "high", i % 2 == 0 && i < 6 ? "test" : "train"));
        }
        String problem = problem(manifest(text.toString()), 0);
        assertTrue(
                problem.contains("class high has 5 training, 1 validation and 0 test sounds, but at least 1 of each"),
                problem);
        assertTrue(problem.contains("mark at least 1 sound of every class as train, 1 as validation"), problem);
    }

    @Test
    void aFoldWithoutAClassIsRefused() throws IOException {
        files("x", 8);
        StringBuilder text = new StringBuilder("path,label,fold\n");
        for (int i = 0; i < 8; i++) {
            text.append(String.format("x/%03d.wav,%s,%d%n", i, i < 5 ? "low" : "high", i % 3));
        }
        Path manifest = manifest(text.toString());
        SoundCollection.open(manifest, null, 0).completeSplit(1);
        Path lacking = manifest(text.toString().replace("x/007.wav,high,1", "x/007.wav,high,0"));
        String problem = problem(lacking, 1);
        assertTrue(problem.contains("class high has 2 training, 1 validation and 0 test sounds"), problem);
        assertTrue(problem.contains("every fold has at least 1 of every class"), problem);
    }

    private static String problem(Path source, int fold) {
        return assertThrows(BadInputException.class, () -> SoundCollection.open(source, null, fold)
                        .completeSplit(1))
                .getMessage();
    }

    @Test
    void aFoldIsTestedOnTheNextOneValidates() throws IOException {
        files("x", 8);
        StringBuilder text = new StringBuilder("path,label,fold\n");
        for (int i = 0; i < 8; i++) {
            text.append(String.format("x/%03d.wav,%s,%d%n", i, i % 2 == 0 ? "low" : "high", i / 2 + 1));
        }
        Path manifest = manifest(text.toString());
        Map<Split, List<Integer>> last = SoundCollection.open(manifest, null, 4).split(1);
        assertEquals(List.of(6, 7), last.get(Split.TEST));
        assertEquals(List.of(0, 1), last.get(Split.VALIDATION), "the fold after the last is the first");
        assertEquals(List.of(2, 3, 4, 5), last.get(Split.TRAIN));
        String problem = assertThrows(IllegalArgumentException.class, () -> SoundCollection.open(manifest, null, 9))
                .getMessage();
        assertTrue(problem.contains("[1, 2, 3, 4]"), problem);
    }

    @Test
    void aLineWithTooFewColumnsIsNamed() throws IOException {
        Path manifest = manifest("path,label\na.wav\n");
        String problem = assertThrows(IllegalArgumentException.class, () -> SoundCollection.open(manifest, null, 0))
                .getMessage();
        assertTrue(problem.contains("line 2 has 1 columns"), problem);
    }
}
