package unweave.report.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.Subspaces;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.ReferenceScores;
import unweave.explain.data.ClipReader.Clip;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.SoundItem;
import unweave.explain.reference.ClassReferences;
import unweave.explain.reference.ReferenceRun;

/**
 * The numbers of a run: {@code references.json}, and {@code scores.json} of every class. Times are in seconds,
 * relevance in units of the logit.
 */
final class ReferenceJson {
    private ReferenceJson() {}

    static Map<String, Object> run(ReferenceRun run, Subspaces any) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", Map.of("file", run.modelFile(), "fingerprint", run.modelFingerprint()));
        Map<String, Object> subspaces = new LinkedHashMap<>();
        subspaces.put("file", run.subspacesFile());
        subspaces.put("layer", any.provenance().layer());
        subspaces.put("method", any.method());
        json.put("subspaces", subspaces);
        json.put("composite", run.composite());
        json.put("data", run.data());
        json.put("split", run.split());
        json.put("ofAllClasses", run.ofAllClasses());
        json.put("criteria", run.criteria().stream().map(ReferenceJson::name).toList());
        json.put("aggregation", run.aggregation().name().toLowerCase(Locale.ROOT));
        json.put(
                "clipDuration",
                (double) run.frontEnd().samples() / run.frontEnd().sampleRate());
        json.put("seed", run.seed());
        return json;
    }

    static String name(Criterion criterion) {
        return criterion.name().toLowerCase(Locale.ROOT);
    }

    static Map<String, Object> reference(ShownReference shown, String folder) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rank", shown.rank());
        json.put("clip", shown.reference().input());
        json.put("file", shown.file().toString());
        json.put("class", shown.className());
        json.put("start", shown.start());
        json.put("score", shown.reference().score());
        json.put(
                "peak",
                Map.of(
                        "row",
                        shown.reference().row(),
                        "column",
                        shown.reference().column()));
        json.put("box", shown.box());
        json.put("region", shown.region());
        json.put("picture", folder + shown.name() + ".png");
        json.put("clipSound", folder + shown.name() + "-clip.wav");
        json.put("conceptSound", folder + shown.name() + "-concept.wav");
        return json;
    }

    /** All scores of all concepts; scores and peaks are concepts x clips. */
    static Map<String, Object> scores(ClassReferences found, SoundCollection collection, int sampleRate) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("class", found.className());
        List<Map<String, Object>> clips = new ArrayList<>();
        for (Clip clip : found.clips()) {
            SoundItem item = collection.items().get(clip.place());
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("file", item.path().toString());
            one.put("class", collection.classNames().get(item.label()));
            one.put("start", (double) clip.start() / sampleRate);
            clips.add(one);
        }
        json.put("clips", clips);
        for (Map.Entry<Criterion, ReferenceScores> entry : found.scores().entrySet()) {
            Map<String, Object> scores = new LinkedHashMap<>();
            scores.put("scores", entry.getValue().scores());
            scores.put("columns", entry.getValue().columns());
            scores.put("peaks", entry.getValue().peaks());
            json.put(name(entry.getKey()), scores);
        }
        return json;
    }
}
