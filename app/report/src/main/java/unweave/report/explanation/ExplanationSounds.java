package unweave.report.explanation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.audio.file.SoundFiles;
import unweave.explain.Explanation;
import unweave.explain.Part;
import unweave.report.Sound;
import unweave.report.SoundRow;

/** The sounds of explanations, for players below a figure of their maps. */
public final class ExplanationSounds {
    private ExplanationSounds() {}

    /** Where the sounds are kept: in the page, or in files beside it. */
    @FunctionalInterface
    public interface Keeper {
        /**
         * Keeps a sound.
         *
         * @param label for its player
         * @param name "input", "standard", "concept-1" and so on
         * @param wav 16 bits per sample
         */
        Sound keep(String label, String name, byte[] wav) throws IOException;
    }

    /**
     * Input, standard explanation and concepts, in the order of {@link ExplanationPictures#row}. The labels give the
     * concepts' shares of the relevance, and say of a sound that it is silent.
     *
     * @param name what sets this explanation apart from those in other rows
     */
    public static SoundRow row(String name, Explanation explanation, Keeper keeper) throws IOException {
        int rate = explanation.sound().sampleRate();
        List<Sound> sounds = new ArrayList<>();
        sounds.add(keeper.keep(
                "Input", "input", SoundFiles.wavBytes(explanation.input().signal(), rate)));
        for (Part part : explanation.parts()) {
            byte[] wav = SoundFiles.wavBytes(part.sound().samples(), rate);
            sounds.add(keeper.keep(label(part), part.name(), wav));
        }
        return new SoundRow(name, sounds);
    }

    private static String label(Part part) {
        String label = part.name().equals(Part.STANDARD) ? "Standard" : part.title();
        if (!part.name().equals(Part.STANDARD) && !Double.isNaN(part.share())) {
            label += String.format(Locale.ROOT, ", %.0f %%", 100 * part.share())
                    .replace('-', '\u2212')
                    .replace(" %", "\u00a0%");
        }
        return part.silent() ? label + ", silent" : label;
    }
}
