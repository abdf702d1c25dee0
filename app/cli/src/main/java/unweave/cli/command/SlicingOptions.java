package unweave.cli.command;

import picocli.CommandLine.Option;
import unweave.explain.data.Slicing;
import unweave.kernels.BadInputException;

/** Which parts of long sounds are used. */
final class SlicingOptions {
    @Option(
            names = "--hop",
            paramLabel = "SECONDS",
            description =
                    "Cut sounds that are longer than an input into slices so many seconds apart, from the beginning "
                            + "to the end (default: ten slices of at most the first 29 s).")
    private Double hop;

    Slicing slicing() {
        if (hop != null && !(hop > 0 && hop < Double.POSITIVE_INFINITY)) {
            throw new BadInputException("--hop " + hop + ": expected more than 0 seconds, such as 1");
        }
        return hop == null ? Slicing.TEN : new Slicing(hop);
    }
}
