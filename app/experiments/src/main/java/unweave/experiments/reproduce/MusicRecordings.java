package unweave.experiments.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.explain.data.ExcludedSound;
import unweave.explain.data.Folds;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.SoundItem;
import unweave.explain.data.SoundScan;
import unweave.explain.output.OutputFolder;
import unweave.explain.output.StepResults;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

/**
 * The recordings of the music chapter: every file is looked through once, faulty ones are left out (thesis A.1, Table
 * 4.2), and the others dealt into folds by track (4.2.1).
 */
public final class MusicRecordings {
    /** Folder of the scan, in that of the chapter. */
    static final String FOLDER = "recordings";

    private static final String SCAN = "scan";

    private final Choice choice;
    private final SoundCollection all;
    private final SoundScan.Pruned pruned;
    private final Folds folds;

    /**
     * Which recordings.
     *
     * @param folder one sub-folder of recordings per genre, or a manifest
     * @param folds number of parts
     * @param onlyFolds the parts to test on, empty for all; the model of the first one is explained
     * @param skipUnreadable whether files that cannot be read are left out
     * @param longestSilence tracks with a run of exact zeros of so many seconds are left out; infinity keeps them all
     */
    public record Choice(
            Path folder, int folds, List<Integer> onlyFolds, boolean skipUnreadable, double longestSilence) {
        /** @throws BadInputException if the longest silence is not above 0 */
        public Choice {
            if (!(longestSilence > 0)) {
                throw new BadInputException("--longest-silence " + longestSilence + ": must be above 0; choose "
                        + SoundScan.LONGEST_SILENCE + ", or --keep-faulty to exclude no track for it");
            }
        }
    }

    private MusicRecordings(Choice choice, SoundCollection all, SoundScan.Pruned pruned, Folds folds) {
        this.choice = choice;
        this.all = all;
        this.pruned = pruned;
        this.folds = folds;
    }

    /**
     * Looks through the recordings, unless an earlier run has, and deals them.
     *
     * @param out folder of the reproduction; written to only if all is well
     * @param seed of the folds
     * @throws BadInputException if files cannot be read and are not to be left out, or what is left cannot be dealt
     */
    public static MusicRecordings open(Choice choice, long seed, OutputFolder out, int threads, Monitor monitor)
            throws IOException {
        SoundCollection all = SoundCollection.open(choice.folder()).tell(monitor);
        StepResults steps =
                StepResults.open(out.folder(Reproduction.MUSIC).folder(FOLDER), Map.of("recordings", identity(all)));
        StepResults.Work<SoundScan> look = () -> SoundScan.of(all, threads, monitor);
        SoundScan scan = steps.has(SCAN) ? steps.get(SCAN, SoundScan.class, look) : look.run();
        SoundScan.Pruned pruned = scan.prune(all, choice.skipUnreadable(), choice.longestSilence(), monitor);
        Folds folds = Folds.of(pruned.sounds(), choice.folds(), seed);
        List<Integer> chosen = choice.onlyFolds().isEmpty() ? folds.numbers() : choice.onlyFolds();
        for (int fold : chosen) {
            folds.testedOn(fold).completeSplit(seed); // refuses folds that do not exist, or lack a class
        }
        steps.get(SCAN, SoundScan.class, () -> scan);
        return new MusicRecordings(choice, all, pruned, folds);
    }

    /** Tells these files from others by their names, classes and sizes; not by where they lie. */
    private static String identity(SoundCollection collection) throws IOException {
        int digest = 1;
        for (SoundItem item : collection.items()) {
            String file = item.path().getFileName() + "/" + item.label() + "/" + Files.size(item.path());
            digest = 31 * digest + file.hashCode();
        }
        return collection.items().size() + " files, " + Integer.toHexString(digest);
    }

    /** The recordings that are used. */
    SoundCollection collection() {
        return pruned.sounds();
    }

    Folds folds() {
        return folds;
    }

    /** The folds to train; the first one's model is explained. */
    List<Integer> chosenFolds() {
        return choice.onlyFolds().isEmpty() ? folds.numbers() : choice.onlyFolds();
    }

    Choice choice() {
        return choice;
    }

    /** Those that are not used, in order. */
    List<ExcludedSound> excluded() {
        return pruned.excluded();
    }

    /**
     * How many recordings of a class there are and are used (thesis Table 4.2).
     *
     * @param silent excluded for a run of exact zeros
     */
    record Count(String className, int found, int unreadable, int silent, int used) {}

    List<Count> counts() {
        List<Count> counts = new ArrayList<>();
        for (int label = 0; label < all.classNames().size(); label++) {
            String name = all.classNames().get(label);
            int unreadable = (int) excluded().stream()
                    .filter(sound -> sound.className().equals(name) && sound.unreadable())
                    .count();
            int silent = (int) excluded().stream()
                    .filter(sound -> sound.className().equals(name) && !sound.unreadable())
                    .count();
            int used = ofLabel(collection(), label);
            counts.add(new Count(name, ofLabel(all, label), unreadable, silent, used));
        }
        return counts;
    }

    private static int ofLabel(SoundCollection collection, int label) {
        return (int) collection.items().stream()
                .filter(item -> item.label() == label)
                .count();
    }

    /** The path of a recording within the folder, or beside the manifest, with "/" between folders. */
    String name(Path file) {
        Path folder = Files.isDirectory(choice.folder())
                ? choice.folder()
                : choice.folder().toAbsolutePath().getParent();
        Path name = file.startsWith(folder) ? folder.relativize(file) : file;
        return name.toString().replace(name.getFileSystem().getSeparator(), "/");
    }

    /** The content of {@code results.json} on the recordings. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("longestSilence", Double.isInfinite(choice.longestSilence()) ? null : choice.longestSilence());
        json.put("counts", counts());
        List<Map<String, Object>> sounds = new ArrayList<>();
        for (ExcludedSound sound : excluded()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("path", name(sound.path()));
            entry.put("class", sound.className());
            entry.put("reason", sound.reason());
            entry.put("start", sound.start());
            entry.put("seconds", sound.seconds());
            sounds.add(entry);
        }
        json.put("excluded", sounds);
        return json;
    }
}
