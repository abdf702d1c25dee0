package unweave.kernels.cuda.driver;

import java.util.Locale;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;

/** A kernel that has been loaded. Lives as long as its {@link KernelModule}. */
public final class Function {
    private static final Pointer NO_EXTRA = null;
    private final CUfunction handle = new CUfunction();
    private final String name;

    Function(KernelModule module, String name) {
        this.name = name;
        Status.check(
                JCudaDriver.cuModuleGetFunction(handle, module.handle(), name),
                "kernel " + name + ": cuModuleGetFunction");
    }

    public String name() {
        return name;
    }

    /** Queues a launch with the values that {@code arguments} hold now. */
    public void launch(
            Stream stream,
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            KernelArguments arguments,
            double flops,
            double bytes) {
        stream.begin();
        int code = JCudaDriver.cuLaunchKernel(
                handle, gridX, gridY, gridZ, blockX, blockY, blockZ, 0, stream.handle(), arguments.table(), NO_EXTRA);
        if (code != 0) {
            throw new CudaException(String.format(
                    Locale.ROOT,
                    "kernel %s with grid %d x %d x %d and blocks of %d x %d x %d failed: %s",
                    name,
                    gridX,
                    gridY,
                    gridZ,
                    blockX,
                    blockY,
                    blockZ,
                    Status.describe(code)));
        }
        stream.end(name, (long) gridX * gridY * gridZ, blockX * blockY * blockZ, flops, bytes);
    }
}
