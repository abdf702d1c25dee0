package unweave.cli.command;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import unweave.kernels.BadInputException;

/**
 * Runs a command between the beginning and the end of its profile, where one is wanted. A command that fails leaves no
 * profile.
 */
public final class ProfiledExecution implements IExecutionStrategy {
    @Override
    public int execute(ParseResult parsed) {
        CommandLine command =
                parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
        CommonOptions common = common(command.getCommandSpec());
        if (common == null || command.isUsageHelpRequested() || command.isVersionHelpRequested()) {
            return new RunLast().execute(parsed);
        }
        try {
            common.beginProfile();
        } catch (BadInputException e) {
            throw new ParameterException(command, e.getMessage());
        }
        int code;
        ParseResult last = parsed.asCommandLineList()
                .get(parsed.asCommandLineList().size() - 1)
                .getParseResult();
        Interruption interruption = Interruption.of(last, System.err);
        try {
            code = new RunLast().execute(parsed);
        } finally {
            interruption.close();
        }
        try {
            common.finishProfile();
        } catch (IOException e) {
            throw new ExecutionException(command, e.getMessage(), e);
        }
        return code;
    }

    private static CommonOptions common(CommandSpec command) {
        return command.mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(CommonOptions.class::isInstance)
                .map(CommonOptions.class::cast)
                .findFirst()
                .orElse(null);
    }
}
