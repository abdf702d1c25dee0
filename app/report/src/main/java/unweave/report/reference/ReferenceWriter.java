package unweave.report.reference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.audio.file.SoundFiles;
import unweave.drsa.Subspaces;
import unweave.drsa.reference.Criterion;
import unweave.engine.layer.ReceptiveField;
import unweave.engine.model.Model;
import unweave.explain.MapView;
import unweave.explain.RelevanceMap;
import unweave.explain.data.ClipReader;
import unweave.explain.data.SoundCollection;
import unweave.explain.output.OutputFolder;
import unweave.explain.reference.ClassReferences;
import unweave.explain.reference.ReferenceRun;
import unweave.figure.ColourRange;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;
import unweave.lrp.LayerwiseRelevance;
import unweave.report.Card;
import unweave.report.Picture;
import unweave.report.Sound;
import unweave.report.explanation.FolderNames;

/**
 * Writes the references of concepts: pictures, sounds and numbers, and one report of all.
 *
 * <pre>
 *   report.html                                  everything on one page
 *   references.json                              the best clips of the concepts shown
 *   CLASS/scores.json                            the scores of all clips for all concepts
 *   CLASS/concept-1/relevance-1.png              the clip's log-mel spectrogram and the concept's map; -1 is the best clip
 *   CLASS/concept-1/relevance-1-clip.wav         the clip
 *   CLASS/concept-1/relevance-1-concept.wav      what of it counts for the concept
 *   CLASS/concept-1/activation-1.png ...         the same for the other criterion
 * </pre>
 */
public final class ReferenceWriter {
    private static final String REPORT = "report.html";
    private static final String NUMBERS = "references.json";
    /** A page with more sound than this, in bytes, is slow to open. */
    private static final long SOUND_ON_PAGE = 64L << 20;

    private static final double PANEL_WIDTH = 192;
    private static final double PANEL_HEIGHT = 128;

    private final OutputFolder folder;
    private final ReferenceRun run;
    private final SoundCollection collection;
    private final ReferenceExhibition exhibition;
    private final ReferenceReport report;
    private final FolderNames names = new FolderNames(REPORT, NUMBERS);
    private final Map<String, Object> numbers;
    private final List<Map<String, Object>> classes = new ArrayList<>();
    private long soundBytes;

    /** @param all the subspaces of every class that will be written */
    public ReferenceWriter(
            OutputFolder folder,
            ReferenceRun run,
            List<Subspaces> all,
            Model model,
            LayerwiseRelevance relevance,
            SoundCollection collection,
            ClipReader reader) {
        this.folder = folder;
        this.run = run;
        this.collection = collection;
        this.exhibition = new ReferenceExhibition(model, relevance, collection, reader, run.frontEnd());
        this.report = new ReferenceReport(run, all);
        this.numbers = ReferenceJson.run(run, all.get(0));
    }

    /**
     * Writes the folder of one class.
     *
     * @param concepts those to show, counted from 0
     * @return the names of the best files of each of them, for a line of text
     */
    public List<String> write(ClassReferences found, List<Integer> concepts) throws IOException {
        String name = names.ofClass(found.className());
        String scoresFile = name + "/scores.json";
        folder.writeJson(
                scoresFile,
                ReferenceJson.scores(found, collection, run.frontEnd().sampleRate()));
        report.beginClass(
                found,
                concepts,
                scoresFile,
                clip -> String.valueOf(
                        collection.items().get(clip.place()).path().getFileName()));
        List<Map<String, Object>> json = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (int concept : concepts) {
            report.beginConcept(concept, found.channels(concept));
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("concept", concept + 1);
            one.put("channels", found.channels(concept));
            one.put("relevanceShare", found.subspaces().relevanceShares()[concept]);
            for (Criterion criterion : run.criteria()) {
                List<ShownReference> shown = exhibition.of(found, concept, criterion, run.top());
                one.put(
                        ReferenceJson.name(criterion),
                        write(criterion, shown, name + "/concept-" + (concept + 1) + "/"));
                lines.add(line(found.className(), concept, criterion, shown));
            }
            json.add(one);
        }
        Map<String, Object> ofClass = new LinkedHashMap<>();
        ofClass.put("class", found.className());
        ofClass.put("clips", found.clips().size());
        ofClass.put("scores", scoresFile);
        ofClass.put("concepts", json);
        classes.add(ofClass);
        return lines;
    }

    private static String line(String className, int concept, Criterion criterion, List<ShownReference> shown) {
        String files =
                String.join(", ", shown.stream().map(ShownReference::fileName).toList());
        return className + ", concept " + (concept + 1) + ", by " + ReferenceJson.name(criterion) + ": "
                + (shown.isEmpty() ? "no clip shows it" : files);
    }

    private List<Map<String, Object>> write(Criterion criterion, List<ShownReference> references, String subfolder)
            throws IOException {
        List<Card> cards = new ArrayList<>();
        List<Map<String, Object>> json = new ArrayList<>();
        for (ShownReference shown : references) {
            byte[] picture = picture(shown);
            Sound clip = new Sound(
                    "The clip",
                    subfolder + shown.name() + "-clip.wav",
                    wav(shown.input().signal()));
            Sound concept =
                    new Sound("The concept in it", subfolder + shown.name() + "-concept.wav", wav(shown.sound()));
            folder.write(subfolder + shown.name() + ".png", picture);
            folder.write(clip.fileName(), clip.bytes());
            folder.write(concept.fileName(), concept.bytes());
            json.add(ReferenceJson.reference(shown, subfolder));
            cards.add(withSounds(card(shown, picture), clip, concept));
        }
        report.add(criterion, cards);
        return json;
    }

    private Card card(ShownReference shown, byte[] picture) {
        String of = run.ofAllClasses() ? " (" + shown.className() + ")" : "";
        String start = shown.start() > 0 ? String.format(Locale.ROOT, ", clip from %.1f s", shown.start()) : "";
        return Card.of(
                        shown.fileName() + of,
                        new Picture(
                                picture,
                                MapView.of(run.frontEnd()).name() + " of " + shown.fileName()
                                        + " and map of the concept"))
                .subtitle(shown.score() + start)
                .text("Frame: " + shown.region() + (shown.silent() ? ". Its sound is silent" : ""));
    }

    private Card withSounds(Card card, Sound clip, Sound concept) {
        soundBytes += clip.bytes().length + concept.bytes().length;
        if (soundBytes <= SOUND_ON_PAGE) {
            return card.sound(clip).sound(concept);
        }
        return card.text(card.text() + ". Sounds: " + clip.fileName() + " and " + concept.fileName());
    }

    private byte[] picture(ShownReference shown) {
        MapView view = MapView.of(run.frontEnd());
        float[] read = shown.input().input();
        MapPanel input = MapPanel.spectrogram("", view.input(read), view.axes(), view.unit());
        float[][] map = view.map(read, new RelevanceMap(shown.map(), exhibition.axes()).flat());
        double limit = MapPanel.largestMagnitude(map);
        MapPanel concept = new MapPanel(
                "",
                "",
                map,
                view.axes(),
                ColourRange.symmetric(limit == 0 ? 1 : limit, 1 / run.gain(), ReferenceJson.name(shown.criterion())));
        return new PanelGrid()
                .panelSize(PANEL_WIDTH, PANEL_HEIGHT)
                .row(List.of(framed(input, view.cells(shown.box()))))
                .row(List.of(framed(concept, view.cells(shown.box()))))
                .toPng();
    }

    private static MapPanel framed(MapPanel panel, ReceptiveField.Box box) {
        return panel.outlined(box.top(), box.left(), box.bottom(), box.right());
    }

    private byte[] wav(float[] signal) {
        return SoundFiles.wavBytes(signal, run.frontEnd().sampleRate());
    }

    /**
     * Writes the report and the numbers of all classes so far.
     *
     * @return where the report lies
     */
    public Path finish() throws IOException {
        numbers.put("classes", classes);
        if (soundBytes > SOUND_ON_PAGE) {
            report.someSoundsAreFiles();
        }
        folder.writeJson(NUMBERS, numbers);
        return folder.writeText(REPORT, report.toHtml());
    }

    /** What {@code references.json} holds. */
    public Map<String, Object> numbers() {
        return numbers;
    }
}
