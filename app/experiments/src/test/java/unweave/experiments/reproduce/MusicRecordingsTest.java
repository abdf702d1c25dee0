package unweave.experiments.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.explain.data.SoundScan;
import unweave.explain.output.OutputFolder;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

class MusicRecordingsTest {
    private static final int RATE = 8000;

    @TempDir
    private Path folder;

    private Path music;
    private Path out;

    @BeforeEach
    void threeTracksOfTwoGenresAndAFaultyOne() throws IOException {
        music = folder.resolve("genres");
        out = folder.resolve("out");
        for (String genre : List.of("jazz", "pop")) {
            Files.createDirectories(music.resolve(genre));
            for (int i = 0; i < 3; i++) {
                write(genre + "/" + i, 0);
            }
        }
        write("pop/faulty", 1600);
    }

    private void write(String name, int zeros) throws IOException {
        float[] samples = new float[RATE];
        Arrays.fill(samples, 0.25f);
        Arrays.fill(samples, 4000, 4000 + zeros, 0);
        SoundFiles.writeWav(music.resolve(name + ".wav"), samples, RATE);
    }

    private MusicRecordings open(boolean skipUnreadable, double longestSilence, OutputFolder.Existing existing)
            throws IOException {
        return MusicRecordings.open(
                new MusicRecordings.Choice(music, 3, List.of(), skipUnreadable, longestSilence),
                1,
                OutputFolder.open(out, existing),
                2,
                Monitor.silent());
    }

    private MusicRecordings open() throws IOException {
        return open(false, SoundScan.LONGEST_SILENCE, OutputFolder.Existing.KEEP);
    }

    @Test
    void countsAreThoseOfEveryGenre() throws IOException {
        MusicRecordings recordings = open();
        assertEquals(
                List.of(new MusicRecordings.Count("jazz", 3, 0, 0, 3), new MusicRecordings.Count("pop", 4, 0, 1, 3)),
                recordings.counts());
        assertEquals(List.of(1, 2, 3), recordings.chosenFolds());
        assertEquals(
                "pop/faulty.wav", recordings.name(recordings.excluded().get(0).path()));
        assertEquals(
                0,
                open(false, Double.POSITIVE_INFINITY, OutputFolder.Existing.KEEP)
                        .excluded()
                        .size());
    }

    @Test
    void theScanIsNotDoneAgain() throws IOException {
        open();
        write("pop/faulty", 0); // of the same size
        assertEquals(1, open().excluded().size(), "what is on file counts");
        assertEquals(
                0,
                open(false, SoundScan.LONGEST_SILENCE, OutputFolder.Existing.OVERWRITE)
                        .excluded()
                        .size());
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        open();
        write("jazz/another", 0);
        String message = assertThrows(BadInputException.class, this::open).getMessage();
        assertTrue(message.contains("holds results with recordings 7 files, "), message);
        assertTrue(message.contains(", not 8 files, "), message);
    }

    @Test
    void whatCannotBeUsedStopsBeforeAnythingIsWritten() throws IOException {
        Files.createFile(music.resolve("jazz/empty.wav"));
        assertThrows(BadInputException.class, this::open);
        assertFalse(Files.exists(out), "an unreadable file");
        assertEquals(
                2,
                open(true, SoundScan.LONGEST_SILENCE, OutputFolder.Existing.KEEP)
                        .excluded()
                        .size());
    }

    @Test
    void tooFewTracksStopBeforeAnythingIsWritten() throws IOException {
        write("pop/0", 1600);
        String message = assertThrows(BadInputException.class, this::open).getMessage();
        assertTrue(message.contains("class pop has 2 tracks, too few for 3 folds"), message);
        assertFalse(Files.exists(out));
    }

    @Test
    void aLongestSilenceOfNothingIsRefused() {
        for (double seconds : new double[] {0, -1, Double.NaN}) {
            String message = assertThrows(
                            BadInputException.class, () -> open(false, seconds, OutputFolder.Existing.KEEP))
                    .getMessage();
            assertTrue(message.contains("--longest-silence " + seconds + ": must be above 0; choose 0.1"), message);
        }
    }
}
