package unweave.kernels.cuda;

import unweave.kernels.Floats;

/** Checks and launches of the kernels that walk over elements, {@code elements.cuh}. */
final class ElementLaunches {
    private final CudaDevice device;

    ElementLaunches(CudaDevice device) {
        this.device = device;
    }

    /** @throws IllegalArgumentException unless an operand has n values */
    static void requireSize(long n, Floats... operands) {
        for (Floats operand : operands) {
            if (operand.size() != n) {
                throw new IllegalArgumentException(
                        "an operand has " + operand.size() + " values where " + n + " are needed");
            }
        }
    }

    /**
     * The number of rows of {@code width} values.
     *
     * @throws IllegalArgumentException if x is not made of such rows
     */
    static int rows(int width, Floats x) {
        if (width < 1 || x.size() % width != 0) {
            throw new IllegalArgumentException(x.size() + " values are not rows of " + width + " values");
        }
        return Math.toIntExact(x.size() / width);
    }

    /** The smallest power of two that is at least {@code n}, and at least 1. */
    static int powerOfTwoFrom(int n) {
        return n <= 1 ? 1 : 2 * Integer.highestOneBit(n - 1);
    }

    /**
     * The size of an operand of an operation on n values, which may repeat.
     *
     * @throws IllegalArgumentException if it does not divide n
     */
    static long period(Floats operand, long n) {
        long size = operand.size();
        if (size != n && (size == 0 || n % size != 0)) {
            throw new IllegalArgumentException(
                    "a repeating operand of " + size + " values does not divide " + n + " values");
        }
        return size;
    }

    /**
     * Runs a kernel that has been given its operands: appends n, chooses the grid, declares the work.
     *
     * @param flopsPerValue additions, multiplications, divisions
     * @param valuesMoved how many of the operands' values are read or written per element
     */
    void run(Launch launch, long n, double flopsPerValue, int valuesMoved) {
        launch.value(n)
                .over(groups(n, n))
                .work(flopsPerValue * n, (double) valuesMoved * Float.BYTES * n)
                .run();
    }

    /**
     * As {@link #run(Launch, long, double, int)} where {@code repeating} operands of {@code period} values are read
     * once more or less.
     */
    void run(Launch launch, long n, long period, double flopsPerValue, int valuesMoved, int repeating) {
        double bytes = Float.BYTES * ((double) valuesMoved * n + (double) repeating * period);
        launch.value(n)
                .value(period)
                .over(groups(n, period))
                .work(flopsPerValue * n, bytes)
                .run();
    }

    Launch kernel(String name) {
        return device.kernel(name);
    }

    /** What a thread takes at a time: four values where elements.cuh can, else one. */
    private static long groups(long n, long period) {
        return period == n || period % 4 == 0 ? (n + 3) / 4 : n;
    }
}
