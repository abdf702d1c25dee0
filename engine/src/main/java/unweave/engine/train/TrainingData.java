package unweave.engine.train;

import java.io.IOException;

/** Labelled inputs, by number. Loading may happen on several threads at once and must depend on its arguments alone. */
public interface TrainingData {
    /** Number of inputs. */
    int size();

    /**
     * Writes input {@code index} (H W C values) to {@code target} from {@code offset} on.
     *
     * @param seed decides the augmentation; data that is not augmented ignores it
     */
    void load(int index, long seed, float[] target, int offset) throws IOException;

    /** The class of an input, from 0. */
    int label(int index);

    /**
     * One line that tells this data from other data of the same size and labels, such as the settings of its
     * augmentation. A training is resumed only with data of the same size, labels and identity.
     */
    default String identity() {
        return "";
    }
}
