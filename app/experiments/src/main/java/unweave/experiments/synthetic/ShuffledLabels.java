package unweave.experiments.synthetic;

import java.io.IOException;
import unweave.audio.random.SeededRandom;
import unweave.engine.train.TrainingData;

/**
 * The same inputs with their labels dealt anew at random: a network trained on them can only learn by heart (Adebayo et
 * al. 2018).
 */
public final class ShuffledLabels implements TrainingData {
    private final TrainingData data;
    private final int[] source;

    public ShuffledLabels(TrainingData data, long seed) {
        this.data = data;
        this.source = new SeededRandom(seed).permutation(data.size());
    }

    @Override
    public int size() {
        return data.size();
    }

    @Override
    public void load(int index, long seed, float[] target, int offset) throws IOException {
        data.load(index, seed, target, offset);
    }

    @Override
    public int label(int index) {
        return data.label(source[index]);
    }

    @Override
    public String identity() {
        return data.identity() + ", labels shuffled";
    }
}
