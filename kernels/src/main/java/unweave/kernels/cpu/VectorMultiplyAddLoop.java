package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MultiplyAddLoop} with fused multiply-adds of the vectors that all SIMD kernels use. A turn of the loop takes
 * two steps, which makes {@link #run} longer than the 325 bytecodes up to which C2 inlines a method: inlined into a
 * caller's loop, it kept the sums in memory and fell to a third.
 */
final class VectorMultiplyAddLoop extends MultiplyAddLoop {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;

    @Override
    int flopsPerStep() {
        return 2 * SUMS * SPECIES.length();
    }

    @Override
    float run(int steps, float summand) {
        FloatVector factor = FloatVector.broadcast(SPECIES, FACTOR);
        FloatVector addend = FloatVector.broadcast(SPECIES, summand);
        FloatVector s0 = addend,
                s1 = addend.mul(2),
                s2 = addend.mul(3),
                s3 = addend.mul(4),
                s4 = addend.mul(5),
                s5 = addend.mul(6);
        FloatVector s6 = addend.mul(7),
                s7 = addend.mul(8),
                s8 = addend.mul(9),
                s9 = addend.mul(10),
                s10 = addend.mul(11),
                s11 = addend.mul(12);
        for (int i = 0; i < steps; i += 2) {
            s0 = s0.fma(factor, addend);
            s1 = s1.fma(factor, addend);
            s2 = s2.fma(factor, addend);
            s3 = s3.fma(factor, addend);
            s4 = s4.fma(factor, addend);
            s5 = s5.fma(factor, addend);
            s6 = s6.fma(factor, addend);
            s7 = s7.fma(factor, addend);
            s8 = s8.fma(factor, addend);
            s9 = s9.fma(factor, addend);
            s10 = s10.fma(factor, addend);
            s11 = s11.fma(factor, addend);
            s0 = s0.fma(factor, addend);
            s1 = s1.fma(factor, addend);
            s2 = s2.fma(factor, addend);
            s3 = s3.fma(factor, addend);
            s4 = s4.fma(factor, addend);
            s5 = s5.fma(factor, addend);
            s6 = s6.fma(factor, addend);
            s7 = s7.fma(factor, addend);
            s8 = s8.fma(factor, addend);
            s9 = s9.fma(factor, addend);
            s10 = s10.fma(factor, addend);
            s11 = s11.fma(factor, addend);
        }
        FloatVector sum = s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .add(s10)
                .add(s11);
        return sum.reduceLanes(VectorOperators.ADD);
    }
}
