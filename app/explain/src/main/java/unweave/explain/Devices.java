package unweave.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.cpu.Simd;
import unweave.kernels.cuda.ConvolutionLibrary;
import unweave.kernels.cuda.CudaBackend;
import unweave.kernels.cuda.CudaDevices;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaUnavailableException;

/** The devices that {@code --device} names. */
public final class Devices {
    /** What {@code --device} takes. */
    static final String NAMES = "auto, cpu, scalar, cuda, cuda:N";

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,4}))?");

    /** A device of this machine, or the reason why there is none. */
    public record Found(String name, String description) {}

    private Devices() {}

    /**
     * Opens a device. Where {@code auto} finds no GPU that it can use, it takes the CPU, with a note that says why
     * unless there is no NVIDIA driver at all.
     *
     * @param library whose kernels convolve on a GPU; one other than our own asks for a GPU
     * @param threads for the CPU, 0 for one per processor
     * @throws BadInputException if {@code name} is none of {@link #NAMES}, or is a CPU although the library needs a GPU
     * @throws CudaUnavailableException if a GPU is asked for and cannot be used
     */
    public static Backend open(String name, ConvolutionLibrary library, int threads, Monitor monitor) {
        requireKnown(name);
        Matcher cuda = CUDA.matcher(name);
        if (cuda.matches()) {
            return gpu("--device " + name, cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)), library);
        }
        if (library == ConvolutionLibrary.CUDNN) {
            if (!name.equals("auto")) {
                throw new BadInputException(
                        "--conv cudnn: cuDNN computes on GPUs; with --device " + name + " leave it out");
            }
            return gpu("--conv cudnn", 0, library);
        }
        return switch (name) {
            case "auto" -> best(threads, monitor);
            case "scalar" -> CpuBackend.create(threads, Simd.SCALAR);
            default -> CpuBackend.create(threads);
        };
    }

    /** @throws BadInputException if {@code name} is none of {@link #NAMES} */
    public static void requireKnown(String name) {
        if (!List.of("auto", "cpu", "scalar").contains(name)
                && !CUDA.matcher(name).matches()) {
            throw new BadInputException("--device " + name + ": unknown device; expected one of " + NAMES);
        }
    }

    /** All devices of this machine, the one that {@code auto} takes first among them. */
    public static List<Found> all(int threads) {
        List<Found> found = new ArrayList<>();
        for (CudaDevices.Found gpu : CudaDevices.all()) {
            found.add(new Found(
                    gpu.name(), gpu.problem() == null ? gpu.description() : "cannot be used: " + gpu.problem()));
        }
        try (Backend cpu = CpuBackend.create(threads);
                Backend scalar = CpuBackend.create(threads, Simd.SCALAR)) {
            found.add(new Found("cpu", cpu.description()));
            found.add(new Found("scalar", scalar.description()));
        }
        return found;
    }

    /** The name of the device that {@code auto} takes here. */
    public static String automatic() {
        CudaDevices.Found first = CudaDevices.all().get(0);
        return first.problem() == null ? first.name() : "cpu";
    }

    private static Backend gpu(String asked, int ordinal, ConvolutionLibrary library) {
        try {
            return CudaBackend.create(ordinal, library);
        } catch (CudaUnavailableException e) {
            throw new CudaUnavailableException(asked + ": " + e.getMessage());
        }
    }

    private static Backend best(int threads, Monitor monitor) {
        try {
            return CudaBackend.create(0);
        } catch (CudaException e) {
            if (!(e instanceof CudaUnavailableException unavailable && unavailable.driverMissing())) {
                monitor.note("the CPU computes, since the GPU cannot be used: " + e.getMessage());
            }
            return CpuBackend.create(threads);
        }
    }
}
