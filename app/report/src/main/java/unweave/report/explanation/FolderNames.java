package unweave.report.explanation;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Gives every sound or class a folder name of its own, numbered when it was given out before. */
public final class FolderNames {
    private final Set<String> taken = new HashSet<>();

    /** @param reserved names that no folder may have */
    public FolderNames(String... reserved) {
        for (String name : reserved) {
            taken.add(key(name));
        }
    }

    /** The next name for a class: its own, where all characters are fit for a folder. */
    public String ofClass(String className) {
        return next(className.replaceAll("[^\\p{L}\\p{N}._ -]", "_"));
    }

    /** The next name for a file: its name without its extension. */
    public String of(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return next(dot > 0 ? name.substring(0, dot) : name);
    }

    private String next(String name) {
        // Names that begin with a dot would be hidden, or mean the folder itself; those that end in one are not allowed
        // everywhere.
        String stem = name.replaceAll("^[. ]+|[. ]+$", "");
        if (stem.isEmpty()) {
            stem = "sound";
        }
        String unique = stem;
        for (int number = 2; !taken.add(key(unique)); number++) {
            unique = stem + "-" + number;
        }
        return unique;
    }

    /** Some file systems take names for equal that differ in case only. */
    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
