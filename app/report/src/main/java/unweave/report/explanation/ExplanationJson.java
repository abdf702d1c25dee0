package unweave.report.explanation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.drsa.Subspaces;
import unweave.explain.Conservation;
import unweave.explain.Excerpt;
import unweave.explain.Part;
import unweave.explain.Prediction;
import unweave.lrp.RelevanceLedger;

/**
 * The numbers of an explanation for {@code explanation.json}; relevance is in units of the logit, times are in seconds.
 */
final class ExplanationJson {
    private ExplanationJson() {}

    static Map<String, Object> of(ExplainedSound sound) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", sound.excerpt().name());
        json.put("folder", sound.folder());
        addExcerpt(json, sound);
        addRun(json, sound);
        json.put("predictedClass", sound.predictedClass());
        json.put("explainedClass", sound.explainedClass());
        json.put("probabilities", sound.run().probabilities().keyword());
        json.put("classes", classes(sound));
        json.put("maps", maps(sound));
        json.put("conservation", conservation(sound.explanation().conservation()));
        json.put("notes", sound.notes());
        return json;
    }

    private static void addExcerpt(Map<String, Object> json, ExplainedSound sound) {
        Excerpt excerpt = sound.excerpt();
        json.put("start", excerpt.start());
        json.put("duration", excerpt.inputSeconds());
        json.put("padded", excerpt.paddedSeconds());
        json.put("soundDuration", excerpt.soundSeconds());
        json.put("sampleRate", excerpt.frontEnd().sampleRate());
        json.put("peak", sound.explanation().input().peak());
    }

    private static void addRun(Map<String, Object> json, ExplainedSound sound) {
        ExplainRun run = sound.run();
        json.put("model", Map.of("file", run.modelFile(), "fingerprint", run.modelFingerprint()));
        json.put("composite", run.composite());
        json.put("inverse", run.inverse());
        json.put("gain", run.gain());
        json.put("seed", run.seed());
        json.put(
                "subspaces",
                sound.explanation()
                        .subspaces()
                        .map(subspaces -> subspaces(run, subspaces))
                        .orElse(null));
    }

    private static Map<String, Object> subspaces(ExplainRun run, Subspaces subspaces) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", run.subspacesFile().orElse(null));
        json.put("layer", subspaces.provenance().layer());
        json.put("class", subspaces.provenance().className());
        json.put("method", subspaces.method());
        json.put("concepts", subspaces.count());
        json.put("dimensions", subspaces.dimensions());
        return json;
    }

    private static List<Map<String, Object>> classes(ExplainedSound sound) {
        List<Map<String, Object>> classes = new ArrayList<>();
        for (Prediction prediction : sound.explanation().predictions()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", prediction.className());
            json.put("logit", prediction.logit());
            json.put("probability", prediction.probability());
            classes.add(json);
        }
        return classes;
    }

    /** In the order of {@code relevance.npy}. */
    private static List<Map<String, Object>> maps(ExplainedSound sound) {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Part part : sound.explanation().parts()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", part.name());
            json.put("sum", part.map().sum());
            json.put("share", part.share());
            json.put("positiveSum", part.map().positiveSum());
            json.put("picture", part.name() + ".png");
            json.put("sound", part.name() + ".wav");
            maps.add(json);
        }
        return maps;
    }

    private static Map<String, Object> conservation(Conservation conservation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("logit", conservation.logit());
        json.put("layerRelevance", conservation.layerRelevance());
        json.put("standardSum", conservation.standardSum());
        json.put("error", conservation.error());
        json.put("conceptSumError", conservation.conceptSumError());
        List<Map<String, Object>> layers = new ArrayList<>();
        for (RelevanceLedger.Entry entry : conservation.layers()) {
            Map<String, Object> layer = new LinkedHashMap<>();
            layer.put("layer", entry.layer());
            layer.put("rule", entry.rule().name());
            layer.put("arrived", entry.arrived());
            layer.put("passedOn", entry.passedOn());
            entry.absorbed().ifPresent(absorbed -> {
                layer.put("toBias", absorbed.bias());
                layer.put("toStabilizer", absorbed.stabilizer());
                layer.put("dropped", absorbed.dropped());
                layer.put("imbalance", entry.imbalance());
            });
            layers.add(layer);
        }
        json.put("layers", layers);
        return json;
    }
}
