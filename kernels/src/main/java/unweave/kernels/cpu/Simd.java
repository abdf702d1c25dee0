package unweave.kernels.cpu;

/** Which form of the CPU kernels to use. */
public enum Simd {
    /**
     * The Vector API where it is present and of use, but for products so small that it would not pay; else the scalar
     * twins with one log line that says why.
     */
    AUTOMATIC,
    /** The Vector API, for products of any size; creating the backend fails where it cannot be used. */
    VECTOR,
    /** The scalar twins. */
    SCALAR
}
