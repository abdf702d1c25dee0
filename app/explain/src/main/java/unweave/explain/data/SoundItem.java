package unweave.explain.data;

import java.nio.file.Path;

/**
 * One sound file of a collection.
 *
 * @param label index of its class
 * @param split where the manifest puts it, or null if the split is ours to make
 * @param fold the fold of cross-validation that the manifest puts it into, or null if the folds are ours to make
 * @param track what it was cut from: files of one track are never parted. The file's own name unless the manifest says
 *     otherwise
 */
public record SoundItem(Path path, int label, Split split, Integer fold, String track) {}
