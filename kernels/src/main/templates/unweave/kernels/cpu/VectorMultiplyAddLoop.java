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
        //: each s < 12
        FloatVector s$s = addend.mul(${s+1});
        //: end
        for (int i = 0; i < steps; i += 2) {
            //: each step < 2
            //: each s < 12
            s$s = s$s.fma(factor, addend);
            //: end
            //: end
        }
        FloatVector sum = FloatVector.zero(SPECIES);
        //: each s < 12
        sum = sum.add(s$s);
        //: end
        return sum.reduceLanes(VectorOperators.ADD);
    }
}
