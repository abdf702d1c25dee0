package unweave.explain.data;

import unweave.audio.augment.Augmentation;
import unweave.audio.random.SeededRandom;
import unweave.engine.train.TrainingData;

/** Inputs in memory for training: the masks of an augmentation are laid on a copy of the stored log-mel each time. */
public final class MaskedInputs implements TrainingData {
    private final InputSet set;
    private final Augmentation augmentation;
    /** One for each thread that loads. */
    private final ThreadLocal<float[]> masked;

    /**
     * @param augmentation its masks are used, the rest has nothing to work on; {@link Augmentation#NONE} for validation
     *     and test
     */
    public MaskedInputs(InputSet set, Augmentation augmentation) {
        this.set = set;
        this.augmentation = augmentation;
        this.masked = ThreadLocal.withInitial(() -> new float[set.height() * set.width()]);
    }

    /** Inputs as they are. */
    public static MaskedInputs plain(InputSet set) {
        return new MaskedInputs(set, Augmentation.NONE);
    }

    @Override
    public int size() {
        return set.size();
    }

    @Override
    public void load(int index, long seed, float[] target, int offset) {
        float[] input = set.inputs()[index];
        float[] logMel = masked.get();
        System.arraycopy(input, 0, logMel, 0, input.length);
        augmentation.logMel(logMel, set.height(), set.width(), new SeededRandom(seed));
        System.arraycopy(logMel, 0, target, offset, logMel.length);
    }

    @Override
    public int label(int index) {
        return set.labels()[index];
    }

    @Override
    public String identity() {
        return "masks " + augmentation.timeMask() + " " + augmentation.frequencyMask();
    }
}
