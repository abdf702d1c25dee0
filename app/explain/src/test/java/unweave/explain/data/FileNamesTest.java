package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.kernels.BadInputException;

class FileNamesTest {
    @TempDir
    Path folder;

    private static String message(org.junit.jupiter.api.function.Executable work) {
        return assertThrows(BadInputException.class, work).getMessage();
    }

    private void sound(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, SoundFiles.wavBytes(new float[] {0.1f, 0.2f}, 8000));
    }

    /** Java cannot make such a name, the shell can: the bytes fc and df are no UTF-8. */
    private void run(String script) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "names are bytes on Linux");
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .start();
        assumeTrue(process.waitFor() == 0, "the file system takes any bytes");
    }

    @Test
    void aClassWhoseNameIsNoTextIsRefused() throws IOException, InterruptedException {
        sound("plain/a.wav");
        sound("other/a.wav");
        run("mv other \"$(printf 'gr\\374\\337e')\"");
        String message = message(() -> SoundCollection.open(folder));
        assertTrue(message.contains("/gr%FC%DFe/a.wav: this name"), message);
    }

    @Test
    void aSoundWhoseNameIsNoTextIsRefused() throws IOException, InterruptedException {
        sound("plain/a.wav");
        sound("other/a.wav");
        run("mv other/a.wav \"other/$(printf 'gr\\374\\337e').wav\"");
        String message = message(() -> SoundCollection.open(folder));
        assertTrue(message.contains("/other/gr%FC%DFe.wav: this name"), message);
    }

    /** As in a manifest that another program read in the wrong encoding, and saved. */
    @Test
    void aClassWithLostCharactersIsRefused() throws IOException {
        sound("a.wav");
        sound("b.wav");
        Path manifest = folder.resolve("sounds.csv");
        Files.writeString(manifest, "path,label\na.wav,gr\ufffd\ufffde\nb.wav,klein\n", StandardCharsets.UTF_8);
        String message = message(() -> SoundCollection.open(manifest));
        assertTrue(message.startsWith(manifest + ": line 2 holds a character"), message);
    }

    @Test
    void everyOtherNameIsTaken() {
        for (String name : List.of("gr\u00f6\u00dfe", "\u72d7", "?", "a b", "")) {
            assertDoesNotThrow(() -> FileNames.requireText("argument", name));
        }
    }

    @Test
    void whatIsNoFileNameIsSaidInWords() {
        String reason = FileNames.reason(assertThrows(InvalidPathException.class, () -> Path.of("a\0b")));
        assertTrue(reason.endsWith(": a file name cannot hold the character of code 0"), reason);
    }
}
