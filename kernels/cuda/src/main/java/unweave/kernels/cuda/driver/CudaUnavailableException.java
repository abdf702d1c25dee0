package unweave.kernels.cuda.driver;

/** CUDA cannot be used on this machine: the message says what is missing and what would be right. */
public final class CudaUnavailableException extends CudaException {
    private final boolean driverMissing;

    /** @param driverMissing whether this machine has no NVIDIA driver at all, so that nobody expects a GPU */
    CudaUnavailableException(String message, boolean driverMissing) {
        super(message);
        this.driverMissing = driverMissing;
    }

    public CudaUnavailableException(String message) {
        this(message, false);
    }

    /**
     * Whether the reason is simply that there is no NVIDIA driver: not worth a remark to people who did not ask for a
     * GPU.
     */
    public boolean driverMissing() {
        return driverMissing;
    }
}
