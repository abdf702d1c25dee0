package unweave.cli.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaOutOfMemoryException;
import unweave.kernels.cuda.driver.CudaUnavailableException;

/**
 * Turns what went wrong into one line and an exit code: 2 for input that the user can mend, 1 with a stack trace for a
 * defect of ours. {@code UNWEAVE_DEBUG=1} shows the stack trace always.
 */
public final class ErrorReport {
    private static final int BAD_INPUT = 2;
    private static final int DEFECT = 1;
    private final PrintStream stream;

    public ErrorReport(PrintStream stream) {
        this.stream = stream;
    }

    /** A wrong option or argument. */
    public int parameters(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        stream.println("unweave: " + firstLine(problem.getMessage()) + "; see "
                + command.getCommandSpec().qualifiedName() + " --help");
        return BAD_INPUT;
    }

    /** A command that threw. */
    public int execution(Exception problem, CommandLine command, ParseResult result) {
        Throwable cause = problem instanceof UncheckedIOException ? problem.getCause() : problem;
        boolean deviceFailure = cause instanceof CudaException failure && !isInput(failure);
        // ArithmeticException: a computation on the user's data that stopped being a number
        boolean badInput = !deviceFailure
                && (cause instanceof IllegalArgumentException
                        || cause instanceof IOException
                        || cause instanceof ArithmeticException
                        || cause instanceof CudaException);
        stream.println("unweave: "
                + (badInput
                        ? describe(cause)
                        : deviceFailure
                                ? "the GPU failed: " + firstLine(cause.getMessage())
                                : "internal error, please report it with the lines below"));
        if (!badInput && !deviceFailure || "1".equals(System.getenv("UNWEAVE_DEBUG"))) {
            problem.printStackTrace(stream);
        }
        return badInput ? BAD_INPUT : DEFECT;
    }

    /** A device that is not there, or a batch that does not fit, is for the user to mend. */
    private static boolean isInput(CudaException problem) {
        return problem instanceof CudaUnavailableException || problem instanceof CudaOutOfMemoryException;
    }

    /** The Java heap is full. */
    public int outOfMemory() {
        stream.println(
                "unweave: out of memory with a heap of " + Runtime.getRuntime().maxMemory() / (1 << 20)
                        + " MiB; give it more with UNWEAVE_JAVA_OPTS=-Xmx8g, or use fewer or shorter sounds");
        return BAD_INPUT;
    }

    /** One line; the JDK's file exceptions often carry nothing but the path. */
    private static String describe(Throwable problem) {
        String message = firstLine(String.valueOf(problem.getMessage()));
        if (problem instanceof NoSuchFileException || problem instanceof FileNotFoundException) {
            return message.contains(" ") ? message : message + ": no such file or folder";
        }
        if (problem instanceof AccessDeniedException) {
            return message.contains(" ") ? message : message + ": permission denied";
        }
        if (problem instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": " + file.getReason();
        }
        return message;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
