package unweave.kernels.profile;

import unweave.kernels.Floats;

/**
 * What an operation needs at least.
 *
 * @param flops additions and multiplications; 0 if unknown or none
 * @param bytes read from and written to memory, every operand once; 0 if unknown
 */
public record Cost(double flops, double bytes) {
    /** Of work that is only waiting or whose cost is not known. */
    public static final Cost UNKNOWN = new Cost(0, 0);

    /**
     * Of an operation that reads or writes each of {@code moved} once; name those twice that are read and written.
     * Nulls count nothing.
     */
    static Cost of(double flops, Floats... moved) {
        double values = 0;
        for (Floats operand : moved) {
            values += operand == null ? 0 : operand.size();
        }
        return new Cost(flops, Float.BYTES * values);
    }

    /** This and {@code values} more float32 or int32 values read or written. */
    Cost andMoved(double values) {
        return new Cost(flops, bytes + Float.BYTES * values);
    }

    /** Of both together. */
    public Cost plus(Cost other) {
        return new Cost(flops + other.flops, bytes + other.bytes);
    }
}
