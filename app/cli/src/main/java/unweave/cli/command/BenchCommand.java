package unweave.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;
import unweave.kernels.BadInputException;

/**
 * The place of the benchmarks in the list of commands. They are a program of their own in the module {@code bench},
 * which builds on this one: the launcher starts it for {@code unweave bench}, so only {@code unweave help bench}, and
 * Java without the launcher, arrive here.
 */
@Command(
        name = "bench",
        description = {
            "Measures how fast Unweave is here, beside the machine's limits and, with --peers, PyTorch.",
            "The options: unweave bench --help"
        })
public final class BenchCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    /** @throws BadInputException always: says how to start the benchmarks */
    @Override
    public Integer call() {
        throw new BadInputException("the benchmarks are started by the launcher: ./unweave bench"
                + (arguments.isEmpty() ? "" : " ") + String.join(" ", arguments));
    }
}
