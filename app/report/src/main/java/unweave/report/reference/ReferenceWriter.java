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
import unweave.report.ListeningRoom;
import unweave.report.Picture;
import unweave.report.Sound;
import unweave.report.Track;
import unweave.report.explanation.ExplanationRoom;
import unweave.report.explanation.FolderNames;

/**
 * Writes the references of concepts: pictures, sounds and numbers, and one report of all.
 *
 * <pre>
 *   report.html                                  all on one page, which shows and plays the files below
 *   references.json                              the best clips of the concepts shown
 *   CLASS/scores.json                            the scores of all clips for all concepts
 *   CLASS/concept-1/relevance-1.png              the clip's log-mel spectrogram and the concept's map; -1 is the best clip
 *   CLASS/concept-1/relevance-1-clip.wav         the clip
 *   CLASS/concept-1/relevance-1-concept.wav      what of it counts for the concept
 *   CLASS/concept-1/relevance-1.js               the listening room of both, which the page opens
 *   CLASS/concept-1/activation-1.png ...         the same for the other criterion
 * </pre>
 */
public final class ReferenceWriter {
    private static final String REPORT = "report.html";
    private static final String NUMBERS = "references.json";

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
                        write(concept, criterion, shown, name + "/concept-" + (concept + 1) + "/"));
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

    private List<Map<String, Object>> write(
            int concept, Criterion criterion, List<ShownReference> references, String subfolder) throws IOException {
        List<Card> cards = new ArrayList<>();
        List<Map<String, Object>> json = new ArrayList<>();
        for (ShownReference shown : references) {
            String name = subfolder + shown.name();
            byte[] picture = picture(shown);
            folder.write(name + ".png", picture);
            folder.write(name + "-clip.wav", wav(shown.input().signal()));
            folder.write(name + "-concept.wav", wav(shown.sound()));
            folder.writeText(name + ".js", room(concept, shown).script(name + ".js"));
            json.add(ReferenceJson.reference(shown, subfolder));
            cards.add(card(shown, Picture.beside(name + ".png", picture, alt(shown)))
                    .sound(Sound.beside("The clip", name + "-clip.wav"))
                    .sound(Sound.beside("The concept in it", name + "-concept.wav"))
                    .opens(name + ".js"));
        }
        report.add(criterion, cards);
        return json;
    }

    private Card card(ShownReference shown, Picture picture) {
        String of = run.ofAllClasses() ? " (" + shown.className() + ")" : "";
        String start = shown.start() > 0 ? String.format(Locale.ROOT, ", clip from %.1f s", shown.start()) : "";
        return Card.of(shown.fileName() + of, picture)
                .subtitle(shown.score() + start)
                .text("Frame: " + shown.region() + (shown.silent() ? ". Its sound is silent" : ""));
    }

    private String alt(ShownReference shown) {
        return MapView.of(run.frontEnd()).name() + " of " + shown.fileName() + " and map of the concept";
    }

    /** The clip, and the concept in it. */
    private ListeningRoom room(int concept, ShownReference shown) {
        MapView view = MapView.of(run.frontEnd());
        float[] read = shown.input().input();
        float[][] map = view.map(read, new RelevanceMap(shown.map(), exhibition.axes()).flat());
        String title = "Concept " + (concept + 1);
        return new ListeningRoom(
                shown.fileName(),
                title,
                view.axes(),
                run.frontEnd().sampleRate(),
                view.levels(read),
                view.levelUnit(),
                run.gain() == 1 ? ExplanationRoom.EMPHASIS : run.gain(),
                List.of(
                        new Track("input", "The clip", shown.input().signal(), null, Double.NaN, 1),
                        new Track("concept-" + (concept + 1), title + " in it", shown.sound(), map, Double.NaN, 1)),
                List.of());
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
        folder.writeJson(NUMBERS, numbers);
        return folder.writeText(REPORT, report.toHtml());
    }

    /** What {@code references.json} holds. */
    public Map<String, Object> numbers() {
        return numbers;
    }
}
