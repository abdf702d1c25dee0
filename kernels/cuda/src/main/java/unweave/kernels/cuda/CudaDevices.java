package unweave.kernels.cuda;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import unweave.kernels.BackendProvider;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaUnavailableException;
import unweave.kernels.cuda.driver.Device;
import unweave.kernels.cuda.driver.DeviceProperties;
import unweave.kernels.cuda.driver.Driver;

/** The GPUs of this machine, those among them that cannot be used with the reason. */
public final class CudaDevices {
    /** What our PTX is compiled for. */
    private static final int OLDEST_COMPUTE_CAPABILITY = 75;

    private CudaDevices() {}

    /** All GPUs; a single entry with the reason if CUDA as a whole cannot be used. */
    public static List<BackendProvider.Device> all() {
        try {
            Driver.start();
            return IntStream.range(0, Device.count())
                    .mapToObj(CudaDevices::describe)
                    .toList();
        } catch (CudaException e) {
            return List.of(new BackendProvider.Device("cuda", "no GPU", e.getMessage()));
        }
    }

    /** The GPU of that number, from 0. */
    static Device usable(int ordinal) {
        Driver.start();
        int count = Device.count();
        if (ordinal < 0 || ordinal >= count) {
            throw new CudaUnavailableException("there is no GPU " + ordinal + "; this machine has "
                    + (count == 1 ? "one, number 0" : count + ", numbers 0 to " + (count - 1)));
        }
        Device device = Device.of(ordinal);
        DeviceProperties properties = device.properties();
        if (properties.computeCapability() < OLDEST_COMPUTE_CAPABILITY) {
            throw new CudaUnavailableException(String.format(
                    Locale.ROOT,
                    "GPU %d (%s) is too old: it has compute capability %d.%d, but 7.5 (Turing, 2018) or newer is needed",
                    ordinal,
                    properties.name(),
                    properties.computeMajor(),
                    properties.computeMinor()));
        }
        return device;
    }

    private static BackendProvider.Device describe(int ordinal) {
        String description = Device.of(ordinal).properties().description();
        try {
            usable(ordinal);
            return new BackendProvider.Device("cuda:" + ordinal, description, null);
        } catch (CudaUnavailableException e) {
            return new BackendProvider.Device("cuda:" + ordinal, description, e.getMessage());
        }
    }
}
