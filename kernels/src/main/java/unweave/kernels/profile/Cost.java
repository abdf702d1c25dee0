package unweave.kernels.profile;

/**
 * What an operation needs at least.
 *
 * @param flops additions and multiplications; 0 if unknown or none
 * @param bytes read from and written to memory, every operand once; 0 if unknown
 */
public record Cost(double flops, double bytes) {
    /** Of work that is only waiting or whose cost is not known. */
    public static final Cost UNKNOWN = new Cost(0, 0);

    /** Of both together. */
    public Cost plus(Cost other) {
        return new Cost(flops + other.flops, bytes + other.bytes);
    }
}
