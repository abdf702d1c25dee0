package unweave.kernels.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads NVIDIA's libraries and JCuda's, once per process. JCuda's libraries ask the loader for NVIDIA's by name; one
 * that was loaded by its path before satisfies them, so it may lie anywhere.
 *
 * <p>JCuda unpacks its libraries into {@code java.io.tmpdir} under names that anyone can guess, and loads what lies
 * there already. So that property points to a directory of our own while JCuda loads.
 */
final class NativeLibraries {
    private static final String DRIVER = "libcuda.so.1";
    private static final String BLAS = "libcublas.so.";
    private static final String DNN = "libcudnn.so.";
    private static final int DNN_VERSION = 9;
    /**
     * The version that JCuda's library asks for. The next one has the same calls, and JCuda's library is changed to ask
     * for that instead.
     */
    private static final int BLAS_VERSION = 12;

    private static final int NEXT_BLAS_VERSION = 13;
    private static final String JCUBLAS = "libJCublas2-12.6.0-linux-x86_64.so";
    private static final String TEMPORARY = "java.io.tmpdir";

    private static final LibrarySearch SEARCH = LibrarySearch.ofThisProcess();
    private static boolean driverLoaded;
    private static boolean blasLoaded;
    private static boolean dnnLoaded;

    private NativeLibraries() {}

    /** @throws CudaUnavailableException if there is no driver, or the platform is another one */
    static synchronized void loadDriver() {
        if (!driverLoaded) {
            requirePlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
            List<String> problems = new ArrayList<>();
            boolean found = loadFirst(SEARCH.find(DRIVER), problems);
            if (!problems.isEmpty()) {
                throw new CudaUnavailableException("the NVIDIA driver's library cannot be loaded: " + problems.get(0));
            }
            if (!found && !(SEARCH.system() && anyDeviceFile())) {
                throw new CudaUnavailableException(noDriver(), true);
            }
            loadJCuda("jcuda.driver.JCudaDriver", null, found ? null : noDriver());
            driverLoaded = true;
        }
    }

    /**
     * @param driverVersion the newest CUDA version that the driver supports, as it says: 12040 for 12.4
     * @throws CudaUnavailableException if there is no cuBLAS of a version that can be used
     */
    static synchronized void loadBlas(int driverVersion) {
        if (!blasLoaded) {
            int newest = driverVersion / 1000 >= NEXT_BLAS_VERSION ? NEXT_BLAS_VERSION : BLAS_VERSION;
            List<String> problems = new ArrayList<>();
            int version = loadBlasUpTo(newest, problems);
            String missing = version == 0 ? noBlas(driverVersion, SEARCH.versions(BLAS), problems) : null;
            if (version == 0 && !(SEARCH.system() && SEARCH.versions(BLAS).isEmpty())) {
                throw new CudaUnavailableException(missing);
            }
            loadJCuda("jcuda.jcublas.JCublas2", version == NEXT_BLAS_VERSION ? JCUBLAS : null, missing);
            blasLoaded = true;
        }
    }

    /** @throws CudaUnavailableException if there is no cuDNN of a version that can be used */
    static synchronized void loadDnn() {
        if (!dnnLoaded) {
            List<String> problems = new ArrayList<>();
            boolean found = loadFirst(SEARCH.find(DNN + DNN_VERSION), problems);
            String missing = found ? null : noDnn(SEARCH.versions(DNN), problems);
            if (!found && !(SEARCH.system() && SEARCH.versions(DNN).isEmpty())) {
                throw new CudaUnavailableException(missing);
            }
            loadJCuda("jcuda.jcudnn.JCudnn", null, missing);
            dnnLoaded = true;
        }
    }

    static void requirePlatform(String system, String processor) {
        if (!system.equals("Linux") || !processor.equals("amd64")) {
            throw new CudaUnavailableException(
                    "CUDA is supported on Linux with an x86-64 processor; this is " + system + " on " + processor,
                    true);
        }
    }

    /**
     * Whether the kernel has an NVIDIA driver (or Windows' one below it): then the loader may know a place that we do
     * not.
     */
    private static boolean anyDeviceFile() {
        return Files.exists(Path.of("/dev/nvidiactl")) || Files.exists(Path.of("/dev/dxg"));
    }

    private static String noDriver() {
        return "no NVIDIA driver: " + DRIVER + " was not found" + searched()
                + "; install the driver, for CUDA 12.0 or newer";
    }

    private static String noBlas(int driverVersion, List<Integer> others, List<String> problems) {
        String wanted = driverVersion / 1000 >= NEXT_BLAS_VERSION ? "cuBLAS 12 or 13" : "cuBLAS 12";
        return instead("cuBLAS", others, problems) + "; " + wanted + " is needed with this driver for CUDA "
                + Driver.version(driverVersion)
                + ": install it (CUDA toolkit, libcublas package or pip's nvidia-cublas), or name its directory in "
                + LibrarySearch.DIRECTORIES_VARIABLE;
    }

    private static String noDnn(List<Integer> others, List<String> problems) {
        return instead("cuDNN", others, problems) + "; cuDNN " + DNN_VERSION
                + " is needed: install it, or name its directory in " + LibrarySearch.DIRECTORIES_VARIABLE;
    }

    /** What was found instead of a library. */
    private static String instead(String library, List<Integer> others, List<String> problems) {
        if (!problems.isEmpty()) {
            return library + " cannot be loaded: " + problems.get(0);
        }
        return others.isEmpty()
                ? "no " + library + " was found" + searched()
                : library + " " + others.get(others.size() - 1) + " cannot be used";
    }

    private static String searched() {
        return SEARCH.system() ? "" : " in " + SEARCH.directories();
    }

    /** The version that was loaded by path; 0 if none was. */
    private static int loadBlasUpTo(int newest, List<String> problems) {
        for (Path directory : SEARCH.directories()) {
            for (int version = BLAS_VERSION; version <= newest; version++) {
                Path file = directory.resolve(BLAS + version);
                if (Files.exists(file)) {
                    // cuBLAS needs this one, which lies beside it but need not be on the loader's path
                    loadFirst(List.of(directory.resolve("libcublasLt.so." + version)), new ArrayList<>());
                    if (loadFirst(List.of(file), problems)) {
                        return version;
                    }
                }
            }
        }
        return 0;
    }

    /** Loads the first of {@code files} that can be loaded; says why the ones before cannot if none can. */
    private static boolean loadFirst(List<Path> files, List<String> problems) {
        List<String> refusals = new ArrayList<>();
        for (Path file : files) {
            try {
                System.load(file.toString());
                return true;
            } catch (UnsatisfiedLinkError e) {
                refusals.add(e.getMessage());
            }
        }
        problems.addAll(refusals);
        return false;
    }

    /**
     * Initialises a class of JCuda's, which loads its library.
     *
     * @param renamed the library to be changed to ask for the next version of cuBLAS, or null
     * @param missing what to say if the loader does not find NVIDIA's library either; null if that is loaded already
     */
    private static void loadJCuda(String className, String renamed, String missing) {
        String before = System.getProperty(TEMPORARY);
        Path directory = null;
        try {
            directory = Files.createTempDirectory(
                    "unweave-cuda", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (renamed != null) {
                Files.write(
                        directory.resolve(renamed),
                        ElfNames.rename(packed(renamed), BLAS + BLAS_VERSION, BLAS + NEXT_BLAS_VERSION));
            }
            System.setProperty(TEMPORARY, directory.toString());
            Class.forName(className);
        } catch (UnsatisfiedLinkError e) {
            String reason = missing != null
                    ? missing
                    : "JCuda's native library cannot be loaded: "
                            + e.getMessage().lines().findFirst().orElse("");
            throw new CudaUnavailableException(reason, missing != null && className.endsWith("Driver"));
        } catch (ClassNotFoundException e) {
            throw new CudaUnavailableException("JCuda is not on the class path: " + e.getMessage() + " is missing");
        } catch (IOException e) {
            throw new CudaUnavailableException("JCuda cannot be unpacked into " + before + ": " + e.getMessage());
        } finally {
            System.setProperty(TEMPORARY, before);
            delete(directory);
        }
    }

    private static byte[] packed(String library) throws IOException {
        try (InputStream stream = NativeLibraries.class.getResourceAsStream("/lib/" + library)) {
            if (stream == null) {
                throw new IOException("the program is incomplete: it has no /lib/" + library);
            }
            return stream.readAllBytes();
        }
    }

    /** What is loaded stays in memory without its file. */
    private static void delete(Path directory) {
        if (directory != null) {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(directory);
            } catch (IOException e) {
                directory.toFile().deleteOnExit(); // an empty directory that cannot be deleted now harms nobody
            }
        }
    }
}
