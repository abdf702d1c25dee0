package unweave.kernels.cuda.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The driver's answers. */
final class Status {
    private Status() {}

    /** @throws CudaException unless {@code code} says that {@code call} went well */
    static void check(int code, String call) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw new CudaException(call + " failed: " + describe(code));
        }
    }

    /** "an illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)". */
    static String describe(int code) {
        String[] text = new String[1];
        String name = CUresult.stringFor(code);
        JCudaDriver.cuGetErrorString(code, text);
        return text[0] == null ? name : text[0] + " (" + name + ")";
    }
}
