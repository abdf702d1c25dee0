package unweave.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import unweave.bench.Benchmarks;
import unweave.bench.GpuBenchmarks;
import unweave.cli.Main;

/**
 * The pages of the repository: their links lead somewhere, the commands they show exist with their options, and so do
 * the files they name. A word in capitals, as in {@code ./unweave COMMAND --help}, stands for something else.
 */
class DocumentationTest {
    private static final Path ROOT = Repository.ROOT;
    private static final Pattern PROFILE =
            Pattern.compile("<profile>\\s*(?:<!--.*?-->\\s*)?<id>([^<]+)</id>", Pattern.DOTALL);
    private static final Pattern PLACEHOLDER = Pattern.compile(".*\\b[A-Z]{3,}\\b.*|.*[*<{].*|.*\\.\\.\\..*");

    @TestFactory
    Stream<DynamicTest> nothingOnThePagesIsStale() throws IOException {
        return Repository.files(".md").stream()
                .map(page -> dynamicTest(ROOT.relativize(page).toString(), () -> {
                    List<String> stale = stale(page);
                    assertTrue(stale.isEmpty(), () -> String.join("\n", stale));
                }));
    }

    @Test
    void theIndexListsEveryPage() throws IOException {
        Path docs = ROOT.resolve("app/docs");
        List<String> links = Markdown.read(docs.resolve("README.md")).links();
        List<String> missing = Repository.files(".md").stream()
                .filter(page -> page.getParent().equals(docs))
                .map(page -> page.getFileName().toString())
                .filter(name -> !name.equals("README.md") && !links.contains(name))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void theExamplesOfTheLibraryCompile(@TempDir Path folder) throws IOException {
        List<String> examples =
                Markdown.read(ROOT.resolve("app/docs/library.md")).java();
        assertFalse(examples.isEmpty());
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String example : examples) {
            String body = example.replaceAll("(?m)^import .*\n", "");
            String imports = example.substring(0, example.length() - body.length());
            Path source = Files.writeString(
                    folder.resolve("Example.java"),
                    imports + "class Example { void run() throws Exception {" + body + "}}");
            int exit = ToolProvider.getSystemJavaCompiler()
                    .run(null, null, null, "-cp", classPath, "-d", folder.toString(), source.toString());
            assertEquals(0, exit, example);
        }
    }

    @Test
    void staleThingsAreFound() throws IOException {
        Path page = Files.createTempFile(ROOT.resolve("bench/target"), "stale", ".md");
        Files.writeString(
                page,
                """
                # A page

                [good](#a-page) [bad](#another-page) [gone](gone.md) `kernels/gone/File.java`

                ```
                ./unweave demo --out d           # good
                ./unweave demo --nonsense
                ./unweave nonsense
                ./unweave bench --quick --nonsense
                ./mvnw -Pnonsense -pl nonsense,kernels test
                ./mvnw -Pbundle package
                kernels/nonsense
                ```
                """);
        List<String> stale = stale(page);
        Files.delete(page);
        assertEquals(9, stale.size(), () -> String.join("\n", stale));
    }

    private static List<String> stale(Path page) throws IOException {
        Markdown markdown = Markdown.read(page);
        List<String> stale = new ArrayList<>();
        for (String link : markdown.links()) {
            if (!link.matches("[a-z]+:.*") && !exists(page, link)) {
                stale.add("leads nowhere: " + link);
            }
        }
        for (String command : markdown.commands()) {
            stale.addAll(staleCommand(command));
        }
        for (String span : markdown.code()) {
            if (span.startsWith("./") && !PLACEHOLDER.matcher(span).matches()) {
                stale.addAll(staleCommand(span));
            } else if (isPath(span) && !Files.exists(ROOT.resolve(span))) {
                stale.add("no such file: " + span);
            }
        }
        return stale;
    }

    private static boolean exists(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        return Files.exists(target)
                && (hash < 0 || Markdown.read(target).anchors().contains(link.substring(hash + 1)));
    }

    private static List<String> staleCommand(String command) throws IOException {
        List<String> words = Markdown.words(command).stream()
                .dropWhile(word -> word.matches("[A-Z_]+=.*"))
                .toList();
        if (words.isEmpty()) {
            return List.of();
        }
        String program = words.get(0);
        List<String> arguments = words.subList(1, words.size());
        if (program.equals("./unweave")) {
            return arguments.isEmpty() || !arguments.get(0).equals("bench")
                    ? unknown(new CommandLine(Main.class), command, arguments)
                    : unknown(new CommandLine(Benchmarks.class), command, arguments.subList(1, arguments.size()));
        }
        if (program.equals("bench/gpu")) {
            return unknown(new CommandLine(GpuBenchmarks.class), command, arguments);
        }
        if (program.equals("./mvnw")) {
            return staleMavenArguments(arguments);
        }
        return isPath(program) && !Files.exists(ROOT.resolve(program))
                ? List.of("no such program: " + program)
                : List.of();
    }

    private static List<String> unknown(CommandLine program, String command, List<String> arguments) {
        try {
            program.setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments.toArray(String[]::new));
            return List.of();
        } catch (ParameterException e) {
            return List.of(command + ": " + e.getMessage());
        }
    }

    private static List<String> staleMavenArguments(List<String> arguments) throws IOException {
        Set<String> profiles = PROFILE.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        List<String> stale = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith("-P") && !profiles.contains(argument.substring(2))) {
                stale.add("no such profile: " + argument);
            }
            if (argument.equals("-pl")) {
                Stream.of(arguments.get(i + 1).split(",", 0))
                        .filter(module -> !Files.exists(ROOT.resolve(module).resolve("pom.xml")))
                        .forEach(module -> stale.add("no such module: " + module));
            }
        }
        return stale;
    }

    /**
     * Whether a word names something in the repository, other than what a build makes: it begins with a folder there.
     */
    private static boolean isPath(String word) {
        int slash = word.indexOf('/');
        return slash > 0
                && !word.contains(" ")
                && !word.contains("target")
                && !PLACEHOLDER.matcher(word).matches()
                && Files.isDirectory(ROOT.resolve(word.substring(0, slash)));
    }
}
