package unweave.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import unweave.cli.console.Console;
import unweave.explain.data.FileNames;
import unweave.explain.data.UnreadableFile;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;
import unweave.kernels.VisibleText;

/**
 * Turns what went wrong into one line and an exit code: {@link #BAD_INPUT} for what the user can mend, {@link #DEFECT}
 * for a defect of ours, whose trace goes into a file. {@code UNWEAVE_DEBUG=1} prints every trace as well.
 */
public final class ErrorReport {
    /** Something is wrong with the input: a file, an option, a device that is not there, too little memory. */
    public static final int BAD_INPUT = 2;
    /** Something is wrong with Unweave. */
    public static final int DEFECT = 3;

    private final PrintStream stream;

    public ErrorReport(PrintStream stream) {
        this.stream = stream;
    }

    /** A wrong option or argument. */
    public int parameters(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        say(firstLine(problem.getMessage()) + meant(problem, command.getCommandSpec()) + "; see "
                + command.getCommandSpec().qualifiedName() + " --help");
        return BAD_INPUT;
    }

    /** The option or the choice that was misspelt. */
    private static String meant(ParameterException problem, CommandSpec command) {
        if (problem instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            int end = first.indexOf('=');
            return first.startsWith("-")
                    ? Spelling.hint(
                            end < 0 ? first : first.substring(0, end),
                            command.optionsMap().keySet())
                    : Spelling.hint(first, command.subcommands().keySet());
        }
        boolean choice =
                problem.getArgSpec() != null && problem.getArgSpec().type().isEnum();
        if (!choice || problem.getValue() == null) {
            return "";
        }
        List<String> choices = Arrays.stream(problem.getArgSpec().type().getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .toList();
        return Spelling.hint(problem.getValue(), choices);
    }

    /** One line, of characters that are seen, and not too long for a terminal. */
    private void say(String message) {
        stream.println(VisibleText.shortened(VisibleText.line("unweave: " + message), Console.LONGEST_LINE));
    }

    /** A command that threw. */
    public int execution(Exception problem, CommandLine command, ParseResult result) {
        Throwable cause = problem instanceof UncheckedIOException ? problem.getCause() : problem;
        if (!isInput(cause)) {
            return defect(problem);
        }
        say(
                cause instanceof IOException file
                        ? UnreadableFile.reason(file)
                        : cause instanceof InvalidPathException path
                                ? FileNames.reason(path)
                                : String.valueOf(cause.getMessage()));
        printIfDebugging(problem);
        return BAD_INPUT;
    }

    /** Files, disks, devices that are not there and batches that do not fit are for the user to mend. */
    private static boolean isInput(Throwable problem) {
        return problem instanceof BadInputException
                || problem instanceof IOException
                || problem instanceof InvalidPathException;
    }

    /** Something that should not have happened. Its trace is written to a file, which the one line names. */
    public int defect(Throwable problem) {
        say("a defect in Unweave (" + firstLine(problem.toString()) + "); please report it with " + trace(problem));
        printIfDebugging(problem);
        return DEFECT;
    }

    private String trace(Throwable problem) {
        try {
            Path file = Files.createTempFile("unweave-defect-", ".txt");
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
                out.println("Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"));
                problem.printStackTrace(out);
            }
            return file.toString();
        } catch (IOException e) {
            problem.printStackTrace(stream);
            return "the lines above";
        }
    }

    private void printIfDebugging(Throwable problem) {
        if ("1".equals(System.getenv("UNWEAVE_DEBUG"))) {
            problem.printStackTrace(stream);
        }
    }

    /** The Java heap is full. */
    public int outOfMemory() {
        say("out of memory with a heap of " + Runtime.getRuntime().maxMemory() / (1 << 20)
                + " MiB; give it more with UNWEAVE_JAVA_OPTS=-Xmx8g, or use fewer or shorter sounds");
        return BAD_INPUT;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
