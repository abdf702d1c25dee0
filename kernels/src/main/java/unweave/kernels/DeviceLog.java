package unweave.kernels;

/** Receives the work that an asynchronous device has done, some time after it was done. */
public interface DeviceLog {
    /**
     * A kernel or copy has run.
     *
     * @param stream the queue of work it was in; the pieces of one stream run one after the other
     * @param work the kernel's name, or "upload", "download", "copy", ...
     * @param shape of its grid, for people; empty if there is none
     * @param flops additions and multiplications it does at least; 0 if unknown
     * @param bytes that it moves at least; 0 if unknown
     * @param begin on the clock of {@link System#nanoTime}
     * @param end on the same clock
     */
    void deviceWork(String stream, String work, String shape, double flops, double bytes, long begin, long end);
}
