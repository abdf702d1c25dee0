package unweave.kernels.cuda.driver;

import java.util.Locale;
import unweave.kernels.BadInputException;

/** The device has too little free memory for an allocation: a smaller batch would do. */
public final class CudaOutOfMemoryException extends BadInputException {
    private final long requested;
    private final long free;

    CudaOutOfMemoryException(long requested, long free, long total) {
        super(String.format(
                Locale.ROOT,
                "out of GPU memory: %s asked for, %s free of %s; use a smaller batch, or end other programs on this GPU",
                mebibytes(requested),
                mebibytes(free),
                mebibytes(total)));
        this.requested = requested;
        this.free = free;
    }

    /** Bytes that were asked for. */
    public long requested() {
        return requested;
    }

    /** Bytes that the device had free. */
    public long free() {
        return free;
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
