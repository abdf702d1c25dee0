package unweave.kernels.cpu;

/**
 * The loops of {@link SubspaceGradient} between its products, for one vector of columns of all rows of a tile. This is
 * the scalar twin of {@link VectorRelevanceLoops}. Row n of the relevances r lies at n * {@link #lanes}; every lane of
 * a block holds the relevance of the block.
 */
class RelevanceLoops {
    private static final int LANES = 16;

    /** The loops with SIMD if {@code vectors}, else their scalar twin. */
    static RelevanceLoops choose(boolean vectors) {
        return vectors ? new VectorRelevanceLoops() : new RelevanceLoops();
    }

    /** Columns of a vector. */
    int lanes() {
        return LANES;
    }

    /**
     * r[n] = h[n] * g[n], lane by lane, plus what r[n] was if {@code add}. Row n of h and g lies at from + n * stride.
     */
    void multiply(boolean add, int rows, float[] h, float[] g, int from, int stride, float[] r) {
        for (int n = 0; n < rows; n++) {
            for (int lane = 0; lane < LANES; lane++) {
                float product = h[from + n * stride + lane] * g[from + n * stride + lane];
                r[n * LANES + lane] = add ? r[n * LANES + lane] + product : product;
            }
        }
    }

    /** Every lane of a block receives the sum of the block's lanes. {@code blockLanes} is a power of two. */
    void sumBlocks(int blockLanes, int rows, float[] r) {
        for (int at = 0; at < rows * LANES; at += blockLanes) {
            float sum = 0;
            for (int lane = 0; lane < blockLanes; lane++) {
                sum += r[at + lane];
            }
            for (int lane = 0; lane < blockLanes; lane++) {
                r[at + lane] = sum;
            }
        }
    }

    /**
     * The rows in which any block has a relevance above zero. Replaces their r by max(0, r), moved to the front, and
     * adds its squares to {@code energies}, lane by lane.
     *
     * @param positive receives the numbers of these rows
     * @return how many there are
     */
    int keepPositive(int rows, float[] r, float[] energies, int[] positive) {
        int count = 0;
        for (int n = 0; n < rows; n++) {
            float largest = 0;
            for (int lane = 0; lane < LANES; lane++) {
                float value = Math.max(0f, r[n * LANES + lane]);
                r[count * LANES + lane] = value;
                energies[lane] += value * value;
                largest = Math.max(largest, value);
            }
            positive[count] = n;
            count += largest > 0 ? 1 : 0;
        }
        return count;
    }

    /**
     * out[i] = r[i] * x[positive[i]], lane by lane. Row n of x lies at from + n * stride, row i of out at to + i *
     * outStride.
     */
    void weigh(
            int[] positive, int count, float[] r, float[] x, int from, int stride, float[] out, int to, int outStride) {
        for (int i = 0; i < count; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                out[to + i * outStride + lane] = r[i * LANES + lane] * x[from + positive[i] * stride + lane];
            }
        }
    }
}
