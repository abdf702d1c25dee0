package unweave.experiments.reproduce;

import java.util.List;
import unweave.explain.data.ExcludedSound;
import unweave.report.evaluation.ResultTable;

/** Tables on the recordings of the music chapter. */
final class MusicTables {
    private static final String NONE = "\u2013";

    private MusicTables() {}

    /** Table 4.2, with the thesis' numbers. */
    static ResultTable counts(MusicRecordings recordings) {
        ResultTable table = new ResultTable(
                "recordings",
                "Recordings of each genre: found, excluded, used; the thesis' are those of Table 4.2.",
                List.of("genre", "found", "unreadable", "runs of zeros", "used", "thesis"));
        int[] sums = new int[4];
        for (MusicRecordings.Count count : recordings.counts()) {
            Integer thesis = ThesisNumbers.genreTracks(count.className());
            table.row(
                    count.className(),
                    count.found(),
                    count.unreadable(),
                    count.silent(),
                    count.used(),
                    thesis == null ? NONE : thesis);
            sums[0] += count.found();
            sums[1] += count.unreadable();
            sums[2] += count.silent();
            sums[3] += count.used();
        }
        return table.row("all", sums[0], sums[1], sums[2], sums[3], ThesisNumbers.TRACKS);
    }

    /** What was excluded, and why. */
    static ResultTable excluded(MusicRecordings recordings) {
        ResultTable table = new ResultTable(
                "excluded-recordings",
                "Recordings that are not used: why, and where the longest run of zeros lies.",
                List.of("path", "class", "reason", "from (s)", "length (s)"));
        for (ExcludedSound sound : recordings.excluded()) {
            table.row(
                    recordings.name(sound.path()),
                    sound.className(),
                    sound.reason(),
                    sound.unreadable() ? Double.NaN : sound.start(),
                    sound.unreadable() ? Double.NaN : sound.seconds());
        }
        return table;
    }
}
