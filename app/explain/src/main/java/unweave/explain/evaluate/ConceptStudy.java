package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.drsa.evaluation.ConceptEvaluation;
import unweave.drsa.evaluation.Disentanglement;
import unweave.drsa.evaluation.MaskScore;
import unweave.drsa.evaluation.RemovalCurves;
import unweave.explain.data.InputSet;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.lrp.Target;

/** Are the maps of every method faithful, and are the concepts apart? ({@link ConceptEvaluation}) */
public final class ConceptStudy {
    private final Study study;
    private final ConceptEvaluation evaluation;
    private final List<InputSet> decided;

    /** @param floor the input value that stands for nothing: the floor of the log-mel spectrogram */
    public ConceptStudy(Study study, double floor) {
        this.study = study;
        this.evaluation = new ConceptEvaluation(
                study.model(), study.relevance(), ConceptEvaluation.Settings.towards((float) floor));
        this.decided = decided();
    }

    /** The inputs by the class that the network decides for; those of classes that are not evaluated are left out. */
    private List<InputSet> decided() {
        InputSet inputs = study.inputs();
        float[] logits = study.model().predict(inputs.concatenated(), inputs.size());
        int classes = logits.length / inputs.size();
        int[] largest = new int[inputs.size()];
        for (int i = 0; i < largest.length; i++) {
            largest[i] = Target.decision(logits, i * classes, classes);
        }
        InputSet relabelled = new InputSet(inputs.height(), inputs.width(), inputs.inputs(), largest, inputs.origins());
        List<InputSet> decided = study.classes().stream()
                .map(relabelled::ofClass)
                .filter(ofClass -> ofClass.size() > 0)
                .toList();
        return decided;
    }

    /** Why there is nothing to measure with, as a sentence; empty if there is. */
    public String obstacle() {
        return decided.isEmpty()
                ? "Faithfulness and disentanglement are not measured: the network decides for "
                        + String.join(" or ", study.classNames()) + " on none of the sounds."
                : "";
    }

    /**
     * Measures the concepts of the variants.
     *
     * @param variants of one layer and K; several of one method are averaged
     * @throws BadInputException if there is an {@link #obstacle}
     */
    public ConceptResult run(String layer, int concepts, List<Variant> variants) {
        if (decided.isEmpty()) {
            throw new BadInputException(obstacle());
        }
        List<ConceptResult.MethodFigures> methods = new ArrayList<>();
        ConceptResult.MapFigures standard = null;
        int inputs = decided.stream().mapToInt(InputSet::size).sum();
        try (Progress progress = study.monitor()
                .progress("faithfulness and disentanglement, " + layer, (long) inputs * variants.size())) {
            int done = 0;
            for (Method method : Method.values()) {
                List<ConceptResult.MethodFigures> seeds = new ArrayList<>();
                for (Variant variant : Variant.of(variants, method)) {
                    List<ConceptEvaluation.Result> results = evaluate(variant, progress, done);
                    done += inputs;
                    standard = standard == null ? figures(results, ConceptEvaluation.Result::standard) : standard;
                    seeds.add(figures(variant, results));
                }
                if (!seeds.isEmpty()) {
                    methods.add(mean(seeds));
                }
            }
        }
        return new ConceptResult(layer, concepts, inputs, standard, methods);
    }

    private List<ConceptEvaluation.Result> evaluate(Variant variant, Progress progress, int before) {
        List<ConceptEvaluation.Result> results = new ArrayList<>();
        int[] done = {before};
        for (InputSet inputs : decided) {
            results.add(evaluation.evaluate(
                    inputs.concatenated(),
                    inputs.labels(),
                    variant.set().ofClass(inputs.labels()[0]),
                    (at, of, left) -> progress.at(done[0] + at, variant.method().toString())));
            done[0] += inputs.size();
        }
        return results;
    }

    private static ConceptResult.MethodFigures figures(Variant variant, List<ConceptEvaluation.Result> classes) {
        List<ConceptResult.MapFigures> each = IntStream.range(0, variant.concepts())
                .mapToObj(k -> figures(classes, result -> result.concepts().get(k)))
                .toList();
        List<Disentanglement> scores = classes.stream()
                .flatMap(result -> result.disentanglement().stream())
                .toList();
        return new ConceptResult.MethodFigures(
                FlippingResult.name(variant.method()),
                each,
                figures(classes, ConceptEvaluation.Result::together),
                Disentanglement.summary(scores));
    }

    /** One kind of map over the inputs of all classes. */
    private static ConceptResult.MapFigures figures(
            List<ConceptEvaluation.Result> classes,
            Function<ConceptEvaluation.Result, ConceptEvaluation.MapResult> kind) {
        List<ConceptEvaluation.MapResult> maps = classes.stream().map(kind).toList();
        List<MaskScore> masks =
                maps.stream().flatMap(map -> map.masks().stream()).toList();
        double[][] deletion = curves(maps, RemovalCurves::deletion);
        double[][] insertion = curves(maps, RemovalCurves::insertion);
        RemovalCurves curves = new RemovalCurves(deletion, insertion);
        return new ConceptResult.MapFigures(
                MaskScore.summary(masks),
                curves.deletionArea(),
                curves.insertionArea(),
                RemovalCurves.mean(deletion),
                RemovalCurves.mean(insertion));
    }

    private static double[][] curves(
            List<ConceptEvaluation.MapResult> maps, Function<RemovalCurves, double[][]> which) {
        return maps.stream()
                .flatMap(map -> Arrays.stream(which.apply(map.curves())))
                .toArray(double[][]::new);
    }

    /** The mean over seeds; the errors of seeds over the same inputs are not independent, so their mean is kept. */
    private static ConceptResult.MethodFigures mean(List<ConceptResult.MethodFigures> seeds) {
        if (seeds.size() == 1) {
            return seeds.get(0);
        }
        List<ConceptResult.MapFigures> each = IntStream.range(
                        0, seeds.get(0).each().size())
                .mapToObj(k -> meanOfMaps(
                        seeds.stream().map(seed -> seed.each().get(k)).toList()))
                .toList();
        List<Disentanglement.Summary> apart =
                seeds.stream().map(ConceptResult.MethodFigures::disentanglement).toList();
        return new ConceptResult.MethodFigures(
                seeds.get(0).method(),
                each,
                meanOfMaps(seeds.stream()
                        .map(ConceptResult.MethodFigures::together)
                        .toList()),
                new Disentanglement.Summary(
                        mean(apart, Disentanglement.Summary::similarity),
                        mean(apart, Disentanglement.Summary::correlation),
                        mean(apart, Disentanglement.Summary::sharedEnergy),
                        mean(apart, Disentanglement.Summary::commonEnergy),
                        mean(apart, Disentanglement.Summary::concentration),
                        mean(apart, Disentanglement.Summary::sparseness)));
    }

    /** The mean over maps, such as the K concepts of a method. */
    public static ConceptResult.MapFigures meanOfMaps(List<ConceptResult.MapFigures> maps) {
        List<MaskScore.Summary> masks =
                maps.stream().map(ConceptResult.MapFigures::masks).toList();
        MaskScore.Summary mean = new MaskScore.Summary(
                mean(masks, MaskScore.Summary::increase),
                mean(masks, MaskScore.Summary::drop),
                mean(masks, MaskScore.Summary::dropAsReleased),
                mean(masks, MaskScore.Summary::gain),
                mean(masks, MaskScore.Summary::inputFidelity),
                mean(masks, MaskScore.Summary::faithfulness),
                mean(masks, MaskScore.Summary::sparseness),
                mean(masks, MaskScore.Summary::complexity));
        return new ConceptResult.MapFigures(
                mean,
                mean(maps, ConceptResult.MapFigures::deletion),
                mean(maps, ConceptResult.MapFigures::insertion),
                RemovalCurves.mean(maps.stream()
                        .map(ConceptResult.MapFigures::deletionCurve)
                        .toArray(double[][]::new)),
                RemovalCurves.mean(maps.stream()
                        .map(ConceptResult.MapFigures::insertionCurve)
                        .toArray(double[][]::new)));
    }

    private static <T> Estimate mean(List<T> values, Function<T, Estimate> figure) {
        double mean = values.stream()
                .mapToDouble(value -> figure.apply(value).mean())
                .average()
                .orElse(Double.NaN);
        double error = values.stream()
                .mapToDouble(value -> figure.apply(value).standardError())
                .average()
                .orElse(0);
        return new Estimate(mean, error, figure.apply(values.get(0)).count());
    }
}
