package unweave.report.explanation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Gives every sound or class a folder name of its own, numbered when it was given out before. */
public final class FolderNames {
    private static final int LONGEST = 200;

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

    private String next(String given) {
        // Control characters would reach the terminal of whoever lists the folder.
        String name = cut(given.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]", "_"));
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

    /** File systems know names of 255 bytes; a number and an ending follow. */
    private static String cut(String name) {
        int end = Math.min(name.length(), LONGEST);
        end -= end > 0 && Character.isHighSurrogate(name.charAt(end - 1)) ? 1 : 0;
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end);
    }

    /** Some file systems take names for equal that differ in case only, or in how an accent is written. */
    private static String key(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
