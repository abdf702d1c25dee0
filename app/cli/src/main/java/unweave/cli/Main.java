package unweave.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import unweave.cli.command.BenchCommand;
import unweave.cli.command.DemoCommand;
import unweave.cli.command.DevicesCommand;
import unweave.cli.command.ErrorReport;
import unweave.cli.command.EvaluateCommand;
import unweave.cli.command.ExplainCommand;
import unweave.cli.command.ImportCommand;
import unweave.cli.command.ProfiledExecution;
import unweave.cli.command.ReferencesCommand;
import unweave.cli.command.ReproduceCommand;
import unweave.cli.command.SelftestCommand;
import unweave.cli.command.SubspacesCommand;
import unweave.cli.command.SynthCommand;
import unweave.cli.command.TrainCommand;
import unweave.cli.console.Console;
import unweave.explain.data.FileNames;
import unweave.kernels.BadInputException;

/** The command line: {@code unweave COMMAND}. */
@Command(
        name = "unweave",
        version = "unweave 0.1.0",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Explains audio neural networks: which parts of a sound led to a decision,",
            "split into concepts that can be seen and heard.",
            ""
        },
        footer = {
            "",
            "Start with:  unweave demo",
            "Your sounds: unweave train FOLDER --preset toy --out model",
            "             unweave subspaces model/model.safetensors --data FOLDER --out concepts",
            "             unweave explain model/model.safetensors --subspaces concepts/subspaces.safetensors "
                    + "sound.wav --out report",
            "A network:   unweave import network.onnx --front-end librosa --out model.safetensors",
            "Does it hold? unweave evaluate model/model.safetensors --subspaces concepts --data FOLDER --out "
                    + "evaluation",
            "",
            "Exit codes: 0 done, 1 a check failed, 2 something is wrong with the input, 3 a defect in Unweave."
        },
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            ImportCommand.class,
            SubspacesCommand.class,
            ExplainCommand.class,
            ReferencesCommand.class,
            EvaluateCommand.class,
            ReproduceCommand.class,
            SynthCommand.class,
            SelftestCommand.class,
            DevicesCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Callable<Integer> {
    private static final int HELP_WIDTH = 120;

    @Spec
    private CommandSpec command;

    private Main() {}

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        command.commandLine().usage(System.err);
        return ErrorReport.BAD_INPUT;
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        StandardError.use();
        Console.claimStandardOutput();
        System.exit(run(arguments));
    }

    /** Runs a command and returns its exit code: 0, 1 (failed check), 2 (bad input) or 3 (defect). */
    public static int run(String... arguments) {
        ErrorReport errors = new ErrorReport(System.err);
        CommandLine commandLine = new CommandLine(new Main());
        try {
            requireText(arguments);
            return commandLine
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setOut(new PrintWriter(Console.standardOutput(), true, StandardCharsets.UTF_8))
                    .setUsageHelpWidth(HELP_WIDTH)
                    .setExecutionStrategy(new ProfiledExecution())
                    .setParameterExceptionHandler(errors::parameters)
                    .setExecutionExceptionHandler(errors::execution)
                    .execute(arguments);
        } catch (BadInputException e) {
            return errors.execution(e, commandLine, null);
        } catch (OutOfMemoryError e) {
            return errors.outOfMemory();
        } catch (Error | RuntimeException e) { // picocli hands only exceptions of commands to its handlers
            return errors.defect(e);
        }
    }

    /** Java has lost the characters that the locale's encoding does not know, and with them the files. */
    private static void requireText(String... arguments) {
        for (String argument : arguments) {
            FileNames.requireText("argument", argument);
        }
        FileNames.requireText("the folder to work in,", System.getProperty("user.dir"));
    }
}
