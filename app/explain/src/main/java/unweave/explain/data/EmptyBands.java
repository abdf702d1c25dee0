package unweave.explain.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.explain.progress.Monitor;

/**
 * Sounds that were recorded at a lower rate than a front end wants hold nothing above half their own: bands up there
 * stay empty, and where only some classes are like that, a network learns to tell them by it.
 */
final class EmptyBands {
    /** Of so many classes a message speaks. */
    private static final int NAMED = 4;

    private EmptyBands() {}

    /**
     * Warns of them.
     *
     * @param rates of the sounds in the collection's order, in Hz; 0 for one that is not used
     */
    static void warn(SoundCollection collection, int[] rates, FrontEnd frontEnd, Monitor monitor) {
        int classes = collection.classNames().size();
        int[] slow = new int[classes];
        int[] all = new int[classes];
        int lowest = Integer.MAX_VALUE;
        for (int i = 0; i < rates.length; i++) {
            if (rates[i] > 0) {
                int label = collection.items().get(i).label();
                all[label]++;
                if (isSlow(rates[i], frontEnd)) {
                    slow[label]++;
                    lowest = Math.min(lowest, rates[i]);
                }
            }
        }
        int count = Arrays.stream(slow).sum();
        if (count == 0) {
            return;
        }
        String bands = frontEnd.isWaveform()
                ? "the network hears up to " + frontEnd.sampleRate() / 2 + " Hz"
                : emptyBands(lowest, frontEnd) + " of its " + frontEnd.rows() + " bands lie above and stay empty";
        monitor.warn(String.format(
                Locale.ROOT,
                "%s: %d of %d sounds were recorded at %s%d Hz and hold nothing above %d Hz; %s; %s",
                collection.source(),
                count,
                Arrays.stream(all).sum(),
                alike(rates, frontEnd) ? "" : "as little as ",
                lowest,
                lowest / 2,
                bands,
                remedy(lowest)));
        String perClass = perClass(collection.classNames(), slow, all);
        if (!perClass.isEmpty()) {
            monitor.warn("a network may tell classes by this alone (" + perClass + "): bring all sounds to one rate");
        }
    }

    /** Warns of bands that no sound can fill: their filters lie between two bins of the Fourier transform. */
    static void warn(FrontEnd frontEnd, Monitor monitor) {
        if (frontEnd instanceof LogMel logMel && logMel.filterBank().emptyFilters() > 0) {
            monitor.warn(String.format(
                    Locale.ROOT,
                    "the spectrogram: %d of its %d mel bands are narrower than a bin of the Fourier transform (%.1f Hz) and"
                            + " stay empty; choose fewer mels or a longer fftLength",
                    logMel.filterBank().emptyFilters(),
                    logMel.rows(),
                    (double) logMel.sampleRate() / logMel.settings().fftLength()));
        }
    }

    private static String remedy(int rate) {
        return "train with a preset of your own (unweave train --show-preset toy) with sampleRate " + rate
                + " and highHz " + rate / 2;
    }

    private static boolean isSlow(int rate, FrontEnd frontEnd) {
        return frontEnd.isWaveform() ? rate < frontEnd.sampleRate() : emptyBands(rate, frontEnd) > 0;
    }

    private static long emptyBands(int rate, FrontEnd frontEnd) {
        return Arrays.stream(frontEnd.centreHz())
                .filter(centre -> centre > rate / 2.0)
                .count();
    }

    private static boolean alike(int[] rates, FrontEnd frontEnd) {
        return Arrays.stream(rates)
                        .filter(rate -> rate > 0 && isSlow(rate, frontEnd))
                        .distinct()
                        .count()
                == 1;
    }

    /** "dog 5 of 5, cat 0 of 7"; empty if all classes have about the same part. */
    private static String perClass(List<String> names, int[] slow, int[] all) {
        double smallest = 1;
        double largest = 0;
        List<String> parts = new ArrayList<>();
        for (int c = 0; c < all.length; c++) {
            if (all[c] > 0) {
                smallest = Math.min(smallest, (double) slow[c] / all[c]);
                largest = Math.max(largest, (double) slow[c] / all[c]);
                parts.add(names.get(c) + " " + slow[c] + " of " + all[c]);
            }
        }
        if (largest - smallest < 0.5) {
            return "";
        }
        String more = parts.size() > NAMED ? ", and so on" : "";
        return String.join(", ", parts.subList(0, Math.min(NAMED, parts.size()))) + more;
    }
}
