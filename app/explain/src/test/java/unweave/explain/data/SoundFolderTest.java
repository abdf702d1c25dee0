package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

class SoundFolderTest {
    @TempDir
    private Path folder;

    private void sounds(String place, int count) throws IOException {
        Files.createDirectories(folder.resolve(place));
        for (int i = 0; i < count; i++) {
            SoundFiles.writeWav(folder.resolve(place).resolve(i + ".wav"), new float[] {0.5f, i / 100f}, 8000);
        }
    }

    private static List<String> notes(SoundCollection collection) {
        List<String> notes = new ArrayList<>();
        collection.tell(new Monitor() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        });
        return notes;
    }

    @Test
    void classFoldersAndFoldersInThemMayBeLinks() throws IOException {
        sounds("data/seven", 3);
        sounds("elsewhere", 4);
        sounds("data/three", 2);
        Files.createSymbolicLink(folder.resolve("data/two"), Path.of("../elsewhere"));
        Files.createSymbolicLink(folder.resolve("data/seven/more"), Path.of("../../elsewhere"));
        SoundCollection collection = SoundCollection.open(folder.resolve("data"));
        assertEquals(List.of("seven", "three", "two"), collection.classNames());
        assertEquals(13, collection.items().size());
        assertEquals(
                7, collection.items().stream().filter(item -> item.label() == 0).count());
        assertTrue(notes(collection).isEmpty());
    }

    @Test
    void linksThatLeadBackOrNowhereArePassedOverAndSaid() throws IOException {
        sounds("data/a", 2);
        sounds("data/b", 2);
        Files.createSymbolicLink(folder.resolve("data/b/up"), Path.of(".."));
        Files.createSymbolicLink(folder.resolve("data/a/self"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("data/again"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("data/a/gone.wav"), Path.of("missing.wav"));
        SoundCollection collection = SoundCollection.open(folder.resolve("data"));
        assertEquals(List.of("a", "b"), collection.classNames());
        String note = notes(collection).toString();
        assertTrue(note.contains("link back to a folder above") && note.contains("1 link that leads nowhere"), note);
    }

    @Test
    void whatIsNoSoundIsCountedByKind() throws IOException {
        sounds("a", 2);
        sounds("b", 2);
        for (String name : List.of("a/x.txt", "a/y.TXT", "b/cover.jpg", "b/notes", "b/._0.wav", "a/short.json")) {
            Files.writeString(folder.resolve(name), "no sound in it");
        }
        Files.copy(folder.resolve("a/0.wav"), folder.resolve("a/without-extension"));
        Files.copy(folder.resolve("a/0.wav"), folder.resolve("loose.wav"));
        SoundCollection collection = SoundCollection.open(folder);
        assertEquals(5, collection.items().size(), "a sound is known by its content, too");
        assertEquals(
                List.of(
                        folder + ": 1 sounds lie beside the class folders and belong to no class",
                        folder + ": 6 files (1 .jpg, 1 .json, 2 .txt, 1 hidden, 1 without extension) skipped"),
                notes(collection));
    }

    @Test
    void aClassFolderWithoutSoundsIsAnError() throws IOException {
        sounds("a", 2);
        sounds("b", 2);
        Files.createDirectories(folder.resolve("c"));
        Files.writeString(folder.resolve("c/readme.txt"), "soon");
        String message = assertThrows(BadInputException.class, () -> SoundCollection.open(folder))
                .getMessage();
        assertEquals(
                folder.resolve("c")
                        + ": holds no sounds (1 file (1 .txt)), but every sub-folder is a class; add sounds, or"
                        + " move it out of " + folder,
                message);
        Files.delete(folder.resolve("c/readme.txt"));
        assertTrue(assertThrows(BadInputException.class, () -> SoundCollection.open(folder))
                .getMessage()
                .contains("(it is empty)"));
    }

    @Test
    void compressedSoundsAndBrokenOnesAreSounds() throws IOException {
        sounds("a", 2);
        Files.createDirectories(folder.resolve("b"));
        for (String name : List.of("x.flac", "y.mp3", "z.m4a", "broken.ogg")) {
            Files.writeString(folder.resolve("b").resolve(name), "to be found out when it is read");
        }
        SoundCollection collection = SoundCollection.open(folder);
        assertEquals(6, collection.items().size());
        assertFalse(collection.items().get(2).path().toString().isEmpty());
    }
}
