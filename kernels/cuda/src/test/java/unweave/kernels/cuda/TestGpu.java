package unweave.kernels.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The GPU that tests run on: a real one where the machine has one (or {@code unweave.cuda.libraries} names something),
 * else the stand-in in {@code kernels/standin}, which is built into {@code kernels/target/standin}. Tests skip where
 * there is neither a GPU nor a compiler.
 */
public final class TestGpu {
    private static final String LIBRARIES = "unweave.cuda.libraries";
    private static boolean prepared;

    private TestGpu() {}

    /** A backend that fails when closed while memory is owned. */
    public static CudaBackend open() {
        prepare();
        return CudaBackend.create(0);
    }

    /** Whether tests run on a real GPU. */
    public static boolean isReal() {
        return Files.exists(Path.of("/dev/nvidiactl")) && standinIsNotAsked();
    }

    /**
     * Makes the stand-in the GPU of this process if there is no real one; backends fail when closed while memory is
     * owned.
     */
    public static synchronized void prepare() {
        if (!prepared && !isReal() && standinIsNotAsked()) {
            System.setProperty(LIBRARIES, standin().toString());
        }
        System.setProperty(CudaBackend.LEAK_CHECK, "true");
        prepared = true;
    }

    /** Skips the test where there can be no CUDA. */
    public static void requirePlatform() {
        String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        Assumptions.assumeTrue(platform.equals("Linux on amd64"), "there is no CUDA for " + platform);
    }

    /** The folder with the stand-in's libraries, built if need be. */
    public static Path standin() {
        requirePlatform();
        return standin("target/standin");
    }

    /** The checking stand-in with the kernels that have faults. */
    static Path standinWithFaults() {
        return standin(
                "target/standin-faults",
                "--checking",
                "--kernels",
                kernels().resolve("standin/faults").toString());
    }

    private static Path standin(String name, String... options) {
        Path kernels = kernels();
        Path folder = kernels.resolve(name);
        List<String> command =
                new ArrayList<>(List.of(kernels.resolve("standin/build").toString()));
        command.addAll(List.of(options));
        command.add(folder.toString());
        try {
            Assumptions.assumeTrue(succeeds("g++", "--version"), "neither a GPU nor g++ (for the stand-in) is here");
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the stand-in cannot be built: " + output);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean standinIsNotAsked() {
        return System.getProperty(LIBRARIES) == null && System.getenv("UNWEAVE_CUDA_LIBRARIES") == null;
    }

    /** The folder of the module kernels, from that of any module. */
    private static Path kernels() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("kernels/standin/build"))) {
            folder = folder.getParent();
        }
        return folder.resolve("kernels");
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
