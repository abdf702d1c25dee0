package unweave.kernels.cuda.driver;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;

/**
 * cuDNN, for convolutions ({@link DnnConvolution}) and average pooling ({@link DnnAveragePooling}) in float32, channels
 * last. JCuda's classes are of cuDNN 8 and its library is of cuDNN 9; what we call is the same in both, but for the
 * numbers of the status codes, so only the library's own texts are shown.
 */
public final class Dnn implements AutoCloseable {
    private final cudnnHandle handle = new cudnnHandle();
    private final Stream stream;
    private boolean open = true;

    /**
     * All work is queued on {@code stream}.
     *
     * @throws CudaUnavailableException if there is no cuDNN of a version that can be used
     */
    public Dnn(Stream stream) {
        NativeLibraries.loadDnn();
        this.stream = stream;
        stream.context().enter();
        check(JCudnn.cudnnCreate(handle), "cudnnCreate");
        check(JCudnn.cudnnSetStream(handle, new cudaStream_t(stream.handle())), "cudnnSetStream");
    }

    /** The version: 90501 for 9.5.1. */
    public long version() {
        return JCudnn.cudnnGetVersion();
    }

    cudnnHandle handle() {
        return handle;
    }

    Stream stream() {
        return stream;
    }

    static void check(int code, String call) {
        if (code != 0) {
            throw new CudaException(call + " failed: " + describe(code));
        }
    }

    static String describe(int code) {
        return JCudnn.cudnnGetErrorString(code);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            stream.context().enter();
            check(JCudnn.cudnnDestroy(handle), "cudnnDestroy");
        }
    }
}
