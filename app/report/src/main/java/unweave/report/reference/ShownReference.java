package unweave.report.reference;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Locale;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.Reference;
import unweave.engine.layer.ReceptiveField;
import unweave.explain.reference.Region;

/**
 * A reference with all there is to show of it. Arrays are not copied and not to be modified.
 *
 * @param name such as "relevance-1"; begins the names of files
 * @param rank 1 for the best
 * @param file of the sound
 * @param className of the sound
 * @param start where the clip begins in the sound, in seconds
 * @param input the clip and its log-mel spectrogram
 * @param box bins that the position of the peak can see
 * @param region the same in seconds and hertz
 * @param map [mels][frames], where in the clip the concept's score comes from
 * @param sound what the map sounds like; all zero if nothing in it is positive
 */
record ShownReference(
        String name,
        Criterion criterion,
        int rank,
        Reference reference,
        Path file,
        String className,
        double start,
        FrontEnd.Analysis input,
        ReceptiveField.Box box,
        Region region,
        float[][] map,
        float[] sound) {

    /** The file's name without its folders. */
    String fileName() {
        return String.valueOf(file.getFileName());
    }

    boolean silent() {
        for (float value : sound) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** "relevance 4.21". */
    String score() {
        BigDecimal rounded = new BigDecimal(reference.score()).round(new MathContext(3));
        return criterion.name().toLowerCase(Locale.ROOT) + " "
                + (rounded.abs().doubleValue() < 1e-3 ? rounded : rounded.toPlainString());
    }
}
