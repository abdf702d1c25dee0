package unweave.cli.command;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ParseResult;

/** Says after Ctrl-C (SIGINT) or SIGTERM how a run that saves its steps goes on. */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** Waits for an interruption of a command until it is closed. */
    static Interruption of(ParseResult command, PrintStream stream) {
        Path folder = command.matchedOptionValue("--out", null);
        String way = command.commandSpec().findOption("--resume") != null
                ? "the same command with --resume"
                : command.commandSpec().userObject() instanceof ReproduceCommand ? "the same command" : null;
        if (folder == null || way == null) {
            return new Interruption(null);
        }
        Thread hook = new Thread(() -> {
            if (Files.isDirectory(folder)) {
                String begin = Boolean.getBoolean("unweave.terminal") ? "\n" : ""; // not behind a progress bar
                stream.println(begin + "unweave: interrupted; " + way + " goes on");
                stream.flush();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    @Override
    public void close() {
        try {
            if (hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException e) {
            // The process is ending, and the hook has run.
        }
    }
}
