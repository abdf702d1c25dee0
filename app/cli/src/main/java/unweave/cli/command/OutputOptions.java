package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import unweave.explain.output.OutputFolder;

/** Where a command writes. */
final class OutputOptions {
    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            required = true,
            description = "Folder for the results; created if missing, refused if it holds files.")
    Path folder;

    @Option(names = "--overwrite", description = "Replace what an earlier run wrote into the folder; other files stay.")
    boolean overwrite;

    OutputFolder open() throws IOException {
        return OutputFolder.open(folder, overwrite ? OutputFolder.Existing.OVERWRITE : OutputFolder.Existing.REFUSE);
    }
}
