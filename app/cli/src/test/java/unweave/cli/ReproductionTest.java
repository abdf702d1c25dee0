package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.experiments.reproduce.ThesisItems;

/** All chapters at a tiny size: run through, interrupted and gone on with, and refused with other settings. */
class ReproductionTest {
    @TempDir
    private static Path folder;

    private static SmallReproduction small;

    @BeforeAll
    static void runOnceThroughAndOnceInterrupted() throws IOException {
        small = new SmallReproduction(folder);
        assertEquals(0, small.run("whole", "--threads", "1"));
        SmallReproduction.copyAsIfInterrupted(folder.resolve("whole"), folder.resolve("interrupted"));
        assertEquals(0, small.run("interrupted", "--threads", "2"));
    }

    @Test
    void anInterruptedRunEndsWithTheSameBytesOnAnyNumberOfThreads() throws IOException {
        Path whole = folder.resolve("whole");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(whole)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(ReproductionTest::comparable)
                    .toList();
        }
        assertTrue(files.size() > 60, files.size() + " files");
        for (Path file : files) {
            assertArrayEquals(
                    Files.readAllBytes(file),
                    Files.readAllBytes(folder.resolve("interrupted").resolve(whole.relativize(file))),
                    file.toString());
        }
    }

    /** Checkpoints and metrics hold measured seconds; the list of files is in the order of writing. */
    private static boolean comparable(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith("checkpoint") && !name.equals("metrics.csv") && !name.equals(".unweave-files");
    }

    @Test
    void thePagesHoldEveryTableAndFigureAndTheThesisNumbers() throws IOException {
        String synthetic = Files.readString(folder.resolve("whole/synthetic.html"));
        String music = Files.readString(folder.resolve("whole/music.html"));
        for (String expected : List.of(
                "AUPC with K = 4",
                "thesis, GTZAN: DRSA",
                "0.975",
                "Does AUPC order",
                "as a share of the standard",
                "Compare Fig. B.1",
                "Compare Fig. B.3",
                "Fig. B.2",
                "compare Fig. 4.10",
                "Compare Fig. C.7",
                "Compare Fig. C.8",
                "Compare Fig. C.3",
                "Compare Fig. 4.8",
                "compare Fig. A.2",
                "Faithfulness of",
                "Overlap of the concept maps",
                "searches from different starts",
                "parameters down to conv1",
                "epoch kept",
                "the one with the highest accuracy on the validation inputs is kept",
                "After every step U is made orthogonal by Newton-Schulz iteration",
                "What differs, and why")) {
            assertTrue(synthetic.contains(expected), "synthetic: " + expected);
            assertTrue(music.contains(expected), "music: " + expected);
        }
        for (String expected : List.of(
                "99.90",
                "Compare Fig. 4.3",
                "Compare Fig. 4.5",
                "Compare Fig. C.1",
                "labels shuffled",
                "Object recovery")) {
            assertTrue(synthetic.contains(expected), "synthetic: " + expected);
        }
        for (String expected : List.of(
                "82.53",
                "82.3",
                "86.4",
                "3 of 3 folds",
                "Compare Fig. 4.6",
                "hiphop",
                "jazz through the subspaces of hiphop")) {
            assertTrue(music.contains(expected), "music: " + expected);
        }
        assertTrue(synthetic.contains("Colours are in proportion to relevance"), "the thesis emphasises from 4.2.2 on");
        assertTrue(music.contains("Colours grow with the square root of the relevance"));
    }

    @Test
    void everyFigureOfTheThesisStandsBehindItsAnchor() throws IOException {
        List<String> both =
                List.of("2.4", "2.5", "4.8", "4.9", "4.10", "A.1", "A.2", "B.1", "B.2", "B.3", "C.3", "C.7", "C.8");
        List<String> synthetic = List.of("4.1", "4.2", "4.3", "4.4", "4.5", "C.1", "C.2", "D.1", "D.2");
        requireFigures("synthetic", Stream.concat(both.stream(), synthetic.stream()));
        requireFigures("music", Stream.concat(both.stream(), Stream.of("4.6", "4.7")));
    }

    private static void requireFigures(String chapter, Stream<String> numbers) throws IOException {
        String page = Files.readString(folder.resolve("whole/" + chapter + ".html"));
        numbers.forEach(number -> {
            String anchor = "<span id=\"figure-" + number + "\"></span>";
            assertEquals(2, page.split(Pattern.quote(anchor), -1).length, chapter + ": one figure " + number);
            String behind =
                    page.substring(page.indexOf(anchor) + anchor.length()).strip();
            assertTrue(
                    behind.startsWith("<figure") || behind.startsWith("<div class=\"side-by-side"),
                    chapter + ": figure " + number + " directly behind its anchor");
            Matcher width = Pattern.compile("<img [^>]*width=\"(\\d+)\" height=\"(\\d+)\"")
                    .matcher(behind);
            assertTrue(width.find() && Integer.parseInt(width.group(1)) >= 100, chapter + ": figure " + number);
            assertTrue(Integer.parseInt(width.group(2)) >= 100, chapter + ": figure " + number);
        });
    }

    @Test
    void everyTableAndEquationOfTheThesisHasItsAnchor() throws IOException {
        for (String chapter : List.of("synthetic", "music")) {
            String page = Files.readString(folder.resolve("whole/" + chapter + ".html"));
            for (String anchor : List.of("table-4.3", "table-4.4", "table-A.1", "equation-4.3")) {
                assertEquals(2, page.split("id=\"" + anchor + "\"", -1).length, chapter + ": once " + anchor);
            }
            assertTrue(page.contains("the largest difference of any bin is "), chapter);
            String results = Files.readString(folder.resolve("whole/" + chapter + "/results.json"));
            Matcher error = Pattern.compile("\"conceptSumError\": ([0-9.eE-]+)").matcher(results);
            assertTrue(error.find(), chapter);
            assertTrue(Double.parseDouble(error.group(1)) < 1e-4, chapter + ": " + error.group());
        }
        String synthetic = Files.readString(folder.resolve("whole/synthetic.html"));
        assertTrue(synthetic.contains("id=\"table-4.1\""));
        assertTrue(synthetic.contains("3500 to 4000 Hz"), "the generator's ranges");
    }

    /** Fig. 4.1, 4.2, 4.4 and C.2 can be heard: a sample and its objects. */
    /** Both ways: no link of the list leads nowhere, and nothing of the thesis is on a page but not in the list. */
    @Test
    void theListOfTheThesisLeadsToWhatThePagesShow() throws IOException {
        Set<String> otherGenres = Set.of("figure-C.4", "figure-C.5", "figure-C.6");
        for (String chapter : List.of("synthetic", "music")) {
            String page = Files.readString(folder.resolve("whole/" + chapter + ".html"));
            Set<String> listed = ThesisItems.all().stream()
                    .flatMap(item -> item.places().stream())
                    .filter(place -> place.chapter().equals(chapter))
                    .map(ThesisItems.Place::anchor)
                    .filter(anchor -> !otherGenres.contains(anchor))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> shown = Pattern.compile("id=\"((figure|table|equation)-[2-4A-D]\\.\\d+)\"")
                    .matcher(page)
                    .results()
                    .map(match -> match.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(listed, shown, chapter);
            assertTrue(page.contains("Everything in the thesis, and where it is"));
            assertTrue(page.contains("<a href=\"#figure-2.2\">here</a>"));
        }
        String music = Files.readString(folder.resolve("whole/music.html"));
        assertTrue(music.contains("<a href=\"synthetic.html#figure-4.3\">synthetic</a>"));
    }

    @Test
    void theObjectsAreSoundsBesideThePage() throws IOException {
        String page = Files.readString(folder.resolve("whole/synthetic.html"));
        for (String file : List.of(
                "4-1/sample", "4-1/object-4", "4-2/sample", "4-4/1-object-1", "4-4/2-object-3", "C-2/2-object-4")) {
            String name = "synthetic/sounds/" + file + ".wav";
            assertTrue(page.contains("src=\"" + name + "\""), name);
            assertEquals(44 + 2 * 16000, Files.size(folder.resolve("whole").resolve(name)), name);
        }
    }

    /** Every figure of maps: input, standard explanation and each concept, as a player of a file beside the page. */
    @Test
    void everyFigureOfMapsCanBeHeardRowByRow() throws IOException {
        Path whole = folder.resolve("whole");
        FigurePlayers.assertHeard(whole, "synthetic", 2, 1, List.of("4.3", "4.5", "C.1", "C.3", "4.8", "C.7", "C.8"));
        FigurePlayers.assertHeard(whole, "music", 2, 0.5, List.of("4.6", "4.7", "C.3", "4.8", "C.7", "C.8"));
    }

    /**
     * Fig. 4.8: the same sounds through their own subspaces above, with the same files as in the figure they are of.
     */
    @Test
    void soundsThroughOtherSubspacesStandBelowThoseThroughTheirOwn() throws IOException {
        String page = Files.readString(folder.resolve("whole/synthetic.html"));
        int section = page.indexOf("class1 through the subspaces of class2, by eye and by ear");
        int other = page.indexOf("id=\"figure-4.8\"");
        assertTrue(section > 0 && section < other);
        String own = page.substring(section, other);
        assertTrue(own.contains("src=\"synthetic/sounds/4-3/1-concept-1.wav\""));
        assertTrue(own.contains("gives a \u0394AUPC of ") && own.contains("no verdict"), "a network of one epoch");
        Path sounds = folder.resolve("whole/synthetic/sounds");
        assertArrayEquals(
                Files.readAllBytes(sounds.resolve("4-3/2-standard.wav")),
                Files.readAllBytes(sounds.resolve("4-8/2-standard.wav")));
        assertFalse(Arrays.equals(
                Files.readAllBytes(sounds.resolve("4-3/2-concept-1.wav")),
                Files.readAllBytes(sounds.resolve("4-8/2-concept-1.wav"))));
    }

    @Test
    void excludedRecordingsAreListedWithTheReason() throws IOException {
        String counts = Files.readString(folder.resolve("whole/music/tables/recordings.csv"));
        assertEquals(
                """
                genre,found,unreadable,runs of zeros,used,thesis
                blues,3,0,0,3,99
                hiphop,4,0,1,3,97
                jazz,4,1,0,3,100
                all,11,1,1,9,995
                """,
                counts);
        String excluded = Files.readString(folder.resolve("whole/music/tables/excluded-recordings.csv"));
        assertEquals(
                """
                path,class,reason,from (s),length (s)
                hiphop/faulty.wav,hiphop,0.250 s of exact zeros from 0.500 s on,0.5,0.25
                jazz/broken.wav,jazz,"not a sound file; expected a WAV, AU, AIFF, FLAC, MP3 or Ogg Vorbis file, or what ffmpeg reads",,
                """,
                excluded);
        String page = Files.readString(folder.resolve("whole/music.html"));
        for (String expected :
                List.of("id=\"table-4.2\"", "id=\"equation-A.2\"", "hiphop/faulty.wav", "0.1 s of exact zeros", "99")) {
            assertTrue(page.contains(expected), expected);
        }
        String json =
                Files.readString(folder.resolve("whole/music/results.json")).replaceAll("\\s", "");
        for (String expected : List.of(
                "\"longestSilence\":0.1",
                "\"path\":\"hiphop/faulty.wav\"",
                "\"className\":\"jazz\",\"found\":4,\"unreadable\":1,\"silent\":0,\"used\":3",
                "\"logMel\":{\"inputs\":90,")) {
            assertTrue(json.contains(expected), expected);
        }
    }

    /** Of 3 tracks of a genre one trains: 3 inputs of a search. The others are held out: 5 inputs each. */
    @Test
    void threeSlicesOfATrackAreSearchedAndFiveOfTheHeldOutOnesEvaluated() throws IOException {
        String page = Files.readString(folder.resolve("whole/music.html"));
        for (String expected : List.of(
                "together 2 tracks of a genre",
                "up to 10 inputs of a genre (thesis: 100), of which at most 2 are evaluated",
                "each of the 1 tracks of a genre that the model was trained on: up to 3 inputs (thesis: 240, of 80 tracks)")) {
            assertTrue(page.contains(expected), expected);
        }
    }

    @Test
    void theLogMelDataAreSetBesideTheThesis() throws IOException {
        for (String chapter : List.of("synthetic", "music")) {
            String table = Files.readString(folder.resolve("whole/" + chapter + "/tables/log-mel.csv"));
            assertTrue(table.startsWith(",here,\"thesis, GTZAN\"\nmean,"), table);
            assertTrue(table.contains(",-0.378\n") && table.contains(",0.326\n"), table);
        }
    }

    @Test
    void aRecordingThatCannotBeReadStopsTheRunBeforeAnythingIsWritten() throws IOException {
        Path out = folder.resolve("stopped");
        CommandRun run = CommandRun.of(
                "reproduce",
                "--music",
                folder.resolve("genres").toString(),
                "--out",
                out.toString(),
                "--folds",
                "3",
                "--quiet");
        String message = run.remarks();
        assertEquals(2, run.code(), message);
        assertTrue(message.contains("1 of 11 sounds cannot be used, the first: "), message);
        assertTrue(message.contains("broken.wav: not a sound file"), message);
        assertTrue(message.contains("--skip-unreadable"), message);
        assertFalse(Files.exists(out), "nothing may be written");
    }

    @Test
    void faultyRecordingsCanBeKeptAndOtherNumbersOfConceptsSearchedAtAllLayers() throws IOException {
        assertEquals(
                0,
                small.run(
                        "full",
                        "--only",
                        "music",
                        "--only-folds",
                        "1",
                        "--keep-faulty",
                        "--full",
                        "--layers",
                        "conv1"));
        String counts = Files.readString(folder.resolve("full/music/tables/recordings.csv"));
        assertTrue(counts.contains("hiphop,4,0,0,4,97\n"), counts);
        for (int concepts : new int[] {2, 4, 8}) {
            String table = Files.readString(folder.resolve("full/music/tables/patch-flipping-K" + concepts + ".csv"));
            assertTrue(table.startsWith("method,conv2,conv2 standard error,conv1,"), table);
        }
        String page = Files.readString(folder.resolve("full/music.html"));
        assertTrue(page.contains("no track is excluded for that (--keep-faulty)"));
        assertFalse(page.contains("--full searches them"));
    }

    /** Two networks of one epoch: nothing may be claimed, and the page says why. */
    @Test
    void networksAtChanceGiveNoVerdict() throws IOException {
        String synthetic = Files.readString(folder.resolve("whole/synthetic.html"));
        assertTrue(synthetic.contains("No verdict: the network is not shown to be better than chance"));
        assertTrue(synthetic.contains(">no verdict: the network is not shown"), "the table of orders");
        assertFalse(synthetic.contains("is split best by its own"), "no verdict about other classes");
        String objects = Files.readString(folder.resolve("whole/objects.html"));
        for (String expected : List.of(
                "No verdict: the networks of seeds",
                "not better than chance",
                "Object information with K = 4",
                "K = D",
                "not decided",
                "Whether the set changes the picture cannot be said",
                "test accuracy")) {
            assertTrue(objects.contains(expected), expected);
        }
        assertFalse(objects.contains("better than DSA"), objects);
        String table = Files.readString(folder.resolve("whole/objects/tables/object-information.csv"));
        assertTrue(table.startsWith("method,conv2,conv2 standard error\nDRSA,"), table);
        assertTrue(table.contains("\noracle,"), table);
    }

    @Test
    void furtherNetworksAreAddedToThoseThatAreThere() throws IOException {
        Path more = folder.resolve("more");
        SmallReproduction.copyAsIfInterrupted(folder.resolve("whole"), more);
        byte[] before = Files.readAllBytes(more.resolve("objects/steps/network-3-conv2.json"));
        assertEquals(0, small.run("more", 4, 3, "--only", "objects"));
        assertArrayEquals(before, Files.readAllBytes(more.resolve("objects/steps/network-3-conv2.json")));
        String results = Files.readString(more.resolve("objects/results.json"));
        assertTrue(results.replaceAll("\\s", "").contains("\"seeds\":[3,4,5]"), results);
    }

    @Test
    void everyTableIsAlsoAFile() throws IOException {
        String table = Files.readString(folder.resolve("whole/music/tables/patch-flipping-K4.csv"));
        assertTrue(table.startsWith("method,conv2,conv2 standard error\nstandard,"), table);
        assertTrue(table.contains("\"thesis, GTZAN: DRSA\",0.599,"), table);
    }

    @Test
    void otherSettingsAreNamedAndNothingChanges() throws IOException {
        byte[] before = Files.readAllBytes(folder.resolve("whole/synthetic/results.json"));
        CommandRun.of(small.command("whole", 5, 2)).assertRefused("holds results with steps 4, not 5");
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("whole/synthetic/results.json")));
    }
}
