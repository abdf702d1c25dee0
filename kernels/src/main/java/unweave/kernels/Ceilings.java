package unweave.kernels;

/**
 * The measured limits of a device: no operation with F flops on B bytes of memory takes less than max(F /
 * flopsPerSecond, B / bytesPerSecond), unless its operands stay in caches (the roofline of Williams, Waterman and
 * Patterson, 2009).
 *
 * @param flopsPerSecond float32 multiplications and additions from registers
 * @param bytesPerSecond bytes read and written when large arrays are copied
 */
public record Ceilings(double flopsPerSecond, double bytesPerSecond) {}
