package unweave.app.data;

import java.nio.file.Path;

/**
 * One sound file of a collection.
 *
 * @param label index of its class
 * @param split where the manifest puts it, or null if the split is ours to make
 */
public record SoundItem(Path path, int label, Split split) {}
