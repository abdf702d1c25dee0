package unweave.kernels.cpu;

/** Working memory that grows to the largest size ever asked for and is then used again, one array for each thread. */
final class Scratch {
    private final ThreadLocal<float[]> arrays = ThreadLocal.withInitial(() -> new float[0]);

    /** An array of at least {@code size} values of unspecified content, valid until this thread asks again. */
    float[] atLeast(int size) {
        float[] array = arrays.get();
        if (array.length < size) {
            array = new float[size];
            arrays.set(array);
        }
        return array;
    }
}
