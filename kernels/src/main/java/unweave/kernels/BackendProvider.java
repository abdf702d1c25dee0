package unweave.kernels;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A kind of device in an artifact of its own, found through {@link ServiceLoader}: whoever puts {@code unweave-cuda} on
 * the class path has GPUs, and whoever computes on a CPU need not fetch it.
 */
public interface BackendProvider {
    /**
     * A device of this machine.
     *
     * @param name what opens it, such as cuda:0
     * @param description a line for people
     * @param problem why it cannot be used, or null
     */
    record Device(String name, String description, String problem) {}

    /** What the names of its devices begin with, such as cuda. */
    String name();

    /** All devices of this kind; a single entry with the reason if none of them can be used. */
    List<Device> devices();

    /**
     * Opens a device.
     *
     * @param number of the device, from 0
     * @param library whose kernels convolve
     * @throws DeviceUnavailableException if the device or the library cannot be used; its message says in one line what
     *     is missing and what would be right
     */
    Backend open(int number, ConvolutionLibrary library);

    /** The provider of that name, if it is on the class path. */
    static Optional<BackendProvider> named(String name) {
        return ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst();
    }
}
