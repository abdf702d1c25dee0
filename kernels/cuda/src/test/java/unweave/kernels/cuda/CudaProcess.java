package unweave.kernels.cuda;

import java.util.List;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.Floats;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaOutOfMemoryException;

/** What {@link CudaUnavailableTest} runs in processes of their own, since a process loads NVIDIA's libraries once. */
final class CudaProcess {
    private CudaProcess() {}

    /**
     * "devices"; "product ORDINAL": a matrix product; "floats N": memory for N values, after some was used and given
     * back; "cudnn": what convolves.
     */
    public static void main(String[] arguments) {
        String temporary = System.getProperty("java.io.tmpdir");
        try {
            System.out.println(run(arguments[0], arguments.length > 1 ? Long.parseLong(arguments[1]) : 0));
        } catch (CudaException | CudaOutOfMemoryException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        if (!System.getProperty("java.io.tmpdir").equals(temporary)) {
            throw new IllegalStateException("java.io.tmpdir was not put back");
        }
    }

    private static String run(String command, long number) {
        if (command.equals("devices")) {
            return String.join(
                    "\n",
                    CudaDevices.all().stream()
                            .map(found -> found.name() + "|" + found.description() + "|" + found.problem())
                            .toList());
        }
        if (command.equals("cudnn")) {
            try (CudaBackend backend = CudaBackend.create(0, ConvolutionLibrary.CUDNN)) {
                return backend.description();
            }
        }
        try (CudaBackend backend = CudaBackend.create(command.equals("product") ? (int) number : 0)) {
            if (command.equals("floats")) {
                backend.floats(1 << 22).close();
                backend.floats(number).close();
                return number + " values";
            }
            try (Floats a = backend.floats(new float[] {1, 2, 3, 4});
                    Floats b = backend.floats(new float[] {5, 6, 7, 8});
                    Floats c = backend.floats(4)) {
                backend.convolutions().gemm(false, false, 2, 2, 2, a, b, c);
                return List.of(backend.toArray(c)[0], backend.toArray(c)[3]).toString();
            }
        }
    }
}
