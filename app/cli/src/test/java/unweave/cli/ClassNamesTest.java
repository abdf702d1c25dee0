package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of any name, through all commands: with escapes, equal as files, named like a field, or a formula. */
class ClassNamesTest {
    private static final List<String> CLASSES = List.of("R&B", "R/B", "layer", "\u001b[31mred", "=1+1");
    private static final int EACH = 3;

    @TempDir
    private static Path folder;

    private static final StringBuilder SAID = new StringBuilder();

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    private static String model() {
        return at("model/model.safetensors");
    }

    private static void run(String... arguments) {
        CommandRun run = CommandRun.of(arguments).assertDone();
        SAID.append(run.results()).append(run.remarks());
    }

    @BeforeAll
    static void allCommands() throws IOException {
        run("synth", "--samples", "20", "--out", at("data"), "--quiet");
        StringBuilder manifest = new StringBuilder("path,label\n");
        List<Path> sounds;
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            sounds = files.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .toList();
        }
        for (int i = 0; i < CLASSES.size() * EACH; i++) {
            manifest.append(sounds.get(i))
                    .append(',')
                    .append(CLASSES.get(i / EACH))
                    .append('\n');
        }
        Files.writeString(folder.resolve("sounds.csv"), manifest);
        run("train", at("sounds.csv"), "--epochs", "1", "--out", at("model"));
        run(
                "subspaces",
                model(),
                "--data",
                at("sounds.csv"),
                "--steps",
                "3",
                "--starts",
                "1",
                "--inputs",
                "2",
                "--out",
                at("concepts"));
        String subspaces = at("concepts/subspaces.safetensors");
        run("explain", model(), sounds.get(0).toString(), "--class", "\u001b[31mred", "--out", at("one"));
        run("explain", model(), at("sounds.csv"), "--subspaces", subspaces, "--limit", "1", "--out", at("all"));
        run(
                "references",
                model(),
                "--subspaces",
                subspaces,
                "--data",
                at("sounds.csv"),
                "--top",
                "1",
                "--split",
                "all",
                "--concepts",
                "1",
                "--by",
                "relevance",
                "--classes",
                "R&B,R/B",
                "--out",
                at("references"));
    }

    @Test
    void everyClassHasItsFiles() {
        for (String name : List.of("R_B", "R_B-2", "layer", "__31mred", "_1_1")) {
            assertTrue(Files.exists(folder.resolve("concepts/curves-" + name + ".png")), name);
        }
        assertTrue(Files.isDirectory(folder.resolve("references/R_B")));
        assertTrue(Files.isDirectory(folder.resolve("references/R_B-2")));
    }

    @Test
    void aClassMayBeCalledLikeAField() throws IOException {
        JsonObject numbers = JsonParser.parseString(Files.readString(folder.resolve("concepts/subspaces.json")))
                .getAsJsonObject();
        assertEquals("DRSA", numbers.get("method").getAsString());
        assertTrue(numbers.get("layer").isJsonPrimitive(), numbers.toString());
        assertEquals(CLASSES.size(), numbers.getAsJsonObject("classes").size());
        assertTrue(numbers.getAsJsonObject("classes").getAsJsonObject("layer").has("objective"), numbers.toString());
    }

    @Test
    void noEscapeReachesATerminalOrAFile() throws IOException {
        String said = SAID.toString();
        assertFalse(said.contains("\u001b"), said);
        assertTrue(said.contains("\\u001b[31mred"), said);
        List<Path> texts;
        try (Stream<Path> files = Files.walk(folder)) {
            texts = files.filter(file -> file.toString().matches(".*\\.(html|csv|json|jsonl)"))
                    .filter(file -> !file.equals(folder.resolve("sounds.csv")))
                    .toList();
        }
        assertTrue(texts.size() > 10, texts.toString());
        for (Path text : texts) {
            assertFalse(Files.readString(text).contains("\u001b"), text.toString());
        }
    }

    @Test
    void noCellIsAFormula() throws IOException {
        String table = Files.readString(folder.resolve("all/sounds.csv"));
        assertTrue(table.contains(",'=1+1"), table);
        assertFalse(table.contains(",=") || table.contains("\n="), table);
    }
}
