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
        //: each s < 12
        float s$s = summand + $s;
        //: end
        for (int i = 0; i < steps; i++) {
            //: each s < 12
            s$s = s$s * FACTOR + summand;
            //: end
        }
        float sum = 0;
        //: each s < 12
        sum += s$s;
        //: end
        return sum;
    }
}
