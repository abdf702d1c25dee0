package unweave.kernels.cuda.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The driver as a whole. */
public final class Driver {
    /** cuBLAS 12, the oldest that JCuda works with, needs a driver of its own generation. */
    private static final int OLDEST_VERSION = 12000;

    private static CudaUnavailableException refusal;
    private static boolean started;
    private static int version;

    private Driver() {}

    /**
     * Finds the driver and starts it, once per process; finds cuBLAS.
     *
     * @throws CudaUnavailableException if something is missing that we need
     */
    @SuppressWarnings("StaticAssignmentOfThrowable") // later calls give the same reason without a new search
    public static synchronized void start() {
        if (refusal != null) {
            throw refusal;
        }
        if (!started) {
            try {
                NativeLibraries.loadDriver();
                initialize();
                NativeLibraries.loadBlas(version);
            } catch (CudaUnavailableException e) {
                refusal = e;
                throw e;
            }
            started = true;
        }
    }

    /** The newest version of CUDA that the started driver supports: "12.4". */
    public static synchronized String version() {
        return version(version);
    }

    static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }

    private static void initialize() {
        int[] number = new int[1];
        Status.check(JCudaDriver.cuDriverGetVersion(number), "cuDriverGetVersion");
        version = number[0];
        if (version < OLDEST_VERSION) {
            throw new CudaUnavailableException("the NVIDIA driver is too old: it supports CUDA " + version() + ", but "
                    + version(OLDEST_VERSION) + " is needed (driver 525 or newer)");
        }
        int code = JCudaDriver.cuInit(0);
        if (code == CUresult.CUDA_ERROR_NO_DEVICE || (code == CUresult.CUDA_SUCCESS && Device.count() == 0)) {
            throw new CudaUnavailableException(
                    "the NVIDIA driver finds no GPU" + visibility() + "; `nvidia-smi` lists those it knows");
        }
        if (code != CUresult.CUDA_SUCCESS) {
            throw new CudaUnavailableException("the NVIDIA driver does not start: " + Status.describe(code));
        }
    }

    private static String visibility() {
        String visible = System.getenv("CUDA_VISIBLE_DEVICES");
        return visible == null ? "" : " (CUDA_VISIBLE_DEVICES is \"" + visible + "\")";
    }
}
