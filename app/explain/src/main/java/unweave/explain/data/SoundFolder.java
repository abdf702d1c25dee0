package unweave.explain.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import unweave.audio.file.SoundFiles;
import unweave.kernels.BadInputException;

/**
 * A folder with one sub-folder of sounds for each class. Links are followed. Whatever is not taken for a sound is
 * counted by its kind, so that nothing is left out without a word.
 */
final class SoundFolder {
    private static final String LOOP = "link back to a folder above";

    private final Path folder;
    private final Path root;
    private final Map<String, Integer> skipped = new TreeMap<>();

    private SoundFolder(Path folder) throws IOException {
        this.folder = folder;
        this.root = folder.toRealPath();
    }

    /** @throws BadInputException if there is no class, or a class folder holds no sound */
    static SoundCollection read(Path folder) throws IOException {
        return new SoundFolder(folder).collection();
    }

    private SoundCollection collection() throws IOException {
        List<String> names = new ArrayList<>();
        List<SoundItem> items = new ArrayList<>();
        int loose = 0;
        for (Path entry : entries()) {
            if (isHidden(entry)) {
                count("hidden");
            } else if (!Files.isDirectory(entry)) {
                loose += isSound(entry) ? 1 : 0;
            } else if (root.startsWith(entry.toRealPath())) {
                count(LOOP);
            } else {
                String name = String.valueOf(entry.getFileName());
                for (Path file : sounds(entry)) {
                    items.add(new SoundItem(file, names.size(), null, null, file.toString()));
                }
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            throw new BadInputException(
                    folder + ": found no class; expected sub-folders with sound files, one per class"
                            + (loose == 0
                                    ? ""
                                    : "; to explain the " + loose + " sounds in it without classes, name the files"));
        }
        List<String> notes = new ArrayList<>();
        if (loose > 0) {
            notes.add(folder + ": " + loose + " sounds lie beside the class folders and belong to no class");
        }
        if (!skipped.isEmpty()) {
            notes.add(folder + ": " + summary(skipped) + " skipped");
        }
        return new SoundCollection(folder, names, items, notes);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private List<Path> sounds(Path classFolder) throws IOException {
        Map<String, Integer> before = new TreeMap<>(skipped);
        List<Path> sounds = new ArrayList<>();
        Files.walkFileTree(
                classFolder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Collector(sounds));
        if (sounds.isEmpty()) {
            Map<String, Integer> own = new TreeMap<>(skipped);
            before.forEach((kind, count) -> own.merge(kind, -count, Integer::sum));
            own.values().removeIf(count -> count == 0);
            throw new BadInputException(classFolder + ": holds no sounds ("
                    + (own.isEmpty() ? "it is empty" : summary(own))
                    + "), but every sub-folder is a class; add sounds, or move it out of " + folder);
        }
        sounds.sort(null);
        return sounds;
    }

    /** "12 files skipped: 7 .jpg, 5 .txt". */
    private static String summary(Map<String, Integer> kinds) {
        int all = kinds.values().stream().mapToInt(Integer::intValue).sum();
        return kinds.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", ", all + (all == 1 ? " file (" : " files ("), ")"));
    }

    private void count(String kind) {
        skipped.merge(kind, 1, Integer::sum);
    }

    private static boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    /** By its name. */
    static boolean looksLikeSound(Path file) {
        return !isHidden(file) && SoundFiles.kindByName(file).isPresent();
    }

    private static boolean isSound(Path file) throws IOException {
        return Files.isRegularFile(file)
                && Files.isReadable(file)
                && SoundFiles.kind(file).isPresent();
    }

    /** Gathers the sounds of a class and counts the rest. */
    private final class Collector extends SimpleFileVisitor<Path> {
        private final List<Path> sounds;

        Collector(List<Path> sounds) {
            this.sounds = sounds;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (isHidden(directory)) {
                count("hidden folder");
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (root.startsWith(directory.toRealPath())) {
                count(LOOP);
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (isHidden(file)) {
                count("hidden");
            } else if (attributes.isSymbolicLink()) {
                count("link that leads nowhere");
            } else if (!attributes.isRegularFile()) {
                count("pipe or device");
            } else if (SoundFiles.kindByName(file).isPresent() || isSound(file)) {
                sounds.add(file);
            } else {
                count(kind(file));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
            if (problem instanceof FileSystemLoopException) {
                count(LOOP);
                return FileVisitResult.CONTINUE;
            }
            if (problem instanceof AccessDeniedException) {
                throw new BadInputException(
                        file + ": permission denied; make it readable, or move it out of " + folder);
            }
            throw problem;
        }

        private String kind(Path file) {
            String name = String.valueOf(file.getFileName());
            int dot = name.lastIndexOf('.');
            return dot < 0 ? "without extension" : name.substring(dot).toLowerCase(Locale.ROOT);
        }
    }
}
