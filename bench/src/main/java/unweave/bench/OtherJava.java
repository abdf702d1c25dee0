package unweave.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import unweave.kernels.BadInputException;

/**
 * A second Java runtime that does the same jobs, in turn with the one that runs the benchmarks.
 *
 * @param program the java executable
 * @param version such as 17.0.15
 * @param hasVectors whether it has the Vector API
 */
record OtherJava(Path program, String version, boolean hasVectors) {
    private static final int LEAST_VERSION = 17;

    /** @throws BadInputException if {@code home} holds no Java 17 or newer */
    static OtherJava of(Path home) {
        Path program = home.toAbsolutePath().normalize().resolve("bin").resolve("java");
        if (!Files.isExecutable(program)) {
            throw new BadInputException(
                    "--other-java " + home + ": there is no " + program + "; expected the folder of a JDK");
        }
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new BadInputException("--other-java " + home + ": cannot read " + home.resolve("release")
                    + ", where a JDK tells its version");
        }
        String version = unquoted(release, "JAVA_VERSION");
        if (!version.matches("[1-9]\\d*(\\..*)?") || Integer.parseInt(version.split("\\.", 2)[0]) < LEAST_VERSION) {
            throw new BadInputException(
                    "--other-java " + home + ": is Java " + version + "; expected " + LEAST_VERSION + " or newer");
        }
        return new OtherJava(
                program, version, (" " + unquoted(release, "MODULES") + " ").contains(" jdk.incubator.vector "));
    }

    private static String unquoted(Properties release, String key) {
        return release.getProperty(key, "").replace("\"", "");
    }

    /** For the table. */
    String name() {
        return "JDK " + version;
    }
}
