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
import unweave.kernels.BadInputException;

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
        BadInputException e = assertThrows(BadInputException.class, () -> OutputFolder.open(folder, Existing.REFUSE));
        assertEquals(
                folder
                        + ": already holds files (a.txt and 1 more); choose another output folder, or add "
                        + "--overwrite to replace what an earlier "
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
        second.close();
        first.close();
        assertEquals(List.of(".unweave-files", "my notes.txt", "sounds", "sounds/my own.wav", "summary.json"), tree());
    }

    @Test
    void namesThatLeadOutsideAreNeitherWrittenNorRemoved() throws IOException {
        Path foreign = Files.writeString(parent.resolve("precious.txt"), "mine");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(FolderRecord.FILE), "../../precious.txt\n" + foreign + "\n");
        OutputFolder out = OutputFolder.open(folder, Existing.OVERWRITE);
        assertThrows(IllegalArgumentException.class, () -> out.writeText("../escape.txt", ""));
        out.writeText("report.html", "");
        assertEquals("mine", Files.readString(foreign));
    }

    @Test
    void aResumedRunAddsToWhatIsThereAndAnOverwritingOneKnowsBoth() throws IOException {
        OutputFolder first = OutputFolder.open(folder, Existing.REFUSE);
        first.writeText("checkpoint", "epoch 1");
        first.close();
        OutputFolder resumed = OutputFolder.open(folder, Existing.KEEP);
        resumed.writeText("checkpoint", "epoch 2");
        resumed.writeText("model", "done");
        assertEquals(List.of("checkpoint", "model"), resumed.names());
        resumed.close();
        try (OutputFolder overwriting = OutputFolder.open(folder, Existing.OVERWRITE)) {
            overwriting.writeText("other", "");
        }
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
        try (Stream<Path> files = Files.list(parent)) {
            assertEquals(1, files.count(), "the temporary file is gone");
        }
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

    @Test
    void leftoversOfARunThatWasKilledAreNoResultsAndGo() throws IOException {
        String unfinished = ".unweave-0123456789abcdef0123456789abcdef.part";
        for (Existing existing : Existing.values()) {
            Path killed = parent.resolve("killed " + existing);
            Files.createDirectories(killed);
            Files.writeString(killed.resolve(FolderRecord.FILE), "sounds/a.wav\ncheckpoint\nmetrics.cs"); // cut off
            Files.writeString(killed.resolve(FolderRecord.HOLDER), "process 1, which began at some time,\n");
            Files.writeString(killed.resolve(unfinished), "ha");
            Files.writeString(killed.resolve(".checkpoint.tmp"), "ha");
            if (existing != Existing.REFUSE) {
                Files.createDirectories(killed.resolve("sounds"));
                Files.writeString(killed.resolve("sounds").resolve(unfinished), "ha");
            } else {
                Files.delete(killed.resolve(".checkpoint.tmp"));
                assertTrue(OutputFolder.isUnused(killed));
            }
            folder = killed;
            try (OutputFolder out = OutputFolder.open(killed, existing)) {
                out.writeText("report.html", "");
                assertTrue(tree().contains(FolderRecord.HOLDER), "a run says that it is running");
            }
            List<String> expected = existing == Existing.KEEP
                    ? List.of(".unweave-files", "report.html", "sounds")
                    : List.of(".unweave-files", "report.html");
            assertEquals(expected, tree(), existing.name());
        }
    }

    @Test
    void nothingIsWrittenOrRemovedThroughLinks() throws IOException {
        Path elsewhere = Files.createDirectories(parent.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("a.wav"), "mine");
        try (OutputFolder first = OutputFolder.open(folder, Existing.REFUSE)) {
            first.writeText("sounds/a.wav", "old");
            first.writeText("report.html", "old");
        }
        Files.delete(folder.resolve("sounds/a.wav"));
        Files.delete(folder.resolve("sounds"));
        Files.createSymbolicLink(folder.resolve("sounds"), elsewhere);
        Files.delete(folder.resolve("report.html"));
        Files.createSymbolicLink(folder.resolve("report.html"), precious);
        try (OutputFolder second = OutputFolder.open(folder, Existing.OVERWRITE)) {
            BadInputException e = assertThrows(BadInputException.class, () -> second.writeText("sounds/b.wav", "new"));
            assertTrue(e.getMessage().contains("sounds: is a link"), e.getMessage());
            second.writeText("report.html", "new");
        }
        assertEquals("mine", Files.readString(precious));
        assertEquals(1, entries(elsewhere));
        assertEquals("new", Files.readString(folder.resolve("report.html")));
        assertFalse(Files.isSymbolicLink(folder.resolve("report.html")));

        Files.delete(folder.resolve(FolderRecord.FILE));
        Files.createSymbolicLink(folder.resolve(FolderRecord.FILE), precious);
        assertThrows(BadInputException.class, () -> OutputFolder.open(folder, Existing.KEEP));
        assertEquals("mine", Files.readString(precious));
    }

    @Test
    void aLinkToTheFolderItselfIsFine() throws IOException {
        Files.createDirectories(folder);
        Path link = Files.createSymbolicLink(parent.resolve("link"), folder);
        try (OutputFolder out = OutputFolder.open(link, Existing.REFUSE)) {
            out.writeText("a/b.txt", "text");
        }
        assertEquals(List.of(".unweave-files", "a", "a/b.txt"), tree());
    }

    @Test
    void ofTwoRunsThatFoundTheFolderEmptyOneIsRefused() throws IOException {
        OutputFolder first = OutputFolder.open(folder, Existing.REFUSE);
        OutputFolder second = OutputFolder.open(folder, Existing.REFUSE);
        first.writeText("a.txt", "first");
        BadInputException e = assertThrows(BadInputException.class, () -> second.writeText("a.txt", "second"));
        assertTrue(e.getMessage().contains("already holds files (a.txt)"), e.getMessage());
        assertEquals("first", Files.readString(folder.resolve("a.txt")));
    }

    /** Another process holds the folder: this test's own classes in a second Java. */
    @Test
    void anotherProcessIsToldWhoWritesAndFindsTheFolderFreeAfterThat() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('h', other.getInputStream().read());
            for (Existing existing : Existing.values()) {
                BadInputException e = assertThrows(BadInputException.class, () -> OutputFolder.open(folder, existing));
                assertTrue(
                        e.getMessage()
                                .matches(".*today: process " + other.pid() + ", which began at .* is writing to it;.*"),
                        e.getMessage());
            }
        } finally {
            other.destroyForcibly().waitFor(); // as kill -9
        }
        assertEquals(List.of(".unweave-files", ".unweave-run", "a.txt"), tree());
        try (OutputFolder out = OutputFolder.open(folder, Existing.KEEP)) {
            out.writeText("b.txt", "");
        }
        assertEquals(List.of(".unweave-files", "a.txt", "b.txt"), tree());
    }

    /** Writes a file into a folder and keeps it. */
    static final class Holder {
        private Holder() {}

        /** The folder's name is the one argument. */
        public static void main(String[] arguments) throws Exception {
            OutputFolder.open(Path.of(arguments[0]), Existing.REFUSE).writeText("a.txt", "");
            System.out.print('h');
            System.out.flush();
            Thread.sleep(60_000);
        }
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    private List<String> tree() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    /** Killed before its first checkpoint, by this version or an earlier one. */
    @Test
    void aFolderThatHoldsNothingFinishedIsUnused(@TempDir Path killed) throws IOException {
        Files.writeString(killed.resolve(".unweave-files"), "metrics.csv\ncheckpoint.safetensors\n");
        Files.writeString(killed.resolve(".checkpoint.safetensors.tmp"), "the beginning");
        Files.writeString(killed.resolve(".unweave-0123456789abcdef0123456789abcdef.part"), "another");
        assertTrue(OutputFolder.isUnused(killed));
        Files.writeString(killed.resolve(".notes.tmp"), "of somebody else");
        assertFalse(OutputFolder.isUnused(killed));
    }
}
