package unweave.report.recording;

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
import unweave.explain.recording.Passage;
import unweave.explain.recording.RecordingExplainer;
import unweave.explain.recording.Timeline;
import unweave.report.Card;
import unweave.report.Picture;
import unweave.report.Sound;
import unweave.report.explanation.ExplainRun;
import unweave.report.explanation.ExplanationPictures;
import unweave.report.explanation.FolderNames;

/**
 * Writes what was found in whole recordings: a folder for each, and one page about all.
 *
 * <pre>
 *   report.html                             the overview
 *   RECORDING/timeline.csv .jsonl .png      every window
 *   RECORDING/concepts-CLASS.png            the concepts of a class along the recording
 *   RECORDING/passages.csv                  where each concept counts most
 *   RECORDING/passages/CLASS-1-1.wav ...    these passages: class, concept, rank; -input.wav is the passage as it is
 * </pre>
 */
public final class RecordingWriter {
    private static final String REPORT = "report.html";

    private final OutputFolder folder;
    private final ExplanationPictures pictures;
    private final RecordingReport report;
    private final int rate;
    private final FolderNames names = new FolderNames(REPORT);
    private final List<Map<String, Object>> numbers = new ArrayList<>();

    /** @param pictures drawn on the axes of the explainer that makes the explanations */
    public RecordingWriter(OutputFolder folder, ExplainRun run, ExplanationPictures pictures) {
        this.folder = folder;
        this.pictures = pictures;
        this.report = new RecordingReport(run);
        this.rate = run.frontEnd().sampleRate();
    }

    /**
     * Writes a recording.
     *
     * @param recordings what explained it, to explain its passages as well
     * @param most passages of each concept
     */
    public void write(Path file, Timeline timeline, RecordingExplainer recordings, int most) throws IOException {
        String place = names.of(file);
        TimelineFigures figures = new TimelineFigures(timeline);
        boolean heard = timeline.silent() < timeline.windows().size();
        folder.writeText(place + "/timeline.csv", TimelineTables.csv(timeline));
        folder.write(place + "/timeline.jsonl", out -> TimelineTables.writeJsonLines(timeline, out));
        List<Picture> charts = new ArrayList<>();
        if (heard) {
            charts.add(chart(place + "/timeline.png", figures.probabilities(), "Probabilities along " + place));
        }
        FolderNames files = new FolderNames();
        Map<String, String> stems = new LinkedHashMap<>();
        timeline.classNames().forEach(name -> stems.put(name, files.ofClass(name)));
        for (Map.Entry<String, Integer> ofClass : timeline.concepts().entrySet()) {
            charts.add(chart(
                    place + "/concepts-" + stems.get(ofClass.getKey()) + ".png",
                    figures.concepts(ofClass),
                    "Concepts of " + ofClass.getKey() + " along " + place));
        }
        Map<Passage, Card> cards = new LinkedHashMap<>();
        List<Passage> passages = timeline.passages(most);
        Map<Passage, String> sounds = new LinkedHashMap<>();
        passages.forEach(passage -> sounds.put(
                passage,
                "passages/" + stems.get(passage.className()) + "-"
                        + (passage.concept() == 0 ? "whole" : passage.concept()) + "-" + passage.rank() + ".wav"));
        recordings.explain(
                file,
                timeline,
                passages,
                (passage, excerpt, explanation) ->
                        cards.put(passage, passage(place + "/" + sounds.get(passage), passage, excerpt, explanation)));
        folder.writeText(place + "/passages.csv", TimelineTables.passages(timeline, sounds));
        report.add(place, timeline, charts, passages, cards);
        numbers.add(json(place, timeline, passages.size()));
    }

    private Picture chart(String name, byte[] png, String alt) throws IOException {
        folder.write(name, png);
        return new Picture(png, alt);
    }

    private Card passage(String file, Passage passage, Excerpt excerpt, Explanation explanation) throws IOException {
        Part part = explanation.parts().get(passage.concept());
        String input = file.replaceAll("\\.wav$", "-input.wav");
        SoundFiles.writeWav(folder.prepare(file), part.sound().samples(), rate);
        SoundFiles.writeWav(folder.prepare(input), explanation.input().signal(), rate);
        byte[] png = pictures.part(explanation, part).untitled().toPng();
        String time = RecordingReport.time(excerpt.start()) + " to " + RecordingReport.time(excerpt.end());
        return Card.of(time, new Picture(png, part.title() + " at " + time))
                .subtitle(passage.concept() == 0 ? passage.className() : part.title() + " of " + passage.className())
                .sound(Sound.beside(passage.concept() == 0 ? "what counts" : "the concept", file))
                .sound(Sound.beside("the passage", input))
                .share(passage.share());
    }

    private static Map<String, Object> json(String place, Timeline timeline, int passages) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("recording", timeline.name());
        json.put("folder", place);
        json.put("start", timeline.windows().get(0).start());
        json.put("end", timeline.end());
        json.put("hop", timeline.hop());
        json.put("windows", timeline.windows().size());
        json.put("silentWindows", timeline.silent());
        json.put("secondsPerClass", timeline.seconds());
        json.put("passages", passages);
        return json;
    }

    /**
     * Writes the overview of all recordings so far.
     *
     * @return where it lies
     */
    public Path writeReport() throws IOException {
        folder.writeJson("recordings.json", numbers());
        return folder.writeText(REPORT, report.toHtml());
    }

    /** The numbers of all recordings so far, for a program that reads them. */
    public Map<String, Object> numbers() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("folder", folder.path().toString());
        all.put("report", REPORT);
        all.put("recordings", numbers);
        return all;
    }
}
