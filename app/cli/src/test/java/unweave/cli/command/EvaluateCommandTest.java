package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.cli.CommandRun;
import unweave.cli.Main;

/** Cross-validation, then an evaluation of one fold's model, at a tiny size. */
class EvaluateCommandTest {
    @TempDir
    private static Path folder;

    private static String model;
    private static String folds;

    @BeforeAll
    static void trainAndEvaluate() throws IOException {
        assertEquals(
                0,
                Main.run(
                        "synth",
                        "--samples",
                        "10",
                        "--out",
                        folder.resolve("data").toString(),
                        "--quiet"));
        Files.delete(folder.resolve("data/manifest.csv"));
        assertEquals(0, train("--fold", "2"));
        assertEquals(0, train("--only-folds", "1,3", "--resume"));
        model = folder.resolve("cv/fold-02/model.safetensors").toString();
        folds = folder.resolve("cv/folds.csv").toString();
        for (String layer : List.of("conv2", "conv3")) {
            assertEquals(
                    0,
                    Main.run(
                            "subspaces",
                            model,
                            "--data",
                            folds,
                            "--fold",
                            "2",
                            "--inputs",
                            "4",
                            "--steps",
                            "5",
                            "--layer",
                            layer,
                            "--out",
                            folder.resolve("concepts/" + layer).toString(),
                            "--quiet"));
        }
        assertEquals(
                0,
                Main.run(
                        "evaluate",
                        model,
                        "--subspaces",
                        folder.resolve("concepts").toString(),
                        "--data",
                        folds,
                        "--fold",
                        "2",
                        "--samples",
                        "2",
                        "--random-seeds",
                        "2",
                        "--out",
                        folder.resolve("evaluated").toString(),
                        "--quiet"));
    }

    private static int train(String... further) {
        String[] arguments = {
            "train",
            folder.resolve("data").toString(),
            "--folds",
            "3",
            "--epochs",
            "1",
            "--out",
            folder.resolve("cv").toString(),
            "--quiet"
        };
        return Main.run(
                java.util.stream.Stream.concat(java.util.Arrays.stream(arguments), java.util.Arrays.stream(further))
                        .toArray(String[]::new));
    }

    private static JsonObject json(String name) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(name))).getAsJsonObject();
    }

    @Test
    void theFoldsOfSeveralRunsAreSummedUp() throws IOException {
        JsonObject summary = json("cv/cross-validation.json");
        assertEquals(3, summary.getAsJsonArray("folds").size());
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 3; i++) {
            double accuracy = summary.getAsJsonArray("folds")
                    .get(i)
                    .getAsJsonObject()
                    .get("testAccuracy")
                    .getAsDouble();
            sum += accuracy;
            squares += accuracy * accuracy;
        }
        JsonObject spread = summary.getAsJsonObject("testAccuracy");
        assertEquals(sum / 3, spread.get("mean").getAsDouble(), 1e-12);
        assertEquals(
                Math.sqrt(Math.max(0, (squares - sum * sum / 3) / 2)),
                spread.get("deviation").getAsDouble(),
                1e-9);
        assertTrue(Files.readString(folder.resolve("cv/report.html")).contains("over 3 of 3 folds"));
    }

    @Test
    void theEvaluationHasItsNumbersTablesPicturesAndPage() throws IOException {
        JsonObject numbers = json("evaluated/evaluation.json");
        assertEquals(2, numbers.getAsJsonArray("patchFlipping").size(), "two layers");
        assertEquals("summary", numbers.keySet().iterator().next());
        assertEquals(2, numbers.getAsJsonObject("classCounts").get("class1").getAsInt());
        for (String name : List.of(
                "tables/patch-flipping-K4.csv",
                "tables/patch-flipping-area-K4.csv",
                "tables/patch-flipping-classes-K4.csv",
                "tables/faithfulness-conv2-K4.csv",
                "tables/disentanglement-conv3-K4.csv",
                "tables/sanity.csv",
                "tables/gamma.csv",
                "figures/patch-flipping-K4.png",
                "figures/cross-class-conv3-K4.png",
                "figures/confusion.png",
                "figures/maps-class1.png")) {
            assertTrue(Files.size(folder.resolve("evaluated").resolve(name)) > 0, name);
        }
        String table = Files.readString(folder.resolve("evaluated/tables/patch-flipping-K4.csv"));
        for (String method : List.of("standard", "random", "DSA", "DRSA", "random flipping")) {
            assertTrue(table.contains("\n" + method + ","), method + " in " + table);
        }
        String page = Files.readString(folder.resolve("evaluated/report.html"));
        for (String expected : List.of(
                "Patch flipping",
                "Does AUPC order",
                "Subspaces of other classes",
                "Faithfulness",
                "Sanity check",
                "data:image/png")) {
            assertTrue(page.contains(expected), expected);
        }
    }

    /** Four sounds cannot show that a network of one epoch is better than chance: numbers, but no verdict. */
    @Test
    void aNetworkThatMayBeAtChanceGetsNoVerdict() throws IOException {
        JsonObject numbers = json("evaluated/evaluation.json");
        String found = numbers.getAsJsonObject("summary")
                .getAsJsonArray("found")
                .get(0)
                .getAsString();
        assertTrue(found.startsWith("No verdict: the network is not shown to be better than chance"), found);
        assertTrue(found.contains("4 inputs: class1 2, class2 2)"), found);
        numbers.getAsJsonArray("patchFlipping")
                .forEach(layer -> assertEquals(
                        "no verdict: the network is not shown to be better than chance",
                        layer.getAsJsonObject().get("ordered").getAsString()));
        String page = Files.readString(folder.resolve("evaluated/report.html"));
        assertTrue(page.indexOf("No verdict") < page.indexOf("Patch flipping"), "it comes first");
        assertFalse(page.contains(">yes"), "no verdict anywhere");
        assertFalse(page.contains("is split best by its own"), "no verdict anywhere");
    }

    private static void refused(String expected, String... arguments) {
        CommandRun.of(arguments).assertRefused(expected);
        assertFalse(Files.exists(folder.resolve("out")), "nothing may be written");
    }

    @Test
    void badInputIsRefusedInOneLine() throws IOException {
        String out = folder.resolve("out").toString();
        String concepts = folder.resolve("concepts").toString();
        refused(
                "--measures beauty: unknown; expected some of flipping, cross-class",
                "evaluate",
                model,
                "--subspaces",
                concepts,
                "--data",
                folds,
                "--fold",
                "2",
                "--measures",
                "beauty",
                "--out",
                out);
        refused(
                "holds no subspaces",
                "evaluate",
                model,
                "--subspaces",
                folder.resolve("data").toString(),
                "--data",
                folds,
                "--fold",
                "2",
                "--out",
                out);
        refused(
                "belong to another model",
                "evaluate",
                folder.resolve("cv/fold-01/model.safetensors").toString(),
                "--subspaces",
                concepts,
                "--data",
                folds,
                "--fold",
                "2",
                "--out",
                out);
        refused(
                "has no fold 7",
                "evaluate",
                model,
                "--subspaces",
                concepts,
                "--data",
                folds,
                "--fold",
                "7",
                "--out",
                out);
        refused(
                "--samples must be at least 1",
                "evaluate",
                model,
                "--subspaces",
                concepts,
                "--data",
                folds,
                "--fold",
                "2",
                "--samples",
                "0",
                "--out",
                out);
        refused(
                "several folds need --folds",
                "train",
                folder.resolve("data").toString(),
                "--fold",
                "1,2",
                "--out",
                out);
        refused("too few for 11 folds", "train", folder.resolve("data").toString(), "--folds", "11", "--out", out);
        refused(
                "holds no settings.json",
                "train",
                folder.resolve("data").toString(),
                "--folds",
                "3",
                "--resume",
                "--out",
                Files.writeString(
                                Files.createDirectories(folder.resolve("others"))
                                        .resolve("notes.txt"),
                                "mine")
                        .getParent()
                        .toString());
        refused(
                "holds results with training.epochs 1, not 2",
                "train",
                folder.resolve("data").toString(),
                "--folds",
                "3",
                "--resume",
                "--epochs",
                "2",
                "--out",
                folder.resolve("cv").toString());
        refused("needs recordings", "reproduce", "--only", "music", "--out", out);
        refused("no layer \"conv9\"", "reproduce", "--layers", "conv9", "--out", out);
    }
}
