package unweave.explain.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import unweave.explain.output.CsvText;
import unweave.kernels.BadInputException;

/**
 * A collection dealt into n parts of about equal size for cross-validation: each part is tested on once, the next one
 * (cyclically) validates, all others train. Every class is dealt by itself, and by track: two slices of one recording
 * are never in two parts.
 */
public final class Folds {
    private static final int FEWEST = 3; // one to test, one to validate, one to train
    private static final long STREAM = 7_919; // apart from the random numbers of the plain split

    private final SoundCollection collection;
    private final int[] foldOfItem;

    private Folds(SoundCollection collection, int[] foldOfItem) {
        this.collection = collection;
        this.foldOfItem = foldOfItem;
        if (numbers().size() < FEWEST) {
            throw new BadInputException(
                    collection.source() + ": " + numbers().size() + " folds are too few: one tests, one validates, and"
                            + " the others train, so there must be at least " + FEWEST);
        }
    }

    /**
     * The folds of a manifest, or new ones, numbered from 1.
     *
     * @param count number of folds
     * @throws BadInputException if there are fewer than three, a class has fewer tracks, or the manifest has another
     *     number of folds
     */
    public static Folds of(SoundCollection collection, int count, long seed) {
        if (collection.hasFolds()) {
            Folds own = ofManifest(collection);
            if (own.numbers().size() != count) {
                throw new BadInputException(
                        collection.source() + ": --folds " + count + ", but the manifest deals its sounds into the "
                                + own.numbers().size() + " folds " + own.numbers());
            }
            return own;
        }
        return new Folds(collection, dealt(collection, Math.max(count, 1), seed));
    }

    static Folds ofManifest(SoundCollection collection) {
        return new Folds(
                collection,
                collection.items().stream().mapToInt(SoundItem::fold).toArray());
    }

    private static int[] dealt(SoundCollection collection, int count, long seed) {
        int[] fold = new int[collection.items().size()];
        int next = 0;
        for (int label = 0; label < collection.classNames().size(); label++) {
            int wanted = label;
            List<List<Integer>> tracks = collection.tracks(IntStream.range(0, fold.length)
                    .filter(i -> collection.items().get(i).label() == wanted)
                    .boxed()
                    .toList());
            if (tracks.size() < count) {
                throw new BadInputException(collection.source() + ": class "
                        + collection.classNames().get(label) + " has " + tracks.size() + " tracks, too few for " + count
                        + " folds; choose at most " + tracks.size());
            }
            SoundCollection.shuffle(tracks, new SplittableRandom((seed * 1_000_003L + label) * STREAM));
            for (List<Integer> track : tracks) {
                // The next class goes on where this one ended, so that all folds get about as many tracks.
                int number = next++ % count + 1;
                track.forEach(place -> fold[place] = number);
            }
        }
        return fold;
    }

    /** The folds' numbers, ascending. */
    public List<Integer> numbers() {
        return new ArrayList<>(new TreeSet<>(Arrays.stream(foldOfItem).boxed().toList()));
    }

    /**
     * Tells these folds from others: the number of sounds, and a digest of their names, classes and folds; not of where
     * they lie.
     */
    public String identity() {
        int digest = 1;
        for (int i = 0; i < foldOfItem.length; i++) {
            SoundItem item = collection.items().get(i);
            digest = 31 * digest + (item.path().getFileName() + "/" + item.label() + "/" + foldOfItem[i]).hashCode();
        }
        return numbers().size() + " folds of " + foldOfItem.length + " sounds, " + Integer.toHexString(digest);
    }

    /** The folds as a manifest, for commands that are to use one of them. */
    public String manifest() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("path", "label", "fold", "track"));
        for (int i = 0; i < foldOfItem.length; i++) {
            SoundItem item = collection.items().get(i);
            rows.add(List.of(
                    item.path().toAbsolutePath().normalize().toString(),
                    collection.classNames().get(item.label()),
                    String.valueOf(foldOfItem[i]),
                    item.track()));
        }
        return CsvText.of(rows);
    }

    /**
     * The collection with every sound assigned to training, validation or test.
     *
     * @throws BadInputException if there is no such fold
     */
    public SoundCollection testedOn(int testFold) {
        TreeSet<Integer> numbers = new TreeSet<>(numbers());
        if (!numbers.contains(testFold)) {
            throw new BadInputException(
                    collection.source() + ": has no fold " + testFold + "; its folds are " + numbers);
        }
        Integer next = numbers.higher(testFold);
        int validationFold = next == null ? numbers.first() : next;
        List<SoundItem> items = new ArrayList<>();
        for (int i = 0; i < foldOfItem.length; i++) {
            SoundItem item = collection.items().get(i);
            Split split = foldOfItem[i] == testFold
                    ? Split.TEST
                    : foldOfItem[i] == validationFold ? Split.VALIDATION : Split.TRAIN;
            items.add(new SoundItem(item.path(), item.label(), split, foldOfItem[i], item.track()));
        }
        return collection.with(collection.classNames(), items);
    }
}
