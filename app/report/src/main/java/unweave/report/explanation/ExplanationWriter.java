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
import unweave.explain.Part;
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
 *   SOUND/log-mel.png .npy, input.wav      what the network received: [rows][columns]
 *   SOUND/standard.png .wav                the whole decision
 *   SOUND/concept-1.png .wav ...           its parts
 *   SOUND/overview.png                     all pictures in a row
 *   SOUND/relevance.npy                    the maps, standard first: [1 + K][rows][columns]
 * </pre>
 */
public final class ExplanationWriter {
    static final String REPORT = "report.html";
    /** So many sounds the report shows, the first ones; it lists the others. */
    public static final int ON_PAGE = 50;

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
        ExplainedSound sound = new ExplainedSound(run, excerpt, explanation, names.of(Path.of(excerpt.name())));
        List<Card> cards = new ArrayList<>();
        MapPanel input = pictures.input(explanation);
        byte[] inputWav = wav(explanation.input().signal());
        folder.write(sound.file("log-mel.png"), input.toPng());
        folder.write(sound.file("input.wav"), inputWav);
        cards.add(Card.of(
                        "Input",
                        new Picture(input.untitled().toPng(), pictures.inputName() + " of " + sound.fileName()))
                .subtitle("what the network received")
                .sound(sound.file("input.wav"), inputWav));
        for (Part part : explanation.parts()) {
            MapPanel panel = pictures.part(explanation, part);
            byte[] mapWav = wav(part.sound().samples());
            folder.write(sound.file(part.name() + ".png"), panel.toPng());
            folder.write(sound.file(part.name() + ".wav"), mapWav);
            Card card = Card.of(
                            part.title(),
                            new Picture(
                                    panel.untitled().toPng(), part.title() + ": relevance map of " + sound.fileName()))
                    .subtitle(MapPanel.relevanceSum(part.map().sum(), 0))
                    .sound(sound.file(part.name() + ".wav"), mapWav);
            boolean concept = !part.name().equals(Part.STANDARD);
            cards.add(concept && explanation.map().sum() > 0 ? card.share(part.share()) : card);
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

    /**
     * Where the report shows a sound, for pages that link to it.
     *
     * @param number of the sound, from 1
     */
    public static String anchor(int number) {
        return "sound-" + number;
    }

    private void writeArrays(ExplainedSound sound) throws IOException {
        int mels = run.frontEnd().rows();
        int frames = run.frontEnd().columns();
        List<Part> parts = sound.explanation().parts();
        float[] relevance = new float[parts.size() * mels * frames];
        int row = 0;
        for (Part part : parts) {
            for (float[] values : part.map().values()) {
                System.arraycopy(values, 0, relevance, row++ * frames, frames);
            }
        }
        folder.writeNpy(sound.file("log-mel.npy"), sound.explanation().input().input(), mels, frames);
        folder.writeNpy(sound.file("relevance.npy"), relevance, parts.size(), mels, frames);
    }

    private byte[] wav(float[] signal) {
        return SoundFiles.wavBytes(signal, run.frontEnd().sampleRate());
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
