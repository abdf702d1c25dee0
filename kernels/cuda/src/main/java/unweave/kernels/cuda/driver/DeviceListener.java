package unweave.kernels.cuda.driver;

/**
 * Is told of all work that a stream gets, in order. Both calls come while nothing else is queued between them, so that
 * events recorded in them measure this piece of work alone. Work inside a captured graph is told once, when it is
 * captured.
 */
public interface DeviceListener {
    /** The next work is about to be queued on {@code stream}. */
    void before(Stream stream);

    /**
     * The work has been queued.
     *
     * @param name the kernel's name, or "upload", "download", "copy", "fill", "sgemm", ...
     * @param blocks blocks of the grid; 0 if it is no kernel of ours
     * @param threads threads of a block; 0 if it is no kernel of ours
     * @param flops additions and multiplications it does at least; 0 if unknown
     * @param bytes bytes it moves at least; 0 if unknown
     */
    void after(Stream stream, String name, long blocks, int threads, double flops, double bytes);
}
