package unweave.report.explanation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.audio.file.SoundFiles;
import unweave.explain.Excerpt;
import unweave.explain.Explanation;
import unweave.explain.RelevanceMap;
import unweave.explain.output.OutputFolder;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;
import unweave.report.Card;
import unweave.report.Picture;

/**
 * Writes explanations: a folder for every sound with its pictures, sounds, arrays and numbers, and one report of all.
 *
 * <pre>
 *   report.html                            everything on one page
 *   SOUND/explanation.json                 the numbers
 *   SOUND/log-mel.png .npy, input.wav      what the network received: [mels][frames]
 *   SOUND/standard.png .wav                the whole decision
 *   SOUND/concept-1.png .wav ...           its parts
 *   SOUND/overview.png                     all pictures in a row
 *   SOUND/relevance.npy                    the maps, standard first: [1 + K][mels][frames]
 * </pre>
 */
public final class ExplanationWriter {
    static final String REPORT = "report.html";
    static final String NUMBERS = "explanation.json";

    private final OutputFolder folder;
    private final ExplainRun run;
    private final ExplanationPictures pictures;
    private final ExplanationReport report;
    private final FolderNames names = new FolderNames(REPORT);
    private final List<Map<String, Object>> numbers = new ArrayList<>();

    /** @param pictures drawn on the axes of the explainer that makes the explanations */
    public ExplanationWriter(OutputFolder folder, ExplainRun run, ExplanationPictures pictures) {
        this.folder = folder;
        this.run = run;
        this.pictures = pictures;
        this.report = new ExplanationReport(run);
    }

    /**
     * Writes the folder of one sound.
     *
     * @return the sound under the name of its folder
     * @throws IOException in one line, if a file cannot be written; those before it are complete
     */
    public ExplainedSound write(Excerpt excerpt, Explanation explanation) throws IOException {
        ExplainedSound sound = new ExplainedSound(run, excerpt, explanation, names.of(excerpt.file()));
        List<Card> cards = new ArrayList<>();
        MapPanel input = pictures.input(explanation);
        byte[] inputWav = wav(explanation.input().signal());
        folder.write(sound.file("log-mel.png"), input.toPng());
        folder.write(sound.file("input.wav"), inputWav);
        cards.add(Card.of("Input", new Picture(input.untitled().toPng(), "Log-mel spectrogram of " + sound.fileName()))
                .subtitle("what the network received")
                .sound(sound.file("input.wav"), inputWav));
        for (RelevanceMap map : explanation.maps()) {
            MapPanel panel = pictures.map(explanation, map);
            byte[] mapWav = wav(map.sound());
            folder.write(sound.file(map.name() + ".png"), panel.toPng());
            folder.write(sound.file(map.name() + ".wav"), mapWav);
            Card card = Card.of(
                            map.title(),
                            new Picture(
                                    panel.untitled().toPng(), map.title() + ": relevance map of " + sound.fileName()))
                    .subtitle(MapPanel.relevanceSum(map.sum(), 0))
                    .sound(sound.file(map.name() + ".wav"), mapWav);
            boolean part =
                    map != explanation.standard() && explanation.standard().sum() > 0;
            cards.add(part ? card.share(explanation.share(map)) : card);
        }
        folder.write(
                sound.file("overview.png"),
                new PanelGrid().row(pictures.row(explanation)).toPng());
        writeArrays(sound);
        Map<String, Object> json = ExplanationJson.of(sound);
        folder.writeJson(sound.file(NUMBERS), json);
        numbers.add(json);
        report.add(sound, cards);
        return sound;
    }

    private void writeArrays(ExplainedSound sound) throws IOException {
        int mels = run.settings().mels();
        int frames = run.settings().frames();
        List<RelevanceMap> maps = sound.explanation().maps();
        float[] relevance = new float[maps.size() * mels * frames];
        for (int map = 0; map < maps.size(); map++) {
            System.arraycopy(maps.get(map).relevance(), 0, relevance, map * mels * frames, mels * frames);
        }
        folder.writeNpy(sound.file("log-mel.npy"), sound.explanation().input().logMel(), mels, frames);
        folder.writeNpy(sound.file("relevance.npy"), relevance, maps.size(), mels, frames);
    }

    private byte[] wav(float[] signal) {
        return SoundFiles.wavBytes(signal, run.settings().sampleRate());
    }

    /**
     * Writes the report of all sounds so far.
     *
     * @return where it lies
     */
    public Path writeReport() throws IOException {
        return folder.writeText(REPORT, report.toHtml());
    }

    /** The numbers of all sounds so far, for a program that reads them. */
    public Map<String, Object> numbers() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("folder", folder.path().toString());
        all.put("report", REPORT);
        all.put("sounds", numbers);
        return all;
    }
}
