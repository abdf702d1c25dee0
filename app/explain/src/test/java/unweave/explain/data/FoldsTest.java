package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldsTest {
    @TempDir
    private Path folder;

    private SoundCollection folders(int... counts) throws IOException {
        for (int c = 0; c < counts.length; c++) {
            Path label = Files.createDirectories(folder.resolve("class" + c));
            for (int i = 0; i < counts[c]; i++) {
                Files.writeString(label.resolve(String.format("%03d.wav", i)), "");
            }
        }
        return SoundCollection.open(folder);
    }

    /** Two files of each of {@code tracks} tracks per class. */
    private SoundCollection slices(int tracks) throws IOException {
        StringBuilder text = new StringBuilder("path,label,track\n");
        Files.createDirectories(folder.resolve("x"));
        for (int i = 0; i < 4 * tracks; i++) {
            Files.writeString(folder.resolve("x").resolve(i + ".wav"), "");
            text.append(String.format("x/%d.wav,%s,song %d%n", i, i / 2 % 2 == 0 ? "low" : "high", i / 2));
        }
        return SoundCollection.open(Files.writeString(folder.resolve("slices.csv"), text));
    }

    @Test
    void everySoundIsTestedOnExactlyOnceAndClassesAreSharedOutEvenly() throws IOException {
        SoundCollection collection = folders(10, 11, 9);
        Folds folds = Folds.of(collection, 4, 1);
        assertEquals(List.of(1, 2, 3, 4), folds.numbers());
        Set<Integer> tested = new HashSet<>();
        for (int fold : folds.numbers()) {
            Map<Split, List<Integer>> split = folds.testedOn(fold).split(9);
            split.get(Split.TEST).forEach(place -> assertTrue(tested.add(place), "tested twice: " + place));
            assertTrue(
                    split.get(Split.TEST).size() == 7 || split.get(Split.TEST).size() == 8,
                    "30 sounds in 4 folds: " + split);
            Map<Integer, Integer> perClass = new HashMap<>();
            split.get(Split.TEST)
                    .forEach(place ->
                            perClass.merge(collection.items().get(place).label(), 1, Integer::sum));
            perClass.values().forEach(count -> assertTrue(count == 2 || count == 3, perClass.toString()));
            Set<Integer> all = new HashSet<>();
            split.values().forEach(all::addAll);
            assertEquals(30, all.size(), "every sound has one part");
        }
        assertEquals(30, tested.size());
    }

    @Test
    void theNextFoldValidates() throws IOException {
        Folds folds = Folds.of(folders(6, 6), 3, 1);
        assertEquals(
                folds.testedOn(2).split(1).get(Split.TEST),
                folds.testedOn(1).split(1).get(Split.VALIDATION));
        assertEquals(
                folds.testedOn(1).split(1).get(Split.TEST),
                folds.testedOn(3).split(1).get(Split.VALIDATION));
    }

    /** GTZAN after pruning (thesis Table 4.2): 80 tracks train, 20 are held out, one less where some were excluded. */
    @Test
    void tenFoldsOfAHundredTracksLeaveEightyToTrainAndTwentyHeldOut() throws IOException {
        SoundCollection collection = folders(100, 99, 97);
        Folds folds = Folds.of(collection, 10, 1);
        for (int fold : folds.numbers()) {
            SoundCollection one = folds.testedOn(fold);
            Map<String, Map<Split, Integer>> counts = one.counts(one.split(1));
            assertEquals(Map.of(Split.TRAIN, 80, Split.VALIDATION, 10, Split.TEST, 10), counts.get("class0"));
            for (String pruned : List.of("class1", "class2")) {
                int heldOut =
                        counts.get(pruned).get(Split.TEST) + counts.get(pruned).get(Split.VALIDATION);
                assertTrue(heldOut >= 18 && heldOut <= 20, pruned + " " + heldOut);
            }
        }
    }

    @Test
    void slicesOfOneTrackAreNeverParted() throws IOException {
        SoundCollection collection = slices(5);
        for (int seed = 0; seed < 20; seed++) {
            Folds folds = Folds.of(collection, 5, seed);
            for (int fold : folds.numbers()) {
                requireWholeTracks(collection, folds.testedOn(fold).split(seed));
            }
            requireWholeTracks(collection, collection.split(seed));
        }
    }

    private static void requireWholeTracks(SoundCollection collection, Map<Split, List<Integer>> parts) {
        Map<String, Split> partOfTrack = new HashMap<>();
        parts.forEach((part, places) -> places.forEach(place -> {
            Split other = partOfTrack.put(collection.items().get(place).track(), part);
            assertTrue(
                    other == null || other == part,
                    collection.items().get(place).track() + " is in " + other + " and " + part);
        }));
    }

    @Test
    void theSeedDecides() throws IOException {
        SoundCollection collection = folders(8, 8);
        assertEquals(
                Folds.of(collection, 4, 5).manifest(),
                Folds.of(collection, 4, 5).manifest());
        assertNotEquals(
                Folds.of(collection, 4, 5).manifest(),
                Folds.of(collection, 4, 6).manifest());
    }

    @Test
    void theManifestOfFoldsReadsBackAsTheSameFolds() throws IOException {
        Folds folds = Folds.of(folders(6, 6), 3, 1);
        Path manifest = Files.writeString(folder.resolve("folds, dealt.csv"), folds.manifest());
        for (int fold : folds.numbers()) {
            assertEquals(
                    folds.testedOn(fold).split(1),
                    SoundCollection.open(manifest, null, fold).split(1));
        }
        assertEquals(
                folds.manifest(),
                Folds.of(SoundCollection.open(manifest), 3, 77).manifest(),
                "a manifest's own folds are kept");
    }

    @Test
    void namesThatNeedQuotesReadBackAsTheyAre() throws IOException {
        List<String> names =
                List.of(" leading, comma", "a \"quoted\" word", "two\nlines", "#hash", "\u00fcml\u00e4ut ");
        for (String label : List.of("one, two", "\"three\"")) {
            Path sounds = Files.createDirectories(folder.resolve("odd").resolve(label));
            for (String name : names) {
                Files.writeString(sounds.resolve(name + ".wav"), "");
            }
        }
        Folds folds = Folds.of(SoundCollection.open(folder.resolve("odd")), 3, 1);
        for (String mark : List.of("", "\uFEFF")) {
            SoundCollection read =
                    SoundCollection.open(Files.writeString(folder.resolve("folds.csv"), mark + folds.manifest()));
            assertEquals(folds.identity(), Folds.of(read, 3, 9).identity());
            assertEquals(folds.manifest(), Folds.of(read, 3, 9).manifest());
        }
    }

    @Test
    void whatCannotBeDealtIsRefused() throws IOException {
        SoundCollection collection = folders(4, 6);
        assertTrue(
                problem(collection, 5).contains("class0 has 4 tracks, too few for 5 folds; choose at most 4"),
                problem(collection, 5));
        assertTrue(problem(collection, 2).contains("at least 3"), problem(collection, 2));
        Path manifest = Files.writeString(
                folder.resolve("own.csv"), Folds.of(collection, 3, 1).manifest());
        SoundCollection own = SoundCollection.open(manifest);
        assertTrue(
                problem(own, 4).contains("--folds 4, but the manifest deals its sounds into the 3 folds [1, 2, 3]"),
                problem(own, 4));
    }

    private static String problem(SoundCollection collection, int folds) {
        return assertThrows(IllegalArgumentException.class, () -> Folds.of(collection, folds, 1))
                .getMessage();
    }

    @Test
    void aTrackThatAManifestPartsIsNamed() throws IOException {
        Files.writeString(folder.resolve("a.wav"), "");
        Files.writeString(folder.resolve("b.wav"), "");
        Path manifest = Files.writeString(
                folder.resolve("parted.csv"),
                "path,label,split,track\na.wav,x,train,song\nb.wav,x,test,song\na.wav,y,test,a\n");
        String problem = assertThrows(IllegalArgumentException.class, () -> SoundCollection.open(manifest))
                .getMessage();
        assertTrue(problem.contains("a.wav and b.wav are of track song"), problem);
    }
}
