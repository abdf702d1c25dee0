package unweave.explain.data;

import java.nio.file.Path;

/**
 * A sound of a collection that is not used.
 *
 * @param reason in words, without the file's name
 * @param start where its longest run of exact zeros begins, in s; null if the file cannot be read
 * @param seconds length of that run; null if the file cannot be read
 */
public record ExcludedSound(Path path, String className, String reason, Double start, Double seconds) {
    /** Whether the file cannot be read, or holds nothing but silence. */
    public boolean unreadable() {
        return start == null;
    }
}
