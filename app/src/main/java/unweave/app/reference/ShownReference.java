package unweave.app.reference;

import java.nio.file.Path;
import java.util.Locale;
import unweave.audio.spectral.LogMel;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.Reference;
import unweave.engine.model.ReceptiveField;

/**
 * A reference with all there is to show of it. Arrays are not copied and not to be modified.
 *
 * @param rank 1 for the best
 * @param file of the sound
 * @param className of the sound
 * @param start where the clip begins in the sound, in seconds
 * @param input the clip and its log-mel spectrogram
 * @param box bins that the position of the peak can see
 * @param region the same in seconds and hertz
 * @param map where in the clip the concept's score comes from, [mels][frames]
 * @param sound the most relevant parts of the clip by this map; all zero if nothing in it is positive
 */
record ShownReference(Criterion criterion, int rank, Reference reference, Path file, String className, double start, LogMel.Analysis input,
    ReceptiveField.Box box, Region region, float[] map, float[] sound) {

  /** The file's name without its folders. */
  String fileName() {
    return String.valueOf(file.getFileName());
  }

  /** "relevance-1": its files begin so. */
  String name() {
    return criterion.name().toLowerCase(Locale.ROOT) + "-" + rank;
  }

  /** "relevance 4.21". */
  String score() {
    return (criterion.name().toLowerCase(Locale.ROOT) + " " + String.format(Locale.ROOT, "%.3g", reference.score())).replace('-', '\u2212');
  }
}
