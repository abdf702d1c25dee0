package unweave.kernels.cpu;

import java.lang.System.Logger.Level;

/**
 * Decides, once per process, whether the kernels may use the Vector API, and with how many bits. Classes that mention
 * {@code jdk.incubator.vector} are loaded only after a yes, so the program runs without that module.
 *
 * <p>The system property {@value #BITS_PROPERTY} (128, 256 or 512) forces a width, which tests use; 0 forces the scalar
 * twins.
 */
final class VectorSupport {
    static final String BITS_PROPERTY = "unweave.vector.bits";

    private static final System.Logger LOG = System.getLogger("unweave.kernels");

    /** Why the scalar twins are used; null if the Vector API is. */
    private static final String SCALAR_REASON = scalarReason();

    private static boolean logged;

    private VectorSupport() {}

    /** Whether the Vector API can be used in this process. */
    static boolean available() {
        return SCALAR_REASON == null;
    }

    /**
     * Whether kernels shall be the Vector API ones. The first automatic choice of the scalar twins is logged.
     *
     * @throws IllegalStateException if {@link Simd#VECTOR} is wanted and cannot be had
     */
    static boolean choose(Simd simd) {
        if (simd == Simd.VECTOR && SCALAR_REASON != null) {
            throw new IllegalStateException("SIMD kernels were asked for, but " + SCALAR_REASON);
        }
        if (simd == Simd.AUTOMATIC && SCALAR_REASON != null) {
            logOnce();
        }
        return simd != Simd.SCALAR && SCALAR_REASON == null;
    }

    private static synchronized void logOnce() {
        if (!logged) {
            logged = true;
            LOG.log(Level.WARNING, "CPU kernels run without SIMD, several times slower: " + SCALAR_REASON);
        }
    }

    private static String scalarReason() {
        String bits = System.getProperty(BITS_PROPERTY);
        if (bits != null && bits.equals("0")) {
            return "the system property " + BITS_PROPERTY + " is 0";
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "the module jdk.incubator.vector is missing (start java with --add-modules jdk.incubator.vector)";
        }
        if (bits == null && VectorWidth.PREFERRED_BITS < 128) {
            return "this processor's preferred vectors have " + VectorWidth.PREFERRED_BITS + " bits";
        }
        return null;
    }
}
