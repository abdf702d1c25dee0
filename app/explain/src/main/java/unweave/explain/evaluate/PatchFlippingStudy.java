package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.audio.random.SeededRandom;
import unweave.drsa.Method;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.FlippingScores;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.drsa.evaluation.SubspaceFlipping;
import unweave.explain.data.InputSet;
import unweave.explain.progress.Progress;

/** Patch flipping of all methods at one layer (thesis 4.2.3, Table 4.4). */
public final class PatchFlippingStudy {
    private static final long SINGLE_STREAM = 1;
    private static final long CONCEPTS_STREAM = 2;

    private final Study study;
    private final PatchFlipping flipping;

    public PatchFlippingStudy(Study study) {
        this.study = study;
        this.flipping = study.flipping();
    }

    /**
     * Explains the inputs of every class through that class' subspaces and flips their patches.
     *
     * @param variants of one layer and K; several of one method are averaged input by input
     */
    public FlippingResult run(String layer, int concepts, List<Variant> variants) {
        Map<String, List<FlippingScores>> scores = new LinkedHashMap<>();
        int total = study.inputs().size();
        int[] done = {0};
        try (Progress progress = study.monitor().progress("patch flipping, " + layer, total)) {
            for (int classIndex : study.classes()) {
                InputSet inputs = study.ofClass(classIndex);
                List<Subspaces> subspaces = variants.stream()
                        .map(variant -> variant.set().ofClass(classIndex))
                        .toList();
                SubspaceFlipping.Result result = new SubspaceFlipping(study.model(), study.relevance(), flipping)
                        .evaluate(
                                inputs.concatenated(),
                                inputs.labels(),
                                subspaces,
                                (at, of, left) -> progress.at(done[0] + at, ""));
                done[0] += inputs.size();
                add(scores, FlippingResult.STANDARD, result.standard());
                for (Method method : Method.values()) {
                    List<FlippingScores> ofMethod = IntStream.range(0, variants.size())
                            .filter(i -> variants.get(i).method() == method)
                            .mapToObj(result.variants()::get)
                            .toList();
                    if (!ofMethod.isEmpty()) {
                        add(scores, FlippingResult.name(method), FlippingScores.average(ofMethod));
                    }
                }
                add(scores, FlippingResult.FLOOR, floor(classIndex, inputs, 1, SINGLE_STREAM));
                add(scores, FlippingResult.FLOOR_OF_CONCEPTS, floor(classIndex, inputs, concepts, CONCEPTS_STREAM));
            }
        }
        return new FlippingResult(layer, concepts, study.classNames(), flipping.flips(), summaries(scores));
    }

    private FlippingScores floor(int classIndex, InputSet inputs, int maps, long stream) {
        int[][][] rankings =
                flipping.randomRankings(inputs.size(), maps, SeededRandom.seed(study.seed(), stream, classIndex));
        return flipping.flip(inputs.concatenated(), inputs.labels(), rankings);
    }

    private static void add(Map<String, List<FlippingScores>> scores, String method, FlippingScores ofClass) {
        scores.computeIfAbsent(method, name -> new ArrayList<>()).add(ofClass);
    }

    private static List<FlippingResult.Scores> summaries(Map<String, List<FlippingScores>> scores) {
        List<FlippingResult.Scores> summaries = new ArrayList<>();
        scores.forEach((name, classes) -> summaries.add(new FlippingResult.Scores(
                name,
                classes.stream().map(one -> ClassMean.floats(one.aupcs())).toArray(float[][]::new),
                classes.stream().map(one -> ClassMean.floats(one.areas())).toArray(float[][]::new),
                classes.stream().map(FlippingScores::meanCurve).toArray(double[][]::new))));
        return summaries;
    }
}
