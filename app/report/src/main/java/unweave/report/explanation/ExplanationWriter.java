package unweave.report.explanation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.explain.Excerpt;
import unweave.explain.Explanation;
import unweave.explain.Part;
import unweave.explain.output.OutputFolder;
import unweave.figure.PanelGrid;
import unweave.report.Figure;
import unweave.report.ListeningRoom;
import unweave.report.Picture;
import unweave.report.Sound;
import unweave.report.SoundRow;
import unweave.report.StillRoom;

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
 *   SOUND/room.js                          of several sounds: what the report shows and plays of this one
 * </pre>
 */
public final class ExplanationWriter {
    static final String REPORT = "report.html";
    /** So many sounds the report shows, the first ones; it lists the others. */
    public static final int ON_PAGE = 50;

    /** Of several sounds, what the report reads of one when it comes into sight. */
    static final String ROOM = "room.js";

    static final String NUMBERS = "explanation.json";

    private final OutputFolder folder;
    private final ExplainRun run;
    private final ExplanationPictures pictures;
    private final ExplanationReport report;
    private final FolderNames names = new FolderNames(REPORT);
    private final List<Map<String, Object>> numbers = new ArrayList<>();
    /** The first sound's, while there is no other. */
    private ListeningRoom alone;

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
        folder.write(sound.file("log-mel.png"), pictures.input(explanation).toPng());
        for (Part part : explanation.parts()) {
            folder.write(
                    sound.file(part.name() + ".png"),
                    pictures.part(explanation, part).toPng());
        }
        PanelGrid grid = new PanelGrid().row(pictures.row(explanation));
        byte[] overview = grid.toPng();
        folder.write(sound.file("overview.png"), overview);
        SoundRow sounds = ExplanationSounds.row(sound.folder(), explanation, (label, name, wav) -> {
            folder.write(sound.file(name + ".wav"), wav);
            return Sound.beside(label, sound.file(name + ".wav"));
        });
        writeArrays(sound);
        Map<String, Object> json = ExplanationJson.of(sound);
        folder.writeJson(sound.file(NUMBERS), json);
        numbers.add(json);
        addRoom(sound);
        Picture picture = Picture.beside(
                sound.file("overview.png"),
                overview,
                "Input, standard explanation and concepts of " + sound.fileName());
        report.add(sound, new StillRoom(new Figure(picture, ""), grid.columns(), sounds));
        return sound;
    }

    /** The room of a single sound lies in the report itself, those of several beside their sounds. */
    private void addRoom(ExplainedSound sound) throws IOException {
        int count = numbers.size();
        if (count > ON_PAGE) {
            return;
        }
        Explanation explanation = sound.explanation();
        String title = sound.fileName();
        if (count == 1) {
            alone = ExplanationRoom.of(
                    title, explanation, pictures, ExplanationRoom.still(title, explanation, pictures, sound::file));
            return;
        }
        if (count == 2) {
            String first = String.valueOf(numbers.get(0).get("folder"));
            folder.writeText(first + "/" + ROOM, alone.script(first));
            alone = null;
        }
        ListeningRoom room = ExplanationRoom.of(title, explanation, pictures, List.of());
        folder.writeText(sound.file(ROOM), room.script(sound.folder()));
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

    /**
     * Writes the report of all sounds so far.
     *
     * @return where it lies
     */
    public Path writeReport() throws IOException {
        return folder.writeText(REPORT, report.toHtml(alone));
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
