package unweave.cli.command;

import picocli.CommandLine.Option;
import unweave.kernels.BadInputException;

/** How a set of labelled sounds is explained. */
final class SetOptions {
    private static final int SHOWN = 10;

    @Option(
            names = "--wrong-only",
            description = "Of a folder or manifest: explain in full only sounds that are decided wrongly.")
    private boolean wrongOnly;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description =
                    "Of a folder or manifest: explain so many sounds in full, some of every kind of right and wrong "
                            + "decision (default: " + SHOWN + "); all are counted.")
    private Integer limit;

    @Option(
            names = "--skip-unreadable",
            description =
                    "Of a folder or manifest: leave out files that cannot be read, with a line for each that says "
                            + "why (default: stop, and list them).")
    private boolean skipUnreadable;

    boolean wrongOnly() {
        return wrongOnly;
    }

    int limit() {
        return limit == null ? SHOWN : limit;
    }

    boolean skipUnreadable() {
        return skipUnreadable;
    }

    /** @param labelled whether a folder or manifest was given */
    void require(boolean labelled) {
        if (!labelled && (wrongOnly || limit != null || skipUnreadable)) {
            throw new BadInputException((wrongOnly ? "--wrong-only" : limit != null ? "--limit" : "--skip-unreadable")
                    + ": is for a folder or manifest of labelled sounds; give one instead of single sounds");
        }
        if (limit != null && limit < 0) {
            throw new BadInputException("--limit " + limit + ": expected 0 or more");
        }
    }
}
