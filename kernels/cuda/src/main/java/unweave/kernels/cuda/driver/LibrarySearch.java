package unweave.kernels.cuda.driver;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Where NVIDIA's libraries may lie: in directories that the user names, on the loader's path, and where the CUDA
 * toolkit, Debian's packages and Python's wheels put them.
 */
final class LibrarySearch {
    /** Directories, separated by colons, that are searched before all others. */
    static final String DIRECTORIES_PROPERTY = "unweave.cuda.libraries";
    /** The same as an environment variable; the property wins. */
    static final String DIRECTORIES_VARIABLE = "UNWEAVE_CUDA_LIBRARIES";
    /** With this property set to false, nothing but the named directories is searched. */
    static final String SYSTEM_PROPERTY = "unweave.cuda.systemLibraries";

    private static final List<String> SYSTEM = List.of(
            "/usr/lib/x86_64-linux-gnu",
            "/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/lib64",
            "/usr/lib",
            "/usr/local/lib",
            "/usr/local/nvidia/lib64",
            "/usr/local/nvidia/lib",
            "/usr/lib/wsl/lib",
            "/run/opengl-driver/lib");
    private static final List<String> TOOLKIT = List.of(
            "/usr/local/cuda*/lib64",
            "/usr/local/cuda*/targets/x86_64-linux/lib",
            "/opt/cuda*/lib64",
            "/opt/cuda*/targets/x86_64-linux/lib",
            "/opt/nvidia/hpc_sdk/Linux_x86_64/*/math_libs/lib64",
            "/usr/lib/x86_64-linux-gnu/libcublas/*",
            "/usr/lib/x86_64-linux-gnu/libcudnn/*");
    private static final List<String> PYTHON = List.of("/usr/lib", "/usr/local/lib", "/opt/conda/lib");

    private final List<Path> directories;
    private final boolean system;

    /**
     * @param named the directories that the user names, separated by colons; null for none
     * @param system whether other places are searched, too
     * @param environment the value of an environment variable, or null
     * @param root what "/" is, for tests
     */
    LibrarySearch(String named, boolean system, UnaryOperator<String> environment, Path root) {
        this.system = system;
        Set<Path> found = new LinkedHashSet<>();
        addAll(found, named, Path.of(""));
        if (system) {
            addAll(found, environment.apply("LD_LIBRARY_PATH"), root);
            SYSTEM.forEach(directory -> add(found, under(root, directory)));
            configured(root, found);
            TOOLKIT.forEach(pattern -> matching(root, pattern).forEach(directory -> add(found, directory)));
            python(root, environment).forEach(directory -> add(found, directory));
        }
        directories = List.copyOf(found);
    }

    /** As this process was started. */
    static LibrarySearch ofThisProcess() {
        String named = System.getProperty(DIRECTORIES_PROPERTY, System.getenv(DIRECTORIES_VARIABLE));
        boolean system = !"false".equals(System.getProperty(SYSTEM_PROPERTY));
        return new LibrarySearch(named, system, System::getenv, Path.of("/"));
    }

    /** Whether the loader's own search is permitted, which may know more places. */
    boolean system() {
        return system;
    }

    /** All directories that exist, in the order of the search. */
    List<Path> directories() {
        return directories;
    }

    /** All files of that name, best first. */
    List<Path> find(String file) {
        return directories.stream()
                .map(directory -> directory.resolve(file))
                .filter(Files::exists)
                .toList();
    }

    /**
     * The numbers N of all files {@code prefix}N, for a remark on what is there instead: "libcublas.so." finds 11 in
     * libcublas.so.11.
     */
    List<Integer> versions(String prefix) {
        Set<Integer> versions = new TreeSet<>();
        for (Path directory : directories) {
            for (Path file : list(directory, prefix + "*")) {
                String version = file.getFileName().toString().substring(prefix.length());
                if (version.matches("\\d{1,4}")) {
                    versions.add(Integer.parseInt(version));
                }
            }
        }
        return List.copyOf(versions);
    }

    /** What /etc/ld.so.conf and the files it includes name. */
    private static void configured(Path root, Set<Path> found) {
        List<Path> files = new ArrayList<>(List.of(root.resolve("etc/ld.so.conf")));
        files.addAll(matching(root, "/etc/ld.so.conf.d/*.conf"));
        for (Path file : files) {
            try {
                Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("/"))
                        .forEach(line -> add(found, under(root, line)));
            } catch (IOException e) {
                // a file that is not there, or not ours to read, names nothing
            }
        }
    }

    /**
     * Wheels: nvidia/cublas/lib and nvidia/cudnn/lib for CUDA 12, nvidia/cu13/lib for CUDA 13; of the environment that
     * is active, of each python3 on the path, of this user, of the system.
     */
    private static List<Path> python(Path root, UnaryOperator<String> environment) {
        List<Path> homes = new ArrayList<>();
        for (String variable : new String[] {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
            if (environment.apply(variable) != null) {
                homes.add(under(root, environment.apply(variable)).resolve("lib"));
            }
        }
        Set<Path> programs = new LinkedHashSet<>();
        addAll(programs, environment.apply("PATH"), root);
        programs.removeIf(directory -> !Files.exists(directory.resolve("python3")));
        programs.forEach(directory -> homes.add(directory.resolveSibling("lib")));
        if (environment.apply("HOME") != null) {
            homes.add(under(root, environment.apply("HOME")).resolve(".local/lib"));
        }
        PYTHON.forEach(directory -> homes.add(under(root, directory)));
        List<Path> found = new ArrayList<>();
        for (Path home : homes) {
            for (String packages : new String[] {"site-packages", "dist-packages"}) {
                found.addAll(matching(home, "python3*/" + packages + "/nvidia/*/lib"));
            }
            found.addAll(matching(home, "python3/dist-packages/nvidia/*/lib"));
        }
        return found;
    }

    /** What {@code pattern}, whose parts may hold stars, matches under {@code start}; newest names first. */
    private static List<Path> matching(Path start, String pattern) {
        List<Path> found = List.of(start);
        for (String part : pattern.split("/", 0)) {
            if (part.isEmpty()) {
                continue;
            }
            List<Path> next = new ArrayList<>();
            for (Path directory : found) {
                next.addAll(part.contains("*") ? list(directory, part) : List.of(directory.resolve(part)));
            }
            found = next;
        }
        return found;
    }

    private static List<Path> list(Path directory, String glob) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
                stream.forEach(found::add);
            } catch (IOException e) {
                return List.of(); // not ours to read
            }
        }
        found.sort((a, b) -> b.compareTo(a));
        return found;
    }

    private static void addAll(Set<Path> found, String path, Path root) {
        if (path != null) {
            for (String directory : path.split(":", 0)) {
                if (!directory.isBlank()) {
                    add(found, root.toString().isEmpty() ? Path.of(directory) : under(root, directory));
                }
            }
        }
    }

    private static void add(Set<Path> found, Path directory) {
        if (Files.isDirectory(directory)) {
            found.add(directory.toAbsolutePath().normalize());
        }
    }

    private static Path under(Path root, String absolute) {
        return root.resolve(absolute.replaceFirst("^/+", ""));
    }
}
