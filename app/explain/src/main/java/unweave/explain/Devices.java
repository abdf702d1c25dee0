package unweave.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.BackendProvider;
import unweave.kernels.BadInputException;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.DeviceUnavailableException;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.cpu.Simd;

/** The devices that {@code --device} names. */
public final class Devices {
    /** What {@code --device} takes. */
    static final String NAMES = "auto, cpu, scalar, cuda, cuda:N";

    private static final String NOT_ON_CLASS_PATH =
            "GPUs need the artifact unweave-cuda, which is not on the class path";

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
     * @throws DeviceUnavailableException if a GPU is asked for and cannot be used
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
        for (BackendProvider.Device gpu : gpus()) {
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
        BackendProvider.Device first = gpus().get(0);
        return first.problem() == null ? first.name() : "cpu";
    }

    private static List<BackendProvider.Device> gpus() {
        return BackendProvider.named("cuda")
                .map(BackendProvider::devices)
                .orElse(List.of(new BackendProvider.Device("cuda", "no GPU", NOT_ON_CLASS_PATH)));
    }

    private static Backend gpu(String asked, int number, ConvolutionLibrary library) {
        try {
            return openGpu(number, library);
        } catch (DeviceUnavailableException e) {
            throw new DeviceUnavailableException(asked + ": " + e.getMessage(), e.expected(), e);
        }
    }

    private static Backend openGpu(int number, ConvolutionLibrary library) {
        return BackendProvider.named("cuda")
                .orElseThrow(() -> new DeviceUnavailableException(NOT_ON_CLASS_PATH, true, null))
                .open(number, library);
    }

    private static Backend best(int threads, Monitor monitor) {
        try {
            return openGpu(0, ConvolutionLibrary.OWN);
        } catch (DeviceUnavailableException e) {
            if (!e.expected()) {
                monitor.note("the CPU computes, since the GPU cannot be used: " + e.getMessage());
            }
            return CpuBackend.create(threads);
        }
    }
}
