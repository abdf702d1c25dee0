package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The templates' directives, by the program that the build runs. */
class UnrollTest {
    @TempDir
    private Path folder;

    @Test
    void directivesRepeatAndChooseLines() throws Exception {
        template("package p;", "//: each r < 2", "a$r = x${r+1};", "//: end", "b;");
        unroll();
        assertEquals("package p;\na0 = x1;\na1 = x2;\nb;\n", Files.readString(source()));
    }

    @Test
    void listsRunInParallelAndNest() throws Exception {
        template(
                "//: each name in Wide Narrow, rows in 2 1",
                "${name}Begin",
                "//: each r < $rows",
                "s$r_${3*r+1}",
                "//: end",
                "//: if $name is Wide",
                "wide",
                "//: end",
                "//: end");
        unroll();
        assertEquals("WideBegin\ns0_1\ns1_4\nwide\nNarrowBegin\ns0_1\n", Files.readString(source()));
    }

    @Test
    void aSourceWithoutTemplateIsDeleted() throws Exception {
        template("first");
        unroll();
        Files.move(templates().resolve("p/A.java"), templates().resolve("p/B.java"));
        unroll();
        assertFalse(Files.exists(source()));
        assertEquals("first\n", Files.readString(folder.resolve("sources/p/B.java")));
    }

    @Test
    void aMissingEndIsToldWithItsLine() throws Exception {
        template("a", "//: each r < 2", "b");
        String error = unroll();
        assertTrue(error.contains("A.java:2: \"//: end\" is missing"), error);
    }

    private Path templates() {
        return folder.resolve("templates");
    }

    private Path source() {
        return folder.resolve("sources/p/A.java");
    }

    private void template(String... lines) throws IOException {
        Files.createDirectories(templates().resolve("p"));
        Files.writeString(templates().resolve("p/A.java"), String.join("\n", lines) + "\n");
    }

    /** What the program printed. */
    private String unroll() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Path.of("src/main/templates/Unroll.java").toString(),
                        templates().toString(),
                        folder.resolve("sources").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
