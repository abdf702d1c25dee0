package unweave.kernels.cuda;

import java.util.List;
import unweave.kernels.Backend;
import unweave.kernels.BackendProvider;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.DeviceUnavailableException;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaUnavailableException;

/** The NVIDIA GPUs of this machine, for {@link BackendProvider#named}. */
public final class CudaProvider implements BackendProvider {
    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public List<Device> devices() {
        return CudaDevices.all();
    }

    @Override
    public Backend open(int number, ConvolutionLibrary library) {
        try {
            return CudaBackend.create(number, library);
        } catch (CudaException e) {
            boolean driverMissing = e instanceof CudaUnavailableException unavailable && unavailable.driverMissing();
            throw new DeviceUnavailableException(e.getMessage(), driverMissing, e);
        }
    }
}
