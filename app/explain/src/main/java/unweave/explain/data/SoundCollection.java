package unweave.explain.data;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import unweave.explain.output.CsvText;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

/**
 * Sound files with their classes: a folder with one sub-folder per class, or a CSV manifest (see {@link Manifest}).
 * Files are in the order of their names, so that a collection is the same on every machine.
 */
public final class SoundCollection {
    /** Of so many classes a message speaks. */
    private static final int NAMED = 5;

    private static final double TRAIN_SHARE = 0.7;
    private static final double VALIDATION_SHARE = 0.1;

    private final Path source;
    private final List<String> classNames;
    private final List<SoundItem> items;
    private final List<String> notes;

    SoundCollection(Path source, List<String> classNames, List<SoundItem> items, List<String> notes) {
        items.forEach(item -> FileNames.requireText(item.path()));
        classNames.forEach(name -> FileNames.requireText("class", name));
        this.source = source;
        this.classNames = List.copyOf(classNames);
        this.items = List.copyOf(items);
        this.notes = List.copyOf(notes);
    }

    /** The same with other sounds. */
    SoundCollection with(List<String> names, List<SoundItem> sounds) {
        return new SoundCollection(source, names, sounds, notes);
    }

    /** Tells what was left out of the collection when it was opened, and what is odd in it. */
    public SoundCollection tell(Monitor monitor) {
        notes.forEach(monitor::note);
        return this;
    }

    /**
     * Opens a folder or a manifest, the text of which is UTF-8 or UTF-16.
     *
     * @throws IOException if it cannot be read
     * @throws BadInputException if it holds fewer than two classes, or files that are missing
     */
    public static SoundCollection open(Path path) throws IOException {
        return open(path, (Charset) null);
    }

    /**
     * As {@link #open(Path)}.
     *
     * @param encoding of a manifest; null to find it out
     */
    public static SoundCollection open(Path path, Charset encoding) throws IOException {
        SoundCollection collection = read(path, encoding);
        if (collection.classNames().size() < 2) {
            throw new BadInputException(path + ": found only the class " + String.join(", ", collection.classNames())
                    + "; expected at least two sub-folders with sound files, one per class");
        }
        return collection;
    }

    /** Of at least one class: who has a model already need not show it all of its classes. */
    private static SoundCollection read(Path path, Charset encoding) throws IOException {
        if (!Files.exists(path)) {
            throw new BadInputException(
                    path + ": no such folder or manifest; give a folder with one sub-folder per class, or a CSV file");
        }
        return Files.isDirectory(path) ? SoundFolder.read(path) : Manifest.read(path, encoding);
    }

    /**
     * Opens a folder or a manifest to use one fold of it.
     *
     * @param fold for a manifest with a fold column: the fold to test on, the next one validates; ignored otherwise
     * @param encoding of a manifest; null to find it out
     * @throws BadInputException as {@link #open(Path)}, and if the manifest has folds, but not this one
     */
    public static SoundCollection open(Path path, Charset encoding, int fold) throws IOException {
        return open(path, encoding).fold(fold);
    }

    private SoundCollection fold(int fold) {
        return hasFolds() ? Folds.ofManifest(this).testedOn(fold) : this;
    }

    /**
     * Opens sounds of a model's classes, such as those it was trained on, to use one fold of them. Some of its classes
     * may have none.
     *
     * @return with the classes of the model, in its order
     * @throws BadInputException as {@link #open(Path, Charset, int)}, and if there is a class that the model does not
     *     know
     */
    public static SoundCollection openFor(List<String> modelClasses, Path path, Charset encoding, int fold)
            throws IOException {
        return read(path, encoding).fold(fold).labelledBy(modelClasses);
    }

    /** As {@link #openFor(List, Path, Charset, int)}, all folds together. */
    public static SoundCollection openFor(List<String> modelClasses, Path path, Charset encoding) throws IOException {
        return read(path, encoding).labelledBy(modelClasses);
    }

    private SoundCollection labelledBy(List<String> modelClasses) {
        if (!modelClasses.containsAll(classNames)) {
            throw new BadInputException(source + ": holds the classes " + String.join(", ", classNames)
                    + ", but the model knows " + String.join(", ", modelClasses));
        }
        List<SoundItem> relabelled = new ArrayList<>();
        for (SoundItem item : items) {
            int label = modelClasses.indexOf(classNames.get(item.label()));
            relabelled.add(new SoundItem(item.path(), label, item.split(), item.fold(), item.track()));
        }
        return with(modelClasses, relabelled);
    }

    /** The folder or manifest. */
    public Path source() {
        return source;
    }

    /** Class names in the order of their indices. */
    public List<String> classNames() {
        return classNames;
    }

    public List<SoundItem> items() {
        return items;
    }

    /** The indices of the classes that have sounds, in their order. */
    public List<Integer> labels() {
        return items.stream().map(SoundItem::label).distinct().sorted().toList();
    }

    /** The sounds with their split as a manifest, for commands that are to use the same one. */
    public String manifest(long seed) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("path", "label", "split", "track"));
        split(seed)
                .forEach((split, places) -> places.forEach(place -> {
                    SoundItem item = items.get(place);
                    rows.add(List.of(
                            item.path().toAbsolutePath().normalize().toString(),
                            classNames.get(item.label()),
                            split.name().toLowerCase(Locale.ROOT),
                            item.track()));
                }));
        return CsvText.of(rows);
    }

    /** The same classes with some of the sounds. */
    SoundCollection only(List<Integer> places) {
        return with(classNames, places.stream().map(items::get).toList());
    }

    /**
     * The same classes with the sounds of one part.
     *
     * @param seed see {@link #split}
     * @throws BadInputException if there are none
     */
    public SoundCollection part(Split part, long seed) {
        List<Integer> places = split(seed).get(part);
        if (places.isEmpty()) {
            throw new BadInputException(
                    source + ": holds no " + part.name().toLowerCase(Locale.ROOT) + " sounds; choose another part");
        }
        return only(places);
    }

    /** Whether a manifest has dealt the sounds into folds for cross-validation. */
    public boolean hasFolds() {
        return items.stream().anyMatch(item -> item.fold() != null);
    }

    /**
     * Item numbers per split. Files that a manifest has assigned stay where it put them. Where it names no validation
     * files, a tenth of the training files validate. Otherwise 70 % of each class train, 10 % validate and 20 % test,
     * at least one each, drawn with {@code seed}: split by track, since slices of one track are too alike to tell a
     * class from a recording. A class with too few sounds lacks a part; {@link #completeSplit} refuses that.
     */
    public Map<Split, List<Integer>> split(long seed) {
        Map<Split, List<Integer>> result = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            result.put(split, new ArrayList<>());
        }
        boolean assigned = items.stream().anyMatch(item -> item.split() != null);
        boolean validates = items.stream().anyMatch(item -> item.split() == Split.VALIDATION);
        for (int label = 0; label < classNames.size(); label++) {
            List<Integer> open = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                SoundItem item = items.get(i);
                if (item.label() != label) {
                    continue;
                }
                if (!assigned || (!validates && item.split() == Split.TRAIN)) {
                    open.add(i);
                } else {
                    result.get(item.split()).add(i);
                }
            }
            List<List<Integer>> tracks = tracks(open);
            shuffle(tracks, new SplittableRandom(seed * 1_000_003L + label));
            deal(tracks, assigned, result);
        }
        result.values().forEach(list -> list.sort(null));
        return result;
    }

    /**
     * As {@link #split}, for a training: every class has sounds in every part.
     *
     * @throws BadInputException if a class has none to train, to validate or to test with; the message names every such
     *     class, and what it needs
     */
    public Map<Split, List<Integer>> completeSplit(long seed) {
        Map<Split, List<Integer>> split = split(seed);
        Map<String, Map<Split, Integer>> counts = counts(split);
        List<String> lacking = new ArrayList<>();
        counts.forEach((name, parts) -> {
            if (parts.containsValue(0)) {
                lacking.add("class " + name + " has " + parts.get(Split.TRAIN) + " training, "
                        + parts.get(Split.VALIDATION) + " validation and " + parts.get(Split.TEST) + " test sounds");
            }
        });
        if (lacking.isEmpty()) {
            return split;
        }
        String needed = "add sounds until it has at least 3 (of different tracks)";
        if (hasFolds()) {
            needed = "deal the sounds so that every fold has at least 1 of every class";
        } else if (items.stream().anyMatch(item -> item.split() != null)) {
            needed = "mark at least 1 sound of every class as train, 1 as validation and 1 as test, or 2 as train and"
                    + " none of any class as validation";
        }
        throw new BadInputException(
                source + ": " + String.join("; ", lacking.subList(0, Math.min(lacking.size(), NAMED)))
                        + (lacking.size() > NAMED ? "; and so on for " + lacking.size() + " classes" : "")
                        + ", but at least 1 of each is needed; " + needed);
    }

    /** How many sounds of each class, by its name, are in each part. */
    public Map<String, Map<Split, Integer>> counts(Map<Split, List<Integer>> split) {
        Map<String, Map<Split, Integer>> counts = new LinkedHashMap<>();
        for (String name : classNames) {
            Map<Split, Integer> parts = new EnumMap<>(Split.class);
            for (Split part : Split.values()) {
                parts.put(part, 0);
            }
            counts.put(name, parts);
        }
        split.forEach((part, places) -> places.forEach(
                place -> counts.get(classNames.get(items.get(place).label())).merge(part, 1, Integer::sum)));
        return counts;
    }

    /**
     * Item numbers of some classes.
     *
     * @param split null for all sounds
     */
    public List<Integer> places(Split split, Collection<Integer> labels, long seed) {
        List<Integer> all = split == null
                ? IntStream.range(0, items.size()).boxed().toList()
                : split(seed).get(split);
        return all.stream()
                .filter(place -> labels.contains(items.get(place).label()))
                .toList();
    }

    /** @param tested whether the manifest has its own test sounds */
    private static void deal(List<List<Integer>> tracks, boolean tested, Map<Split, List<Integer>> result) {
        int parts = tested ? 2 : 3;
        int validation = (int) Math.round(tracks.size() * VALIDATION_SHARE);
        int train = tested ? tracks.size() - validation : (int) Math.round(tracks.size() * TRAIN_SHARE);
        if (tracks.size() >= parts) {
            validation = Math.max(1, validation);
            train = Math.min(train, tracks.size() - validation - (parts - 2));
        }
        for (int i = 0; i < tracks.size(); i++) {
            Split split = i < train ? Split.TRAIN : i < train + validation ? Split.VALIDATION : Split.TEST;
            result.get(split).addAll(tracks.get(i));
        }
    }

    /** Item numbers, those of one track together, in order of their first. */
    List<List<Integer>> tracks(List<Integer> places) {
        Map<String, List<Integer>> tracks = new LinkedHashMap<>();
        for (int place : places) {
            tracks.computeIfAbsent(items.get(place).track(), track -> new ArrayList<>())
                    .add(place);
        }
        return new ArrayList<>(tracks.values());
    }

    static void shuffle(List<List<Integer>> list, SplittableRandom random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }

    /** The classes named in a list of labels, in order. */
    static List<String> sortedClasses(List<String> labels) {
        return new ArrayList<>(new TreeSet<>(labels));
    }
}
