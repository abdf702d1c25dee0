package unweave.cli.command;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "Of a folder or manifest: which sounds to explain: test, validation, train or all, as "
                    + "training divided them (default: all). A folder is divided by --seed.")
    private SoundPart part;

    @Option(
            names = "--fold",
            paramLabel = "N",
            description = "With --split, for manifests with folds: the fold that training tested on (default: 0).")
    private Integer fold;

    boolean wrongOnly() {
        return wrongOnly;
    }

    int limit() {
        return limit == null ? SHOWN : limit;
    }

    boolean skipUnreadable() {
        return skipUnreadable;
    }

    SoundPart part() {
        return part == null ? SoundPart.ALL : part;
    }

    int fold() {
        return fold == null ? 0 : fold;
    }

    /** @param labelled whether a folder or manifest was given */
    void require(boolean labelled) {
        Optional<String> given = Stream.of(
                        wrongOnly ? "--wrong-only" : null,
                        limit != null ? "--limit" : null,
                        skipUnreadable ? "--skip-unreadable" : null,
                        part != null ? "--split" : null,
                        fold != null ? "--fold" : null)
                .filter(Objects::nonNull)
                .findFirst();
        if (!labelled && given.isPresent()) {
            throw new BadInputException(given.get()
                    + ": is for a folder or manifest of labelled sounds; give one instead of single sounds");
        }
        if (fold != null && part().split() == null) {
            throw new BadInputException("--fold " + fold + ": add --split test, or another part of it");
        }
        if (limit != null && limit < 0) {
            throw new BadInputException("--limit " + limit + ": expected 0 or more");
        }
    }
}
