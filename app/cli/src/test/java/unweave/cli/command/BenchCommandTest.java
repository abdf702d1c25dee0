package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import unweave.cli.CommandRun;

class BenchCommandTest {
    @Test
    void helpListsTheBenchmarks() {
        String help = new CommandLine(new BenchCommand()).getUsageMessage();
        assertTrue(help.startsWith("Usage: bench") && help.contains("unweave bench --help"), help);
    }

    @Test
    void withoutTheLauncherItSaysHowToStartThem() {
        CommandRun run = CommandRun.of("bench", "--quick");
        assertEquals(2, run.code());
        assertEquals(
                "unweave: the benchmarks are started by the launcher: ./unweave bench --quick",
                run.remarks().strip());
    }
}
