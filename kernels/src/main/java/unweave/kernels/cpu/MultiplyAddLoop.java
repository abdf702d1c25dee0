package unweave.kernels.cpu;

/**
 * Multiplies and adds in registers, with nothing read from memory: the most arithmetic a thread can do. This is the
 * form for JVMs without the Vector API, whose code multiplies and adds one number at a time;
 * {@link VectorMultiplyAddLoop} uses SIMD.
 */
class MultiplyAddLoop {
    /** Independent sums, enough to hide the latency of an addition. */
    static final int SUMS = 12;

    /** Multiplying by it keeps the sums finite for ever. */
    static final float FACTOR = 0.999f;

    /** The SIMD loop if {@code vectors}, else its scalar twin. */
    static MultiplyAddLoop choose(boolean vectors) {
        return vectors ? new VectorMultiplyAddLoop() : new MultiplyAddLoop();
    }

    /** Additions and multiplications of one step. */
    int flopsPerStep() {
        return 2 * SUMS;
    }

    /**
     * s = s * FACTOR + summand for every sum, {@code steps} times, an even number. Returns a number that depends on all
     * of them.
     */
    float run(int steps, float summand) {
        float s0 = summand, s1 = 1, s2 = 2, s3 = 3, s4 = 4, s5 = 5, s6 = 6, s7 = 7, s8 = 8, s9 = 9, s10 = 10, s11 = 11;
        for (int i = 0; i < steps; i++) {
            s0 = s0 * FACTOR + summand;
            s1 = s1 * FACTOR + summand;
            s2 = s2 * FACTOR + summand;
            s3 = s3 * FACTOR + summand;
            s4 = s4 * FACTOR + summand;
            s5 = s5 * FACTOR + summand;
            s6 = s6 * FACTOR + summand;
            s7 = s7 * FACTOR + summand;
            s8 = s8 * FACTOR + summand;
            s9 = s9 * FACTOR + summand;
            s10 = s10 * FACTOR + summand;
            s11 = s11 * FACTOR + summand;
        }
        return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
    }
}
