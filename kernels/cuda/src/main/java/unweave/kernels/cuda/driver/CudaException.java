package unweave.kernels.cuda.driver;

/**
 * Something that the GPU, its driver or one of its libraries refused or failed at. The message is one line for people.
 */
public class CudaException extends RuntimeException {
    public CudaException(String message) {
        super(message);
    }

    public CudaException(String message, Throwable cause) {
        super(message, cause);
    }
}
