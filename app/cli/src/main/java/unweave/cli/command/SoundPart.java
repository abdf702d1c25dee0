package unweave.cli.command;

import java.util.Locale;
import unweave.explain.data.Split;

/** A part of a collection, by its name on the command line. */
enum SoundPart {
    TEST,
    VALIDATION,
    TRAIN,
    ALL;

    /** Null for all sounds. */
    Split split() {
        return this == ALL ? null : Split.valueOf(name());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
