package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RelevanceLoops} with the Vector API. One short loop for each step, since C2 of JDK 17 moves vectors to the
 * heap that live across an inner loop. Intermediate results stay in the first-level cache.
 *
 * <p>With it off, a DRSA step of D 128 takes 1.3 to 2.5 times as long (JDK 25 and 17, Emerald Rapids).
 */
final class VectorRelevanceLoops extends RelevanceLoops {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();

    /** Exchange neighbouring groups of so many lanes. Not a reduction, in which the order of additions is left open. */
    private static final VectorShuffle<Float> EXCHANGE_1 = exchange(1);

    private static final VectorShuffle<Float> EXCHANGE_2 = exchange(2);
    private static final VectorShuffle<Float> EXCHANGE_4 = exchange(4);
    private static final VectorShuffle<Float> EXCHANGE_8 = exchange(8);

    private static VectorShuffle<Float> exchange(int group) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ group) % LANES);
    }

    @Override
    int lanes() {
        return LANES;
    }

    @Override
    void multiply(boolean add, int rows, float[] h, float[] g, int from, int stride, float[] r) {
        if (add) {
            addProduct(rows, h, g, from, stride, r);
        } else {
            multiply(rows, h, g, from, stride, r);
        }
    }

    private static void multiply(int rows, float[] h, float[] g, int from, int stride, float[] r) {
        for (int n = 0; n < rows; n++) {
            load(h, from + n * stride).mul(load(g, from + n * stride)).intoArray(r, n * LANES);
        }
    }

    private static void addProduct(int rows, float[] h, float[] g, int from, int stride, float[] r) {
        for (int n = 0; n < rows; n++) {
            load(h, from + n * stride)
                    .fma(load(g, from + n * stride), load(r, n * LANES))
                    .intoArray(r, n * LANES);
        }
    }

    @Override
    void sumBlocks(int blockLanes, int rows, float[] r) {
        switch (blockLanes) {
            case 1 -> {}
            case 2 -> sumTwo(rows, r);
            case 4 -> sumFour(rows, r);
            case 8 -> sumEight(rows, r);
            case 16 -> sumSixteen(rows, r);
            default -> throw new AssertionError(blockLanes);
        }
    }

    private static void sumTwo(int rows, float[] r) {
        for (int n = 0; n < rows; n++) {
            FloatVector pair = load(r, n * LANES);
            pair.add(pair.rearrange(EXCHANGE_1)).intoArray(r, n * LANES);
        }
    }

    private static void sumFour(int rows, float[] r) {
        for (int n = 0; n < rows; n++) {
            FloatVector one = load(r, n * LANES);
            FloatVector two = one.add(one.rearrange(EXCHANGE_1));
            two.add(two.rearrange(EXCHANGE_2)).intoArray(r, n * LANES);
        }
    }

    private static void sumEight(int rows, float[] r) {
        for (int n = 0; n < rows; n++) {
            FloatVector one = load(r, n * LANES);
            FloatVector two = one.add(one.rearrange(EXCHANGE_1));
            FloatVector four = two.add(two.rearrange(EXCHANGE_2));
            four.add(four.rearrange(EXCHANGE_4)).intoArray(r, n * LANES);
        }
    }

    private static void sumSixteen(int rows, float[] r) {
        for (int n = 0; n < rows; n++) {
            FloatVector one = load(r, n * LANES);
            FloatVector two = one.add(one.rearrange(EXCHANGE_1));
            FloatVector four = two.add(two.rearrange(EXCHANGE_2));
            FloatVector eight = four.add(four.rearrange(EXCHANGE_4));
            eight.add(eight.rearrange(EXCHANGE_8)).intoArray(r, n * LANES);
        }
    }

    @Override
    int keepPositive(int rows, float[] r, float[] energies, int[] positive) {
        int count = 0;
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum = load(energies, 0);
        for (int n = 0; n < rows; n++) {
            FloatVector value = load(r, n * LANES).max(zero);
            sum = value.fma(value, sum);
            value.intoArray(r, count * LANES);
            positive[count] = n;
            count += value.compare(VectorOperators.GT, zero).anyTrue() ? 1 : 0;
        }
        store(energies, sum);
        return count;
    }

    @Override
    void weigh(
            int[] positive, int count, float[] r, float[] x, int from, int stride, float[] out, int to, int outStride) {
        for (int i = 0; i < count; i++) {
            load(r, i * LANES).mul(load(x, from + positive[i] * stride)).intoArray(out, to + i * outStride);
        }
    }

    private static void store(float[] out, FloatVector sum) {
        sum.intoArray(out, 0);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }
}
