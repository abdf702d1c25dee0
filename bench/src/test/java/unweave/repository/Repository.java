package unweave.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the repository that this module lies in. */
final class Repository {
    static final Path ROOT = root();

    private Repository() {}

    /** All files whose name ends in this, but for those that a build makes. */
    static List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(end))
                    .filter(file -> !ROOT.relativize(file).toString().matches("(.*/)?(target|\\.git|shared)/.*"))
                    .sorted()
                    .toList();
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
