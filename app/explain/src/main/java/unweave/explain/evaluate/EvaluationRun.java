package unweave.explain.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import unweave.drsa.Method;
import unweave.drsa.evaluation.AboveChance;
import unweave.engine.train.Evaluation;
import unweave.explain.data.InputSet;
import unweave.explain.data.MaskedInputs;

/** Measures everything that is asked for, layer by layer. */
public final class EvaluationRun {
    private final Study study;
    private final List<Variant> variants;
    private final Set<Measure> measures;
    private final double floor;
    private final InputSet ofAllClasses;

    /**
     * @param ofAllClasses inputs to test the network with, also of classes whose explanations are not evaluated
     * @param variants subspaces of all classes of the study; several of one layer, K and method are averaged
     * @param floor the input value that stands for nothing
     */
    public EvaluationRun(
            Study study, InputSet ofAllClasses, List<Variant> variants, Set<Measure> measures, double floor) {
        this.study = study;
        this.ofAllClasses = ofAllClasses;
        this.variants = variants;
        this.measures = measures;
        this.floor = floor;
    }

    public EvaluationResult run() throws IOException {
        List<FlippingResult> flipping = new ArrayList<>();
        List<CrossClassResult> crossClass = new ArrayList<>();
        List<ConceptResult> concepts = new ArrayList<>();
        List<HistogramResult> histograms = new ArrayList<>();
        List<AgreementResult> agreements = new ArrayList<>();
        Evaluation network = Evaluation.of(study.model(), MaskedInputs.plain(ofAllClasses), 1);
        List<String> leftOut = new ArrayList<>();
        ConceptStudy conceptStudy = measures.contains(Measure.CONCEPTS) ? new ConceptStudy(study, floor) : null;
        if (conceptStudy != null && !conceptStudy.obstacle().isEmpty()) {
            leftOut.add(conceptStudy.obstacle());
            conceptStudy = null;
        }
        for (String layer : Variant.layers(variants, study.model().description().layerNames())) {
            for (int count : Variant.concepts(variants, layer)) {
                List<Variant> here = Variant.of(variants, layer, count);
                List<Variant> drsa = Variant.of(here, Method.DRSA);
                if (measures.contains(Measure.FLIPPING)) {
                    flipping.add(new PatchFlippingStudy(study).run(layer, count, here));
                }
                if (measures.contains(Measure.CROSS_CLASS)
                        && !drsa.isEmpty()
                        && study.classes().size() > 1) {
                    crossClass.add(CrossClassStudy.run(study, drsa.get(0)));
                }
                if (conceptStudy != null) {
                    concepts.add(conceptStudy.run(layer, count, here));
                }
                if (measures.contains(Measure.HISTOGRAM) && !drsa.isEmpty()) {
                    histograms.add(HistogramStudy.run(study, drsa.get(0)));
                }
                List<List<Variant>> several = several(here);
                if (measures.contains(Measure.AGREEMENT) && !several.isEmpty()) {
                    agreements.add(AgreementResult.of(several));
                }
            }
        }
        GammaResult gamma = measures.contains(Measure.GAMMA) ? GammaStudy.run(study) : null;
        SanityResult sanity = measures.contains(Measure.SANITY) ? SanityStudy.randomised(study) : null;
        return new EvaluationResult(
                study.classNames(),
                study.model().description().classNames(),
                network,
                AboveChance.of(network.confusion()),
                flipping,
                crossClass,
                gamma,
                concepts,
                histograms,
                agreements,
                sanity,
                leftOut);
    }

    /** The methods with more than one search. */
    private static List<List<Variant>> several(List<Variant> variants) {
        List<List<Variant>> several = new ArrayList<>();
        for (Method method : Method.values()) {
            List<Variant> searches = Variant.of(variants, method);
            if (searches.size() > 1) {
                several.add(searches);
            }
        }
        return several;
    }
}
