package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import unweave.cli.Main;

class BenchCommandTest {
    @Test
    void helpListsTheBenchmarks() {
        String help = new CommandLine(new BenchCommand()).getUsageMessage();
        assertTrue(help.startsWith("Usage: bench") && help.contains("unweave bench --help"), help);
    }

    @Test
    void withoutTheLauncherItSaysHowToStartThem() {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertEquals(2, Main.run("bench", "--quick"));
        } finally {
            System.setErr(before);
        }
        assertEquals(
                "unweave: the benchmarks are started by the launcher: ./unweave bench --quick",
                printed.toString(StandardCharsets.UTF_8).strip());
    }
}
