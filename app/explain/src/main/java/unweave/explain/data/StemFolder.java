package unweave.explain.data;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import unweave.kernels.BadInputException;

/**
 * Recordings with their parts as sound files: every folder that holds sound files is a recording, the file's name is
 * the part's. A file named mixture or mix is the whole. An enclosing folder with the name of one of the model's classes
 * says what a recording is of.
 *
 * <pre>
 * folder/song/drums.wav  folder/song/voice.wav  folder/song/mixture.wav  folder/jazz/other song/drums.wav
 * </pre>
 */
public final class StemFolder {
    /** More files in a folder are recordings, not parts of one. */
    private static final int MOST_PARTS = 40;

    private static final String MIXTURE = "mixture";

    private static final Set<String> MIXTURES = names(MIXTURE, "mix");

    private final List<Recording> recordings;
    private final Set<String> background;
    private final boolean incomplete;

    /** @param parts files by the name of the part */
    private record Recording(String name, String className, Map<String, Path> parts, Path mixture) {}

    private StemFolder(List<Recording> recordings, Set<String> background, boolean incomplete) {
        this.recordings = recordings;
        this.background = background;
        this.incomplete = incomplete;
    }

    /**
     * Finds the recordings. No sound is read yet.
     *
     * @param classNames of the model
     * @param background names of parts that always sound; upper and lower case are the same
     * @param incomplete whether the parts need not add up to the mixture
     * @throws BadInputException if there are none, one has too few or too many parts or two of one name, or no
     *     recording has a part that {@code background} names
     */
    public static StemFolder open(Path folder, List<String> classNames, Set<String> background, boolean incomplete)
            throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(
                    folder + ": no such folder; expected one with a folder per recording, which holds"
                            + " its parts as sound files (drums.wav, voice.wav, ...)");
        }
        Set<String> rest = names(background.toArray(String[]::new));
        Map<String, String> spellings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        List<Recording> recordings = new ArrayList<>();
        for (Path each : folders(folder)) {
            List<Path> sounds = sounds(each);
            if (!sounds.isEmpty()) {
                Recording recording = recording(folder, each, named(each, sounds, spellings), classNames);
                requireParts(each, recording, rest, incomplete);
                recordings.add(recording);
            }
        }
        if (recordings.isEmpty()) {
            throw new BadInputException(
                    folder + ": holds no sound files; expected a folder per recording, which holds its"
                            + " parts (drums.wav, voice.wav, ...)");
        }
        spellings.remove(MIXTURE);
        for (String name : rest) {
            if (!spellings.containsKey(name)) {
                throw new BadInputException(folder + ": no recording has a part " + name
                        + " to count as background; the parts are " + String.join(", ", spellings.values()));
            }
        }
        return new StemFolder(recordings, rest, incomplete);
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Path> sounds(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(SoundFolder::looksLikeSound)
                    .sorted()
                    .toList();
        }
    }

    /** The sounds of a folder by the names of parts; upper and lower case are the same, the first spelling counts. */
    private static Map<String, Path> named(Path folder, List<Path> sounds, Map<String, String> spellings) {
        Map<String, Path> named = new TreeMap<>();
        for (Path file : sounds) {
            String name = partName(file, name(folder));
            name = spellings.computeIfAbsent(MIXTURES.contains(name) ? MIXTURE : name, key -> key);
            Path other = named.put(name, file);
            if (other != null) {
                throw new BadInputException(folder + ": holds the part " + name + " twice, as " + other.getFileName()
                        + " and " + file.getFileName());
            }
        }
        return named;
    }

    private static Recording recording(Path root, Path folder, Map<String, Path> sounds, List<String> classNames) {
        if (classNames.contains(name(folder))) {
            throw new BadInputException(folder + ": is named as a class of the model, but holds sound files itself;"
                    + " expected a folder per recording in it, with the recording's parts");
        }
        String className = null;
        for (Path at = folder.getParent(); !folder.equals(root) && !at.equals(root); at = at.getParent()) {
            className = className == null && classNames.contains(name(at)) ? name(at) : className;
        }
        Path mixture = sounds.remove(MIXTURE);
        return new Recording(folder.toString(), className, sounds, mixture);
    }

    private static String name(Path folder) {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    private static void requireParts(Path folder, Recording recording, Set<String> rest, boolean incomplete) {
        Set<String> parts = recording.parts().keySet();
        boolean mixture = recording.mixture() != null;
        if (parts.size() > MOST_PARTS) {
            throw new BadInputException(folder + ": holds " + parts.size() + " sound files, too many to be the parts of"
                    + " one recording; expected a folder per recording");
        }
        List<String> measured =
                parts.stream().filter(part -> !rest.contains(part)).toList();
        boolean others = measured.size() < parts.size() || (mixture && incomplete);
        if (measured.isEmpty() || (measured.size() == 1 && !others)) {
            throw new BadInputException(folder + ": holds "
                    + (measured.isEmpty() ? "no part" : "only the part " + measured.get(0))
                    + (mixture ? " beside the mixture" : "")
                    + "; expected the recording's parts as sound files, at least two, or one and what else sounds");
        }
    }

    private static Set<String> names(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return set;
    }

    /** The file's name without ending and without the name of the folder before it. */
    private static String partName(Path file, String folder) {
        String name = file.getFileName().toString();
        name = name.substring(0, name.lastIndexOf('.'));
        String without =
                name.startsWith(folder) ? name.substring(folder.length()).replaceFirst("^[-_. ]+", "") : "";
        return without.isEmpty() ? name : without;
    }

    /** Number of recordings. */
    public int size() {
        return recordings.size();
    }

    /**
     * Reads a recording.
     *
     * @throws BadInputException if a file is no sound, or the parts do not add up to the mixture
     */
    public Stems read(int recording, SoundLoader loader) throws IOException {
        Recording one = recordings.get(recording);
        Map<String, float[]> parts = new LinkedHashMap<>();
        for (Map.Entry<String, Path> part : one.parts().entrySet()) {
            parts.put(part.getKey(), loader.part(part.getValue()));
        }
        Stems stems = Stems.of(one.name(), parts).ofClass(one.className());
        stems = stems.withBackground(background);
        return one.mixture() == null ? stems : stems.within(loader.part(one.mixture()), incomplete);
    }
}
