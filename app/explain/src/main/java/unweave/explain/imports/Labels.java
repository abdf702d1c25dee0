package unweave.explain.imports;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.file.InputFile;
import unweave.engine.file.ModelFileException;

/** Class names in a text file: UTF-8, one a line, in the order of the network's outputs. */
final class Labels {
    private static final long LONGEST_FILE = 1 << 24;

    private Labels() {}

    /**
     * Reads a file; blank lines at its end do not count.
     *
     * @throws ModelFileException in one line, if it is missing, not UTF-8, or has a blank or repeated name
     */
    static List<String> read(Path file) throws IOException {
        InputFile.require(file);
        String text;
        try {
            if (Files.size(file) > LONGEST_FILE) {
                throw new ModelFileException(file, "is no list of class names, it has " + Files.size(file) + " bytes");
            }
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "no such file (looked for it at " + file.toAbsolutePath() + ")", e);
        } catch (CharacterCodingException e) {
            throw new ModelFileException(file, "is not UTF-8 text: save the class names as UTF-8, one a line", e);
        }
        String stripped = (text.startsWith("\uFEFF") ? text.substring(1) : text).stripTrailing();
        List<String> names = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (String line : stripped.lines().toList()) {
            String name = line.strip();
            names.add(name);
            if (name.isEmpty()) {
                throw new ModelFileException(file, "line " + names.size() + " is blank; every line names a class");
            }
            Integer earlier = lines.put(name, names.size());
            if (earlier != null) {
                throw new ModelFileException(
                        file,
                        "lines " + earlier + " and " + names.size() + " name the same class, \"" + name + "\"; every"
                                + " class needs its own name");
            }
        }
        if (names.isEmpty()) {
            throw new ModelFileException(file, "names no class");
        }
        return names;
    }
}
