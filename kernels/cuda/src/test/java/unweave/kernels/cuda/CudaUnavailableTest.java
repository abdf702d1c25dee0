package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that a machine may lack for CUDA, and what Unweave says: one line each. The stand-in plays the machines.
 */
class CudaUnavailableTest {
    private static final String UNAVAILABLE = "CudaUnavailableException: ";
    private static final String WORKS = "[19.0, 50.0]";

    @TempDir
    private Path folder;

    @Test
    void noDriver() throws Exception {
        assertEquals(
                UNAVAILABLE + "no NVIDIA driver: libcuda.so.1 was not found in [" + folder
                        + "]; install the driver, for CUDA 12.0 or newer",
                run(Map.of(), "product", "0"));
        assertEquals(
                "cuda|no GPU|no NVIDIA driver: libcuda.so.1 was not found in [" + folder
                        + "]; install the driver, for CUDA 12.0 or newer",
                run(Map.of(), "devices"));
    }

    @Test
    void aDriverThatCannotBeLoaded() throws Exception {
        Files.writeString(folder.resolve("libcuda.so.1"), "not a library");
        String line = run(Map.of(), "product", "0");
        assertTrue(line.startsWith(UNAVAILABLE + "the NVIDIA driver's library cannot be loaded: " + folder), line);
    }

    @Test
    void noDevice() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        assertEquals(
                UNAVAILABLE + "the NVIDIA driver finds no GPU; `nvidia-smi` lists those it knows",
                run(Map.of("UNWEAVE_STANDIN_DEVICES", "0"), "product", "0"));
        assertEquals(
                UNAVAILABLE
                        + "the NVIDIA driver finds no GPU (CUDA_VISIBLE_DEVICES is \"\"); `nvidia-smi` lists those it knows",
                run(Map.of("UNWEAVE_STANDIN_DEVICES", "0", "CUDA_VISIBLE_DEVICES", ""), "product", "0"));
    }

    @Test
    void fewerDevicesThanThat() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        assertEquals(UNAVAILABLE + "there is no GPU 1; this machine has one, number 0", run(Map.of(), "product", "1"));
        Map<String, String> two = Map.of("UNWEAVE_STANDIN_DEVICES", "2");
        assertEquals(UNAVAILABLE + "there is no GPU 2; this machine has 2, numbers 0 to 1", run(two, "product", "2"));
        assertEquals(WORKS, run(two, "product", "1"));
    }

    @Test
    void driverTooOld() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        assertEquals(
                UNAVAILABLE
                        + "the NVIDIA driver is too old: it supports CUDA 11.4, but 12.0 is needed (driver 525 or newer)",
                run(Map.of("UNWEAVE_STANDIN_DRIVER_VERSION", "11040"), "product", "0"));
    }

    @Test
    void gpuTooOld() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        Map<String, String> volta = Map.of("UNWEAVE_STANDIN_COMPUTE_CAPABILITY", "7.0");
        String problem = "GPU 0 (CUDA stand-in on the CPU) is too old: it has compute capability 7.0, "
                + "but 7.5 (Turing, 2018) or newer is needed";
        assertEquals(UNAVAILABLE + problem, run(volta, "product", "0"));
        assertEquals(
                "cuda:0|CUDA stand-in on the CPU, compute capability 7.0, 8 multiprocessors, 8.0 GiB|" + problem,
                run(volta, "devices"));
        assertEquals(WORKS, run(Map.of("UNWEAVE_STANDIN_COMPUTE_CAPABILITY", "7.5"), "product", "0"));
    }

    @Test
    void noBlas() throws Exception {
        provide("libcuda.so.1");
        assertEquals(
                UNAVAILABLE + "no cuBLAS was found in [" + folder
                        + "]; cuBLAS 12 is needed with this driver for CUDA 12.6: "
                        + "install it (CUDA toolkit, libcublas package or pip's nvidia-cublas), or name its directory in UNWEAVE_CUDA_LIBRARIES",
                run(Map.of(), "product", "0"));
    }

    @Test
    void blasOfTheWrongVersion() throws Exception {
        provide("libcuda.so.1");
        Files.writeString(folder.resolve("libcublas.so.11"), "");
        String line = run(Map.of(), "product", "0");
        assertTrue(
                line.startsWith(
                        UNAVAILABLE + "cuBLAS 11 cannot be used; cuBLAS 12 is needed with this driver for CUDA 12.6"),
                line);
        line = run(Map.of("UNWEAVE_STANDIN_DRIVER_VERSION", "13000"), "product", "0");
        assertTrue(
                line.startsWith(UNAVAILABLE + "cuBLAS 11 cannot be used; cuBLAS 12 or 13 is needed with this driver"),
                line);
    }

    @Test
    void blasThatCannotBeLoaded() throws Exception {
        provide("libcuda.so.1");
        Files.writeString(folder.resolve("libcublas.so.12"), "not a library");
        String line = run(Map.of(), "product", "0");
        assertTrue(
                line.startsWith(UNAVAILABLE + "cuBLAS cannot be loaded: " + folder.resolve("libcublas.so.12")), line);
    }

    @Test
    void theNextVersionOfBlasNeedsADriverForIt() throws Exception {
        provide("libcuda.so.1");
        nextBlas();
        assertEquals(WORKS, run(Map.of("UNWEAVE_STANDIN_DRIVER_VERSION", "13000"), "product", "0"));
        String line = run(Map.of("UNWEAVE_STANDIN_DRIVER_VERSION", "12080"), "product", "0");
        assertTrue(
                line.startsWith(
                        UNAVAILABLE + "cuBLAS 13 cannot be used; cuBLAS 12 is needed with this driver for CUDA 12.8"),
                line);
    }

    @Test
    void noDnn() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        assertEquals(WORKS, run(Map.of(), "product", "0")); // nobody needs it who does not ask for it
        assertEquals(
                UNAVAILABLE + "no cuDNN was found in [" + folder
                        + "]; cuDNN 9 is needed: install it, or name its directory in " + "UNWEAVE_CUDA_LIBRARIES",
                run(Map.of(), "cudnn"));
        Files.writeString(folder.resolve("libcudnn.so.8"), "");
        String line = run(Map.of(), "cudnn");
        assertTrue(line.startsWith(UNAVAILABLE + "cuDNN 8 cannot be used; cuDNN 9 is needed"), line);
    }

    @Test
    void outOfMemory() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        Map<String, String> small = Map.of("UNWEAVE_STANDIN_MEMORY", String.valueOf(64 << 20));
        assertEquals(
                "6000000 values", run(small, "floats", "6000000")); // fits once what was used before has been freed
        String line = run(small, "floats", "10000000");
        assertTrue(
                line.matches(
                        "CudaOutOfMemoryException: out of GPU memory: 40\\.0 MiB asked for, (2\\d|3[012])\\.\\d MiB free of "
                                + "64\\.0 MiB; use a smaller batch, or end other programs on this GPU"),
                line);
    }

    @Test
    void aGpuThatIsFullFromTheStart() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        String line = run(Map.of("UNWEAVE_STANDIN_MEMORY", String.valueOf(4 << 20)), "product", "0");
        assertTrue(
                line.startsWith(UNAVAILABLE + "GPU 0 (CUDA stand-in on the CPU) cannot be used: out of GPU memory: "),
                line);
    }

    @Test
    void nothingStaysInTheTemporaryFolder() throws Exception {
        provide("libcuda.so.1", "libcublas.so.12");
        assertEquals(WORKS, run(Map.of(), "product", "0"));
        try (Stream<Path> left = Files.list(folder.resolve("temporary"))) {
            assertEquals(
                    List.of(),
                    left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata"))
                            .toList());
        }
    }

    /** Puts libraries of the stand-in into the folder that is searched. */
    private void provide(String... libraries) throws IOException {
        for (String library : libraries) {
            Files.copy(TestGpu.standin().resolve(library), folder.resolve(library));
        }
    }

    /**
     * cuBLAS 13 as far as the loader can see: the stand-in's cuBLAS with the next version's name and that name's hash.
     */
    private void nextBlas() throws IOException {
        byte[] library = Files.readAllBytes(TestGpu.standin().resolve("libcublas.so.12"));
        replace(
                library,
                "libcublas.so.12".getBytes(StandardCharsets.US_ASCII),
                "libcublas.so.13".getBytes(StandardCharsets.US_ASCII));
        replace(library, littleEndian(0x0ef62132), littleEndian(0x0ef62133)); // the hashes of the two names
        Files.write(folder.resolve("libcublas.so.13"), library);
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static void replace(byte[] file, byte[] from, byte[] to) {
        for (int at = 0; at + from.length <= file.length; at++) {
            int i = 0;
            while (i < from.length && file[at + i] == from[i]) {
                i++;
            }
            if (i == from.length) {
                System.arraycopy(to, 0, file, at, to.length);
            }
        }
    }

    /** The output of {@link CudaProcess}, which finds NVIDIA's libraries in the folder alone. */
    private String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        TestGpu.requirePlatform();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dunweave.cuda.libraries=" + folder,
                "-Dunweave.cuda.systemLibraries=false",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("temporary")),
                CudaProcess.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(
                        ProcessBuilder.Redirect.to(folder.resolve("errors").toFile()));
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("UNWEAVE_") || name.equals("CUDA_VISIBLE_DEVICES"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), () -> output + errors());
        return output;
    }

    private String errors() {
        try {
            return Files.readString(folder.resolve("errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
