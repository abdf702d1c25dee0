package unweave.experiments.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.audio.spectral.LogMel;
import unweave.drsa.Method;
import unweave.drsa.evaluation.OrthogonalizationDifference;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.train.Trainer;
import unweave.experiments.synthetic.ObjectResult;
import unweave.experiments.synthetic.ObjectStudy;
import unweave.experiments.synthetic.ShuffledLabels;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.data.InputSet;
import unweave.explain.evaluate.AgreementResult;
import unweave.explain.evaluate.ConceptResult;
import unweave.explain.evaluate.ConceptStudy;
import unweave.explain.evaluate.CrossClassResult;
import unweave.explain.evaluate.CrossClassStudy;
import unweave.explain.evaluate.EvaluationInputs;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.GammaResult;
import unweave.explain.evaluate.GammaStudy;
import unweave.explain.evaluate.HistogramResult;
import unweave.explain.evaluate.HistogramStudy;
import unweave.explain.evaluate.PatchFlippingStudy;
import unweave.explain.evaluate.SanityResult;
import unweave.explain.evaluate.SanityStudy;
import unweave.explain.evaluate.ShuffledResult;
import unweave.explain.evaluate.Study;
import unweave.explain.evaluate.Variant;
import unweave.explain.output.OutputFolder;
import unweave.explain.output.StepResults;
import unweave.explain.progress.Monitor;
import unweave.explain.train.CrossValidation;
import unweave.explain.train.CrossValidationSummary;
import unweave.explain.train.FoldResult;
import unweave.explain.train.ModelTraining;
import unweave.kernels.Backend;
import unweave.lrp.CompositeText;
import unweave.lrp.LayerwiseRelevance;

/**
 * One chapter of experiments: {@link #run} is its table of contents. A step whose result is on file is not done again.
 */
final class Chapter {
    private final ChapterPlan plan;
    private final ChapterData data;
    private final Backend backend;
    private final OutputFolder out;
    private final StepResults steps;
    private final int threads;
    private final Monitor monitor;

    private Model model;
    private LayerwiseRelevance relevance;
    private SubspaceLibrary subspaces;

    /** @throws IllegalArgumentException if the folder holds results of other settings */
    Chapter(
            ChapterPlan plan,
            ChapterData data,
            Backend backend,
            OutputFolder out,
            String device,
            int threads,
            Monitor monitor)
            throws IOException {
        this.plan = plan;
        this.data = data;
        this.backend = backend;
        this.out = out;
        this.threads = threads;
        this.monitor = monitor;
        Map<String, Object> settings = new LinkedHashMap<>(plan.settings());
        settings.put("classes", data.classNames());
        settings.putAll(data.identity());
        settings.put("device", device);
        this.steps = StepResults.open(out, settings);
    }

    /** Runs what has not been run yet, and tells the results of all steps. */
    ChapterResult run(List<MapFigure> figures) throws IOException {
        CrossValidationSummary training = training();
        try (Model trained = ModelFile.load(modelFile(), backend);
                LayerwiseRelevance rules =
                        new LayerwiseRelevance(CompositeText.parse(plan.preset().composite()))) {
            model = trained;
            relevance = rules;
            subspaces = new SubspaceLibrary(plan, model, relevance, out, steps, monitor);
            LogMelStatistics logMel = step("log-mel", "log-mel statistics", LogMelStatistics.class, data::logMel);
            ExplainedNetwork network = network(figures.get(0).of());
            GammaResult gamma = choiceOfGamma();
            subspaces.findAll(data);
            OrthogonalizationDifference orthogonalization = subspaces.orthogonalization(data);
            List<FlippingResult> flipping = patchFlipping();
            List<FlippingResult> otherConcepts = otherNumbersOfConcepts();
            List<CrossClassResult> crossClass = subspacesOfOtherClasses();
            HistogramResult histogram = relevanceHistogram();
            List<ObjectResult> objects = objectRecovery();
            ConceptResult concepts = faithfulnessAndDisentanglement();
            AgreementResult agreement = agreementOfStarts();
            SanityResult sanity = randomisedParameters();
            ShuffledResult shuffled = plan.shuffledLabels() ? shuffledLabels() : null;
            Map<MapFigure, MapFigures.Drawn> drawn = explained(figures);
            return new ChapterResult(
                    plan,
                    data.classNames(),
                    training,
                    data.folds().numbers().size(),
                    network,
                    data.account(),
                    logMel,
                    gamma,
                    orthogonalization,
                    flipping,
                    otherConcepts,
                    crossClass,
                    histogram,
                    objects,
                    concepts,
                    agreement,
                    sanity,
                    shuffled,
                    drawn,
                    otherFigures(figures.get(0)),
                    rules(),
                    curves());
        }
    }

    /** The figures of explained sounds (thesis Fig. 4.3, 4.5 to 4.8, C.1, C.3 to C.8), to be seen and heard. */
    private Map<MapFigure, MapFigures.Drawn> explained(List<MapFigure> figures) throws IOException {
        Map<MapFigure, MapFigures.Drawn> drawn = new LinkedHashMap<>();
        try (MapFigures maps = new MapFigures(plan, data, model, subspaces, out, threads)) {
            for (MapFigure figure : figures) {
                MapFigures.Drawn one = step(
                        "figure-" + figure.number(),
                        "figure " + figure.number(),
                        MapFigures.Drawn.class,
                        () -> maps.draw(figure));
                drawn.put(figure, one);
            }
        }
        return drawn;
    }

    /** The figures of sounds (thesis Fig. 2.4, 2.5, 4.1, 4.2, 4.4, C.2, D.1, D.2) and of patch flipping (Fig. 4.9). */
    private List<DrawnFigure> otherFigures(MapFigure explained) throws IOException {
        List<DrawnFigure> drawn = new ArrayList<>();
        SoundFigures sounds = new SoundFigures(plan, data, out);
        for (String number : SoundFigures.numbers(data)) {
            drawn.add(otherFigure(number, () -> sounds.draw(number)));
        }
        FlippingFigure flipping = new FlippingFigure(plan, model);
        drawn.add(otherFigure(
                FlippingFigure.NUMBER, () -> flipping.draw(explained, data, model, relevance, subspaces, out)));
        return drawn;
    }

    private DrawnFigure otherFigure(String number, StepResults.Work<DrawnFigure> work) throws IOException {
        return step("figure-" + number, "figure " + number, DrawnFigure.class, work);
    }

    /** The rule of every layer (thesis Table 4.3). */
    private List<SettingsTables.LayerRule> rules() {
        return relevance.composite().assignments(model).stream()
                .map(one -> new SettingsTables.LayerRule(one.layer(), one.rule().toString()))
                .toList();
    }

    /** Training of every fold (thesis 4.1.2, 4.2.1; Fig. A.1, A.2). */
    private CrossValidationSummary training() throws IOException {
        ModelTraining training = new ModelTraining(plan.preset(), plan.training(), true, plan.seed(), threads, monitor);
        List<FoldResult> folds =
                new CrossValidation(data.folds(), training, backend, monitor).run(data.trainedFolds(), out, steps);
        return new CrossValidationSummary(data.classNames(), folds);
    }

    private Path modelFile() {
        return out.path()
                .resolve(CrossValidation.folder(data.trainedFolds().get(0)))
                .resolve(ModelTraining.MODEL);
    }

    /** The layers, and the relevance that passes them (thesis Fig. 2.2, 3.1). */
    private ExplainedNetwork network(String className) throws IOException {
        int classIndex = data.classNames().indexOf(className);
        return step("network", "layers of the network", ExplainedNetwork.class, () -> {
            LogMel frontEnd = new LogMel(plan.preset().spectrogram());
            float[] input = frontEnd.analyse(data.shown(classIndex, 1).get(0)).input();
            return ExplainedNetwork.of(model, relevance.composite(), input, classIndex);
        });
    }

    /** The choice of gamma (thesis Fig. B.1), on validation inputs. */
    private GammaResult choiceOfGamma() throws IOException {
        return step(
                "gamma",
                "choice of gamma",
                GammaResult.class,
                () -> GammaStudy.run(study(data.validation(), plan.sizes().gamma())));
    }

    /** Patch flipping at every layer (thesis Table 4.4). */
    private List<FlippingResult> patchFlipping() throws IOException {
        List<FlippingResult> results = new ArrayList<>();
        for (String layer : plan.layers()) {
            results.add(flipping(layer, plan.concepts()));
        }
        return results;
    }

    /** Other numbers of concepts (thesis 4.2.1, Fig. C.7, C.8). */
    private List<FlippingResult> otherNumbersOfConcepts() throws IOException {
        List<FlippingResult> results = new ArrayList<>();
        for (int concepts : plan.otherConcepts()) {
            for (String layer : plan.otherLayers()) {
                results.add(flipping(layer, concepts));
            }
        }
        return results;
    }

    private FlippingResult flipping(String layer, int concepts) throws IOException {
        return step(
                "flipping-" + layer + "-K" + concepts,
                "patch flipping at " + layer + ", K = " + concepts,
                FlippingResult.class,
                () -> new PatchFlippingStudy(testStudy()).run(layer, concepts, subspaces.variants(layer, concepts)));
    }

    /** Explanations through the subspaces of other classes (thesis Fig. 4.10), at every layer. */
    private List<CrossClassResult> subspacesOfOtherClasses() throws IOException {
        List<CrossClassResult> results = new ArrayList<>();
        for (String layer : plan.layers()) {
            results.add(step(
                    "cross-class-" + layer,
                    "subspaces of other classes at " + layer,
                    CrossClassResult.class,
                    () -> CrossClassStudy.run(testStudy(), subspaces.variant(layer, plan.concepts(), Method.DRSA))));
        }
        return results;
    }

    /** How relevance is distributed in concept maps (thesis Fig. B.3). */
    private HistogramResult relevanceHistogram() throws IOException {
        return step(
                "histogram",
                "relevance histogram",
                HistogramResult.class,
                () -> HistogramStudy.run(
                        study(data.test(), plan.sizes().histogram()),
                        subspaces.variant(plan.layer(), plan.concepts(), Method.DRSA)));
    }

    /** Do concepts find the objects that sounds are made of? At every layer, where the objects are known. */
    private List<ObjectResult> objectRecovery() throws IOException {
        List<SyntheticInputs.CompleteSamples> samples = new ArrayList<>();
        List<ObjectResult> results = new ArrayList<>();
        for (String layer : data.objectsKnown() ? plan.layers() : List.<String>of()) {
            results.add(step("objects-" + layer, "object recovery at " + layer, ObjectResult.class, () -> {
                for (int c = samples.size(); c < data.classNames().size(); c++) {
                    samples.add(data.complete(c, plan.sizes().measures()));
                }
                return new ObjectStudy(model, relevance, samples, monitor)
                        .run(layer, plan.concepts(), subspaces.variants(layer, plan.concepts()));
            }));
        }
        return results;
    }

    /** Faithfulness of masks, insertion and deletion, overlap of concepts; not in the thesis. */
    private ConceptResult faithfulnessAndDisentanglement() throws IOException {
        return step("concepts", "faithfulness and disentanglement", ConceptResult.class, () -> new ConceptStudy(
                        study(data.test(), plan.sizes().measures()),
                        plan.preset().spectrogram().floor())
                .run(plan.layer(), plan.concepts(), subspaces.variants(plan.layer(), plan.concepts())));
    }

    /** Do searches from other starts find the same subspaces? */
    private AgreementResult agreementOfStarts() throws IOException {
        return step("agreement", "agreement of searches", AgreementResult.class, () -> {
            List<List<Variant>> searches = new ArrayList<>();
            for (Method method : List.of(Method.DRSA, Method.DSA)) {
                searches.add(subspaces.variants(subspaces.otherStarts(method)));
            }
            searches.add(Variant.of(subspaces.variants(plan.layer(), plan.concepts()), Method.RANDOM));
            return AgreementResult.of(searches);
        });
    }

    /** Do explanations change when the network's parameters are randomised? */
    private SanityResult randomisedParameters() throws IOException {
        return step(
                "sanity",
                "randomised parameters",
                SanityResult.class,
                () -> SanityStudy.randomised(study(data.test(), plan.sizes().measures())));
    }

    /** Are the explanations of a network that was trained on shuffled labels others? */
    private ShuffledResult shuffledLabels() throws IOException {
        return step("shuffled-labels", "shuffled labels", ShuffledResult.class, () -> {
            ModelTraining.Data whole = data.folds().load(data.trainedFolds().get(0));
            ModelTraining.Data shuffled = new ModelTraining.Data(
                    whole.classNames(), new ShuffledLabels(whole.train(), plan.seed()), whole.validation(), null);
            OutputFolder folder = out.folder("shuffled-labels");
            ModelTraining.Trained other = new ModelTraining(
                            plan.preset(), plan.training(), false, plan.seed(), threads, monitor)
                    .run(shuffled, backend, folder, Files.exists(folder.path().resolve(Trainer.CHECKPOINT)));
            try (Model untaught = other.model()) {
                return SanityStudy.shuffled(
                        study(data.test(), plan.sizes().measures()),
                        untaught,
                        other.result().chosen().trainAccuracy());
            }
        });
    }

    /** The objective of every start (thesis Fig. B.2): one figure per class and method. */
    private List<ChapterResult.Curves> curves() throws IOException {
        List<ChapterResult.Curves> curves = new ArrayList<>();
        for (Method method : List.of(Method.DRSA, Method.DSA)) {
            subspaces
                    .variant(plan.layer(), plan.concepts(), method)
                    .set()
                    .all()
                    .forEach(one -> curves.add(new ChapterResult.Curves(method, one)));
        }
        return curves;
    }

    private Study testStudy() throws IOException {
        return study(data.test(), plan.sizes().flipping());
    }

    private Study study(InputSet inputs, int perClass) {
        List<Integer> classes =
                IntStream.range(0, data.classNames().size()).boxed().toList();
        return new Study(
                model,
                relevance,
                classes,
                EvaluationInputs.draw(inputs, classes, perClass, plan.seed()),
                plan.seed(),
                monitor);
    }

    private <T> T step(String name, String title, Class<T> type, StepResults.Work<T> work) throws IOException {
        boolean known = steps.has(name);
        long start = System.nanoTime();
        T result = steps.get(name, type, work);
        if (!known) {
            monitor.note(String.format(Locale.ROOT, "%s: done in %.1f s", title, (System.nanoTime() - start) * 1e-9));
        }
        return result;
    }
}
