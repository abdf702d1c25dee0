package unweave.kernels;

/**
 * Memory and its movement. Only {@code download} and {@code synchronize} wait; everything else may return before it is
 * done.
 */
public interface Transfers {
    /**
     * Allocates {@code size} values of unspecified content. Freed memory of the same size is used again, so this is
     * cheap.
     */
    Floats floats(long size);

    /** Allocates {@code size} values of unspecified content. */
    Ints ints(long size);

    /**
     * Copies {@code length} values from {@code source} (not modified, free for reuse on return) into {@code target}.
     */
    void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length);

    /** As the float version, for indices. */
    void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length);

    /** Waits for all operations so far, then copies {@code length} values into {@code target}. */
    void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length);

    /** As the float version, for indices. */
    void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length);

    /** target[targetOffset + i] = source[sourceOffset + i] for i &lt; length; the two must not overlap. */
    void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length);

    /** x[i] = value. */
    void fill(Floats x, float value);

    /**
     * Promises that values stay as they are until they are closed. A backend may then keep what it derives from them:
     * the weights of a convolution, for instance, in the order in which it reads them. Writing to them afterwards is an
     * error.
     */
    default void freeze(Floats x) {}

    /** Waits until all operations so far are done. */
    void synchronize();

    /** A new {@link Floats} that holds a copy of {@code values}. */
    default Floats floats(float[] values) {
        Floats target = floats((long) values.length);
        upload(values, 0, target, 0, values.length);
        return target;
    }

    /** A new {@link Ints} that holds a copy of {@code values}. */
    default Ints ints(int[] values) {
        Ints target = ints((long) values.length);
        upload(values, 0, target, 0, values.length);
        return target;
    }

    /** A copy of all values, on the host; waits for the operations that produce them. */
    default float[] toArray(Floats x) {
        float[] values = new float[Math.toIntExact(x.size())];
        download(x, 0, values, 0, values.length);
        return values;
    }

    /** A copy of all values, on the host; waits for the operations that produce them. */
    default int[] toArray(Ints x) {
        int[] values = new int[Math.toIntExact(x.size())];
        download(x, 0, values, 0, values.length);
        return values;
    }
}
