package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.ObjectInformation;

/**
 * Which concept of a class answers to which part of recordings, at one layer ({@link ObjectInformation}).
 *
 * @param className the explained class
 * @param parts that were heard in at least one recording
 * @param recordings their names
 * @param decided for how many of them the network decides for the class
 * @param excerpts number of excerpts in all recordings together
 * @param methods each with its searches: one, or several random ones
 */
public record StemResult(
        String layer,
        int concepts,
        int classIndex,
        String className,
        List<String> parts,
        List<String> recordings,
        int decided,
        int excerpts,
        List<Scores> methods) {
    /**
     * What one method gave.
     *
     * @param method as in tables: "DRSA", "random"
     * @param searches measured on the same recordings, in the order of their names
     */
    public record Scores(String method, List<ObjectInformation> searches) {
        /** The mean over the searches. */
        public Estimate information() {
            return ObjectInformation.information(searches);
        }

        /** The mean over the searches. */
        public Estimate selectivity() {
            return ObjectInformation.selectivity(searches);
        }

        /** The first search, whose matrix is shown. */
        public ObjectInformation shown() {
            return searches.get(0);
        }
    }

    /** The method whose concepts are named after parts: the first, which is the best founded one that was measured. */
    public Scores first() {
        return methods.get(0);
    }

    /** Whether the first method tells the parts apart better than each of the others. */
    public List<Comparison> comparisons() {
        List<Comparison> comparisons = new ArrayList<>();
        for (Scores other : methods.subList(1, methods.size())) {
            comparisons.add(new Comparison(
                    first().method(), other.method(), first().shown().informationAbove(other.searches())));
        }
        return comparisons;
    }

    /** The content of evaluation.json. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("layer", layer);
        json.put("concepts", concepts);
        json.put("class", className);
        json.put("parts", parts);
        json.put("recordings", recordings);
        json.put("recordingsDecidedForTheClass", decided);
        json.put("excerpts", excerpts);
        json.put("methods", methods.stream().map(this::json).toList());
        json.put("comparisons", comparisons().stream().map(Comparison::toString).toList());
        return json;
    }

    private Map<String, Object> json(Scores scores) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", scores.method());
        json.put("searches", scores.searches().size());
        json.put("objectInformation", scores.information());
        json.put("selectivity", scores.selectivity());
        ObjectInformation shown = scores.shown();
        int[] own = shown.conceptOfObject();
        double[][] shares = shown.shares();
        double[][] errors = shown.shareErrors();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int o = 0; o < parts.size(); o++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("part", parts.get(o));
            row.put("recordings", shown.sounds(o));
            row.put("effectOnLogit", shown.effectOnLogit(o));
            row.put("assignedConcept", own[o] + 1);
            row.put("shares", shares[o]);
            row.put("shareErrors", errors[o]);
            row.put("effects", shown.effects()[o]);
            rows.add(row);
        }
        json.put("matrix", rows);
        return json;
    }
}
