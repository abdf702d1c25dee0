package unweave.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/**
 * The machine and the date of a measurement.
 *
 * @param date by the clock, UTC
 * @param cpu model of the processor
 * @param processors that the JVM may use
 * @param jdk version and vendor
 * @param os name, version and architecture
 * @param backend what computes: instruction set width and threads of the CPU, or the GPU
 * @param load other processes that were ready to run when the run began; NaN if the system does not report it
 */
record Machine(String date, String cpu, int processors, String jdk, String os, String backend, double load) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** With the CPU computing on so many threads, 0 for one per processor. */
    static Machine describe(int threads) {
        try (Backend backend = CpuBackend.create(threads)) {
            return describe(backend);
        }
    }

    /** With {@code backend} computing. */
    static Machine describe(Backend backend) {
        var system = ManagementFactory.getOperatingSystemMXBean();
        double load = system.getSystemLoadAverage();
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                processorModel(),
                system.getAvailableProcessors(),
                System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
                system.getName() + " " + system.getVersion() + " " + system.getArch(),
                backend.description(),
                load < 0 ? Double.NaN : load);
    }

    private static String processorModel() {
        try {
            return processorModel(Files.readAllLines(CPU_INFO));
        } catch (IOException e) {
            return "unknown " + System.getProperty("os.arch"); // not Linux
        }
    }

    /**
     * The model in the lines of Linux' /proc/cpuinfo; clouds hide the exact one, so family and model number are added.
     */
    static String processorModel(List<String> lines) {
        String name = value(lines, "model name");
        return name.isEmpty()
                ? "unknown " + System.getProperty("os.arch")
                : name + " (family " + value(lines, "cpu family") + ", model " + value(lines, "model") + ")";
    }

    private static String value(List<String> lines, String key) {
        for (String line : lines) {
            String[] parts = line.split(":", 2);
            if (parts.length == 2 && parts[0].strip().equals(key)) {
                return parts[1].strip();
            }
        }
        return "";
    }
}
