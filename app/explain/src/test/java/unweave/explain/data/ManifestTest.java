package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

class ManifestTest {
    private static final Charset LATIN = Charset.forName("windows-1252");
    private static final String TEXT = "path,label\na.wav,fünf\nb.wav,drei\nc.wav,fünf\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of("a.wav", "b.wav", "c.wav")) {
            Files.writeString(folder.resolve(name), "not looked at");
        }
    }

    private Path manifest(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("manifest.csv"), bytes);
    }

    private Path manifest(String text) throws IOException {
        return manifest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRead(SoundCollection collection) {
        assertEquals(List.of("drei", "fünf"), collection.classNames());
        assertEquals(
                List.of(1, 0, 1),
                collection.items().stream().map(SoundItem::label).toList());
    }

    private static String problem(Path manifest) {
        return assertThrows(BadInputException.class, () -> SoundCollection.open(manifest))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void encodingsAreToldApartWithAndWithoutAMark(String name) throws IOException {
        Charset charset = Charset.forName(name);
        assertRead(SoundCollection.open(manifest(TEXT.getBytes(charset))));
        assertRead(SoundCollection.open(manifest(("\uFEFF" + TEXT).getBytes(charset))));
        assertRead(SoundCollection.open(manifest(("\uFEFF" + TEXT).getBytes(charset)), charset));
    }

    @Test
    void anotherEncodingIsNamed() throws IOException {
        Path manifest = manifest(TEXT.getBytes(LATIN));
        assertEquals(
                manifest + ": line 2 is not UTF-8 (byte FC); save it as UTF-8, or name its encoding, such as --encoding"
                        + " windows-1252",
                problem(manifest));
        assertRead(SoundCollection.open(manifest, LATIN));
        String wrong = assertThrows(
                        BadInputException.class, () -> SoundCollection.open(manifest, StandardCharsets.US_ASCII))
                .getMessage();
        assertTrue(wrong.contains("line 2 is not US-ASCII (byte FC)"), wrong);
    }

    @Test
    void textThatAnotherProgramDamagedIsRefused() throws IOException {
        assertTrue(problem(manifest(TEXT.replace('ü', '\uFFFD'))).contains("line 2 holds a character"));
        assertTrue(problem(manifest(new byte[] {'a', 0, 0, 1, 2, 3, 0, 0, 'b'})).contains("not text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void columnsArePartedAsTheLanguageOfASpreadsheetHasIt(String separator) throws IOException {
        assertRead(SoundCollection.open(manifest(TEXT.replace(",", separator))));
        assertRead(SoundCollection.open(manifest(TEXT.replace(",", separator).replace("\n", "\r\n"))));
        assertRead(SoundCollection.open(manifest("sep=" + separator + "\r\n" + TEXT.replace(",", separator))));
        assertRead(SoundCollection.open(manifest(TEXT.replace(",", separator) + separator + "\n")));
    }

    @Test
    void quotedValuesMayHoldSeparatorsAndLineBreaks() throws IOException {
        SoundCollection collection = SoundCollection.open(
                manifest("path;label;remark\na.wav;\"one, or\ntwo\";\"a \"\"b\"\"; c\"\nb.wav;two;\n"));
        assertEquals(List.of("one, or\ntwo", "two"), collection.classNames());
    }

    @Test
    void emptyValuesAndColumnsOfOneNameAreRefused() throws IOException {
        assertTrue(problem(manifest("path,label\na.wav,x\nb.wav,\n")).contains("line 3 has an empty label"));
        assertTrue(problem(manifest("path,label\na.wav,x\n,y\n")).contains("line 3 has an empty path"));
        assertTrue(problem(manifest("path,label,Label\na.wav,x,y\n")).contains("has two columns label"));
        assertTrue(problem(manifest("path,label\nd.wav,x\n")).contains("line 2 lists d.wav"));
    }

    @Test
    void aSoundThatIsListedTwiceCountsOnce() throws IOException {
        SoundCollection collection = SoundCollection.open(manifest(TEXT + "a.wav,fünf\n./a.wav,fünf\n"));
        assertRead(collection);
        List<String> notes = new ArrayList<>();
        collection.tell(new Monitor() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        });
        assertEquals(
                List.of(folder.resolve("manifest.csv")
                        + ": 2 sounds are listed more than once and count once, the first is a.wav"),
                notes);
        assertTrue(problem(manifest(TEXT + "a.wav,drei\n")).contains("must have the same label"));
    }
}
