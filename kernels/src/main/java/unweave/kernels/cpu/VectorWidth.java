package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that all SIMD kernels use: the processor's preferred ones, or those of
 * {@link VectorSupport#BITS_PROPERTY}.
 */
final class VectorWidth {
    static final int PREFERRED_BITS = VectorShape.preferredShape().vectorBitSize();

    /** Kernel classes copy this into a static final field of their own. */
    static final VectorSpecies<Float> FLOATS = chooseSpecies();

    private VectorWidth() {}

    private static VectorSpecies<Float> chooseSpecies() {
        String bits = System.getProperty(VectorSupport.BITS_PROPERTY);
        if (bits == null) {
            return FloatVector.SPECIES_PREFERRED;
        }
        return switch (bits) {
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException("the system property " + VectorSupport.BITS_PROPERTY
                        + " must be 128, 256, 512 or 0, not " + bits);
        };
    }
}
