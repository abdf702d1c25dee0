package unweave.explain.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.explain.output.OutputFolder.Existing;

class OutputFolderTest {

    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void nameAFolderThatIsNotThereYet() {
        folder = parent.resolve("results/today");
    }

    @Test
    void theFolderAppearsWithTheFirstFile() throws IOException {
        OutputFolder out = OutputFolder.open(folder, Existing.REFUSE);
        assertFalse(Files.exists(folder.getParent()), "a run that fails early leaves no trace");
        assertEquals(folder.resolve("sounds/concept-1.wav"), out.write("sounds/concept-1.wav", new byte[] {1, 2}));
        out.writeText("report.html", "page");
        assertEquals(List.of("sounds/concept-1.wav", "report.html"), out.names());
        assertEquals("page", Files.readString(folder.resolve("report.html")));
        assertEquals(2, Files.size(folder.resolve("sounds/concept-1.wav")));
    }

    @Test
    void aFolderWithFilesIsRefusedWithAWayOut() throws IOException {
        Files.createDirectories(folder);
        OutputFolder.open(folder, Existing.REFUSE);
        Files.writeString(folder.resolve("b.txt"), "");
        Files.writeString(folder.resolve("a.txt"), "");
        IOException e = assertThrows(IOException.class, () -> OutputFolder.open(folder, Existing.REFUSE));
        assertEquals(
                folder
                        + ": already holds files (a.txt and 1 more); choose another output folder, or add --overwrite to replace what an earlier "
                        + "run wrote",
                e.getMessage());
    }

    @Test
    void overwritingRemovesWhatAnEarlierRunWroteAndNothingElse() throws IOException {
        OutputFolder first = OutputFolder.open(folder, Existing.REFUSE);
        first.writeText("report.html", "old");
        first.writeText("sounds/concept-1.wav", "old");
        first.writeText("maps/concept-1.npy", "old");
        Files.writeString(folder.resolve("my notes.txt"), "mine");
        Files.writeString(folder.resolve("sounds/my own.wav"), "mine");

        OutputFolder second = OutputFolder.open(folder, Existing.OVERWRITE);
        assertEquals(
                "old",
                Files.readString(folder.resolve("report.html")),
                "nothing is removed before the first file is written");
        second.writeText("summary.json", "new");
        assertEquals(List.of(".unweave-files", "my notes.txt", "sounds", "sounds/my own.wav", "summary.json"), tree());
    }

    @Test
    void namesThatLeadOutsideAreNeitherWrittenNorRemoved() throws IOException {
        Path foreign = Files.writeString(parent.resolve("precious.txt"), "mine");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(OutputFolder.MANIFEST), "../../precious.txt\n" + foreign + "\n");
        OutputFolder out = OutputFolder.open(folder, Existing.OVERWRITE);
        assertThrows(IllegalArgumentException.class, () -> out.writeText("../escape.txt", ""));
        out.writeText("report.html", "");
        assertEquals("mine", Files.readString(foreign));
    }

    @Test
    void aResumedRunAddsToWhatIsThereAndAnOverwritingOneKnowsBoth() throws IOException {
        OutputFolder.open(folder, Existing.REFUSE).writeText("checkpoint", "epoch 1");
        OutputFolder resumed = OutputFolder.open(folder, Existing.KEEP);
        resumed.writeText("checkpoint", "epoch 2");
        resumed.writeText("model", "done");
        assertEquals(List.of("checkpoint", "model"), resumed.names());
        OutputFolder.open(folder, Existing.OVERWRITE).writeText("other", "");
        assertEquals(List.of(".unweave-files", "other"), tree());
    }

    @Test
    void aFileInPlaceOfAFolderIsNamed() throws IOException {
        Files.writeString(parent.resolve("results"), "a file");
        IOException above = assertThrows(IOException.class, () -> OutputFolder.open(folder, Existing.OVERWRITE));
        assertTrue(above.getMessage().contains("results is a file"), above.getMessage());
        IOException itself =
                assertThrows(IOException.class, () -> OutputFolder.open(parent.resolve("results"), Existing.OVERWRITE));
        assertTrue(itself.getMessage().contains("is a file, not a folder"), itself.getMessage());
    }

    @Test
    void aFolderWithoutWritePermissionIsRefused() throws IOException {
        Path locked = Files.createDirectories(parent.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        // Permissions do not bind root, but nobody can create folders in /proc; that shows when the first file is
        // written.
        Path folder = Files.isWritable(locked) ? Path.of("/proc/self") : locked;
        IOException e = assertThrows(IOException.class, () -> OutputFolder.open(folder.resolve("out"), Existing.REFUSE)
                .writeText("a.txt", "a"));
        assertTrue(
                e.getMessage().contains("is not writable") || e.getMessage().contains("cannot be written to"),
                e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    @Test
    void aFailedWriteLeavesNoPartAndKeepsTheOlderFile() throws IOException {
        Path file = Files.writeString(parent.resolve("report.html"), "older");
        IOException e = assertThrows(
                IOException.class,
                () -> ResultFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }));
        assertTrue(e.getMessage().startsWith(file + ": cannot be written: No space left on device ("), e.getMessage());
        assertTrue(e.getMessage().matches(".* \\([0-9.]+ MiB free in .*\\)"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
        assertEquals("older", Files.readString(file));
        assertEquals(1, Files.list(parent).count(), "the temporary file is gone");
    }

    @Test
    void aMissingFolderIsNamedInAFewWords() {
        IOException e =
                assertThrows(IOException.class, () -> ResultFile.write(parent.resolve("missing/a.txt"), new byte[1]));
        assertTrue(e.getMessage().contains("cannot be written: no such folder"), e.getMessage());
    }

    @Test
    void jsonAndArraysAreWrittenUnderTheirNames() throws IOException {
        OutputFolder out = OutputFolder.open(folder, Existing.REFUSE);
        out.writeJson("summary.json", List.of(1, 2));
        out.writeNpy("maps/a.npy", new float[6], 2, 3);
        assertEquals("[1, 2]\n", Files.readString(folder.resolve("summary.json")));
        assertEquals(128 + 24, Files.size(folder.resolve("maps/a.npy")));
    }

    private List<String> tree() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
