package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import unweave.audio.file.SoundFiles;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.kernels.VisibleText;

/**
 * What a look at every sample of a collection found: which files cannot be used, and which have parts that consist of
 * exact zeros. The thesis excludes five such tracks of GTZAN (A.1, Table 4.2) without saying what makes a fault; here
 * it is a run of at least {@value #LONGEST_SILENCE} s, in the file's own samples, between the first and the last sample
 * above -60 dB of full scale. Silence before and after the sound is ordinary; its slices are left out anyway.
 *
 * @param findings one per sound, in the collection's order
 */
public record SoundScan(List<Finding> findings) {
    /**
     * In seconds. Far from what music has: the longest run in 100 tracks of GTZAN is 3 samples (0.14 ms), and that in
     * 3000 spoken digits 2.9 ms. Longer than the half period of the lowest tone that can be heard (25 ms), so no tone
     * that is lost between two bits counts; and longer than a window and a hop of the thesis' STFT (72.5 ms), so a
     * spectrogram has at least one frame of nothing.
     */
    public static final double LONGEST_SILENCE = 0.1;

    /** Characters of the first problem that a message repeats. */
    private static final int FIRST_PROBLEM = 120;

    /** So many files a message lists. */
    private static final int LISTED = 3;

    /**
     * One sound.
     *
     * @param problem why it cannot be used, in one line that begins with the file; null if it can
     * @param remark what to know of one that can be used, in one line that begins with the file; null if there is
     *     nothing
     * @param sampleRate in Hz; 0 if it cannot be used
     * @param fingerprint stands for its samples: equal for equal ones, in whatever format; null if it cannot be used
     * @param silenceStart where its longest run of zeros begins, in s
     * @param silenceSeconds length of that run; 0 if there is none
     */
    public record Finding(
            String problem,
            String remark,
            int sampleRate,
            String fingerprint,
            double silenceStart,
            double silenceSeconds) {

        static Finding unusable(String problem) {
            return new Finding(problem, null, 0, null, 0, 0);
        }
    }

    /**
     * What is left of a collection.
     *
     * @param sounds all that are used, in order; class names and numbers are those of before
     * @param excluded the others, in order
     */
    public record Pruned(SoundCollection sounds, List<ExcludedSound> excluded) {}

    /**
     * Reads every file once, a block at a time.
     *
     * @param threads to read with, 0 for one per processor; the result does not depend on it
     */
    public static SoundScan of(SoundCollection collection, int threads, Monitor monitor) throws IOException {
        Finding[] findings = new Finding[collection.items().size()];
        try (Progress progress = monitor.progress("looking through the recordings", findings.length)) {
            Parallel.run(
                    findings.length,
                    threads,
                    progress,
                    i -> findings[i] = look(collection.items().get(i).path()));
        }
        return new SoundScan(List.of(findings));
    }

    private static Finding look(Path file) {
        ZeroRuns zeros = new ZeroRuns();
        ChannelBalance balance = new ChannelBalance();
        Fingerprint fingerprint = new Fingerprint();
        int[] rate = new int[1];
        try {
            SoundFiles.stream(file, (channels, count, sampleRate) -> {
                zeros.add(channels, count);
                balance.add(channels, count);
                fingerprint.add(channels, count, sampleRate);
                rate[0] = sampleRate;
            });
        } catch (IOException e) {
            return Finding.unusable(UnreadableFile.reason(e));
        }
        if (zeros.silent()) {
            return Finding.unusable(SoundLoader.silence(file.toString(), zeros.samples()));
        }
        if (balance.cancels()) {
            return Finding.unusable(ChannelBalance.problem(file.toString()));
        }
        ZeroRuns.Run longest = zeros.longest();
        return new Finding(
                null,
                balance.remark(file.toString()).orElse(null),
                rate[0],
                fingerprint.hex(),
                (double) longest.start() / rate[0],
                (double) longest.length() / rate[0]);
    }

    /**
     * The sounds of a collection that can be read, for work that needs no more than that. Warns if bands of a front end
     * stay empty because the sounds were recorded at a lower rate.
     *
     * @param skipUnreadable whether to go on without those that cannot, with a warning for each
     * @throws BadInputException as {@link #prune}
     */
    public static SoundCollection readable(
            SoundCollection collection, FrontEnd frontEnd, boolean skipUnreadable, int threads, Monitor monitor)
            throws IOException {
        return usable(collection, frontEnd, skipUnreadable, threads, monitor).sounds();
    }

    /** As {@link #readable}, with what is left out. */
    public static Pruned usable(
            SoundCollection collection, FrontEnd frontEnd, boolean skipUnreadable, int threads, Monitor monitor)
            throws IOException {
        EmptyBands.warn(frontEnd, monitor);
        SoundScan scan = of(collection, threads, monitor);
        Pruned pruned = scan.prune(collection, skipUnreadable, Double.POSITIVE_INFINITY, monitor);
        int[] rates = scan.findings.stream().mapToInt(Finding::sampleRate).toArray();
        EmptyBands.warn(collection, rates, frontEnd, monitor);
        return pruned;
    }

    /**
     * Leaves out what cannot or should not be used, with a warning for each.
     *
     * @param collection the one that was looked through
     * @param skipUnreadable whether to leave out files that cannot be read
     * @param longestSilence tracks with a run of zeros of so many seconds are left out; infinity keeps them all
     * @throws BadInputException if files cannot be read and are not to be left out (each is told to the monitor), or if
     *     a class loses all its sounds
     */
    public Pruned prune(SoundCollection collection, boolean skipUnreadable, double longestSilence, Monitor monitor) {
        if (!skipUnreadable) {
            requireReadable(collection, monitor);
        }
        List<Integer> kept = new ArrayList<>();
        List<ExcludedSound> excluded = new ArrayList<>();
        for (int place = 0; place < findings.size(); place++) {
            ExcludedSound sound = excluded(collection, place, longestSilence);
            if (sound == null) {
                kept.add(place);
            } else {
                excluded.add(sound);
                monitor.warn(sound.path() + ": left out: " + sound.reason());
            }
        }
        requireClasses(collection, kept, excluded);
        remarks(monitor);
        repeated(collection, kept, monitor);
        return new Pruned(collection.only(kept), List.copyOf(excluded));
    }

    /** Tells of recordings that are there twice: if one trains and the other tests, the network has seen the answer. */
    private void repeated(SoundCollection collection, List<Integer> kept, Monitor monitor) {
        Map<String, SoundItem> first = new HashMap<>();
        int repeated = 0;
        for (int place : kept) {
            SoundItem item = collection.items().get(place);
            String samples = findings.get(place).fingerprint();
            SoundItem other = samples == null ? null : first.putIfAbsent(samples, item);
            if (other != null && ++repeated <= LISTED) {
                monitor.warn(other.path() + " and " + item.path() + " hold the same samples"
                        + difference(collection, other, item)
                        + (other.label() == item.label()
                                ? "; keep one of them, or keep both in one part (a manifest's column track does)"
                                : "; keep the one whose class is right"));
            }
        }
        if (repeated > LISTED) {
            monitor.warn("and " + (repeated - LISTED) + " more sounds hold the same samples as an earlier one");
        }
    }

    private static String difference(SoundCollection collection, SoundItem a, SoundItem b) {
        if (a.label() != b.label()) {
            return ", but are of two classes, " + collection.classNames().get(a.label()) + " and "
                    + collection.classNames().get(b.label());
        }
        if (a.split() != b.split()) {
            return ", one in the part " + name(a.split()) + ", one in " + name(b.split());
        }
        return Objects.equals(a.fold(), b.fold()) ? "" : ", one in fold " + a.fold() + ", one in " + b.fold();
    }

    private static String name(Split split) {
        return String.valueOf(split).toLowerCase(Locale.ROOT);
    }

    private void remarks(Monitor monitor) {
        List<String> remarks = findings.stream()
                .map(Finding::remark)
                .filter(remark -> remark != null)
                .toList();
        remarks.stream().limit(LISTED).forEach(monitor::warn);
        if (remarks.size() > LISTED) {
            monitor.warn("and " + (remarks.size() - LISTED) + " more sounds whose channels cancel each other in part");
        }
    }

    private void requireReadable(SoundCollection collection, Monitor monitor) {
        List<String> problems = findings.stream()
                .map(Finding::problem)
                .filter(problem -> problem != null)
                .toList();
        if (!problems.isEmpty()) {
            if (problems.size() > 1) {
                problems.forEach(monitor::warn);
            }
            throw new BadInputException(collection.source() + ": " + problems.size() + " of " + findings.size()
                    + " sounds cannot be used, the first: "
                    + (problems.size() == 1 ? problems.get(0) : VisibleText.shortened(problems.get(0), FIRST_PROBLEM))
                    + "; replace them, or leave them out with --skip-unreadable");
        }
    }

    /** Null if the sound is used. */
    private ExcludedSound excluded(SoundCollection collection, int place, double longestSilence) {
        Finding finding = findings.get(place);
        SoundItem item = collection.items().get(place);
        String className = collection.classNames().get(item.label());
        if (finding.problem() != null) {
            String beginning = item.path() + ": ";
            String reason = finding.problem().startsWith(beginning)
                    ? finding.problem().substring(beginning.length())
                    : finding.problem();
            return new ExcludedSound(item.path(), className, reason, null, null);
        }
        if (finding.silenceSeconds() < longestSilence) {
            return null;
        }
        String reason = String.format(
                Locale.ROOT, "%.3f s of exact zeros from %.3f s on", finding.silenceSeconds(), finding.silenceStart());
        return new ExcludedSound(item.path(), className, reason, finding.silenceStart(), finding.silenceSeconds());
    }

    private static void requireClasses(SoundCollection collection, List<Integer> kept, List<ExcludedSound> excluded) {
        for (int label : collection.labels()) {
            int wanted = label;
            String name = collection.classNames().get(label);
            if (kept.stream().noneMatch(place -> collection.items().get(place).label() == wanted)) {
                ExcludedSound first = excluded.stream()
                        .filter(sound -> sound.className().equals(name))
                        .findFirst()
                        .orElseThrow();
                throw new BadInputException(collection.source() + ": no sound of class " + name + " is left; "
                        + first.path().getFileName() + ", the first that is left out, is: " + first.reason());
            }
        }
    }
}
