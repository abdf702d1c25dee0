package unweave.explain.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.progress.Monitor;

/** Counts what a user should know of the slices of sounds: what is left out, filled up, or read in another way. */
final class SliceRemarks {
    /** What is taken of a sound whose end is not used. */
    static final String TEN_SLICES = String.format(
            Locale.ROOT, "of these, ten slices of the first %d s are used (all of it", Slices.LONGEST_SECONDS);
    /** The same where places are random. */
    static final String ONE_SLICE =
            "each epoch hears one slice of each, from a random place (one of every so many seconds";

    /** Of so many files the notes are shown. */
    private static final int NOTED = 3;

    private int sounds;
    private int silent;
    private int shorter;
    private int longer;
    private int noted;
    private final List<String> notes = new ArrayList<>();

    void add(SliceReader.Cut cut) {
        sounds++;
        silent += cut.silent;
        shorter += cut.padded ? 1 : 0;
        longer += cut.cutShort ? 1 : 0;
        if (!cut.notes.isEmpty() && noted++ < NOTED) {
            notes.addAll(cut.notes);
        }
    }

    /**
     * Tells it.
     *
     * @param ofLonger what is taken of sounds whose end is not used
     */
    void tell(String task, String ofLonger, SoundCollection collection, FrontEnd frontEnd, Monitor monitor) {
        double input = (double) frontEnd.samples() / frontEnd.sampleRate();
        if (silent > 0) {
            monitor.warn(silent + " silent slices of " + collection.source() + " are left out");
        }
        if (shorter > 0) {
            monitor.note(String.format(
                    Locale.ROOT,
                    "%s: %d of %d sounds are shorter than the model's input of %.2f s and are padded with silence",
                    task,
                    shorter,
                    sounds,
                    input));
        }
        if (longer > 0) {
            monitor.note(String.format(
                    Locale.ROOT,
                    "%s: %d of %d sounds are longer than %d s; %s with a hop, such as --hop %.1f)",
                    task,
                    longer,
                    sounds,
                    Slices.LONGEST_SECONDS,
                    ofLonger,
                    Math.max(0.1, input)));
        }
        notes.forEach(monitor::note);
        if (noted > NOTED) {
            monitor.note("and " + (noted - NOTED) + " more files whose headers are not quite right");
        }
    }
}
