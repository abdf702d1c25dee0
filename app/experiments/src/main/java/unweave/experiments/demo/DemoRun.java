package unweave.experiments.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.LogMel;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.audio.synthetic.SyntheticSample;
import unweave.audio.synthetic.SyntheticSet;
import unweave.drsa.ContextData;
import unweave.drsa.Method;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Oracle;
import unweave.drsa.evaluation.OrthogonalizationDifference;
import unweave.engine.model.Model;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.AudioModel;
import unweave.explain.Choices;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.data.InputSet;
import unweave.explain.data.MaskedInputs;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.ModelSettings;
import unweave.explain.progress.Monitor;
import unweave.explain.subspace.SubspaceFitting;
import unweave.explain.train.ModelTraining;
import unweave.kernels.Backend;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Spans;
import unweave.lrp.Composite;
import unweave.lrp.CompositeText;
import unweave.lrp.LayerwiseRelevance;

/** Synthesises, trains, fits, explains and scores; the order of the thesis' chapter 4.1. */
public final class DemoRun {
    private static final List<String> CLASSES = List.of("class1", "class2");

    private final DemoSettings settings;
    private final Backend backend;
    private final Monitor monitor;
    private final long start = System.nanoTime();
    private double subspaceSeconds;
    private OrthogonalizationDifference orthogonalization;

    public DemoRun(DemoSettings settings, Backend backend, Monitor monitor) {
        this.settings = settings;
        this.backend = backend;
        this.monitor = monitor;
    }

    /** Runs everything and writes the results. */
    public DemoResult run(OutputFolder out) throws IOException {
        SyntheticSet set = SyntheticInputs.set(settings.sounds(), settings.samplesPerClass(), settings.seed());
        LogMel frontEnd = new LogMel(settings.preset().spectrogram());
        SyntheticInputs synthetic = new SyntheticInputs(set, frontEnd, settings.threads(), monitor);
        InputSet train = synthetic.inputs("synthesising training sounds", set.train());
        ModelTraining training = new ModelTraining(
                settings.preset(), settings.training(), true, settings.seed(), settings.threads(), monitor);
        ModelTraining.Trained trained = training.run(
                new ModelTraining.Data(
                        CLASSES,
                        new MaskedInputs(train, settings.training().augmentation()),
                        MaskedInputs.plain(synthetic.inputs("synthesising validation sounds", set.validation())),
                        MaskedInputs.plain(synthetic.inputs("synthesising test sounds", set.test()))),
                backend,
                out,
                false);
        try (Model model = trained.model()) {
            List<ClassResult> classes = explainClasses(model, train, synthetic, out);
            DemoResult result = new DemoResult(
                    settings,
                    trained,
                    AboveChance.of(trained.test().confusion()),
                    classes,
                    orthogonalization,
                    subspaceSeconds,
                    (System.nanoTime() - start) * 1e-9);
            try (Spans.Span span = monitor.spans().open("stage", "writing the report")) {
                out.writeText("report.html", new DemoReport(result).toHtml());
            }
            out.writeJson("summary.json", result.summary());
            return result;
        }
    }

    private List<ClassResult> explainClasses(Model model, InputSet train, SyntheticInputs synthetic, OutputFolder out)
            throws IOException {
        List<ClassResult> classes = new ArrayList<>();
        List<Subspaces> saved = new ArrayList<>();
        ModelSettings modelSettings = ModelSettings.of(model.description(), "demo");
        Composite composite = CompositeText.parse(modelSettings.composite());
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(composite);
                Explainer explainer = new Explainer(
                        new AudioModel(model, modelSettings),
                        composite,
                        Optional.empty(),
                        new Choices().withThreads(settings.threads()))) {
            SubspaceFitting fitting = new SubspaceFitting(
                    model, relevance, settings.subspaces(), Orthogonalization.AUTO, settings.seed(), monitor);
            for (int classIndex = 0; classIndex < CLASSES.size(); classIndex++) {
                SyntheticInputs.CompleteSamples samples = synthetic.complete(classIndex, settings.recoverySamples());
                ContextData data = fitting.contexts(classIndex, train);
                if (classIndex == 0) {
                    orthogonalization = fitting.orthogonalization(data);
                }
                Map<Method, List<Subspaces>> found = new LinkedHashMap<>();
                for (Method method : DemoResult.METHODS) {
                    found.put(
                            method,
                            method == Method.ORACLE
                                    ? List.of(oracle(model, relevance, synthetic, classIndex))
                                    : fit(fitting, method, data));
                }
                List<MethodResult> methods = new ConceptScoring(model, relevance, samples, monitor)
                        .score("scoring the concepts of " + CLASSES.get(classIndex), found);
                ClassResult result = shown(classIndex, methods, explainer, samples);
                saved.add(result.of(Method.DRSA).subspaces().get(0));
                classes.add(result);
            }
        }
        SubspaceFile.save(out.prepare("subspaces.safetensors"), new SubspaceSet(saved));
        return classes;
    }

    private List<Subspaces> fit(SubspaceFitting fitting, Method method, ContextData data) {
        long begin = System.nanoTime();
        List<Subspaces> fitted = new ArrayList<>();
        if (method == Method.RANDOM) {
            for (int i = 0; i < settings.randomSeeds(); i++) {
                fitted.add(fitting.fit(method, data, SeededRandom.seed(settings.seed(), i)));
            }
        } else {
            fitted.add(fitting.fit(method, data));
        }
        subspaceSeconds += (System.nanoTime() - begin) * 1e-9;
        return fitted;
    }

    /** Found with other sounds than those that all methods are scored with. */
    private Subspaces oracle(Model model, LayerwiseRelevance relevance, SyntheticInputs synthetic, int classIndex)
            throws IOException {
        int sounds = settings.recoverySamples();
        return new Oracle(model, relevance)
                .find(
                        settings.subspaces().layer(),
                        classIndex,
                        synthetic.mixtures(classIndex, sounds, sounds),
                        settings.subspaces().concepts(),
                        SeededRandom.seed(settings.seed(), classIndex));
    }

    private ClassResult shown(
            int classIndex, List<MethodResult> methods, Explainer explainer, SyntheticInputs.CompleteSamples samples) {
        List<SyntheticSample> shown = Arrays.asList(samples.samples()).subList(0, settings.explained());
        ClassResult result = new ClassResult(
                classIndex,
                CLASSES.get(classIndex),
                SyntheticGenerator.objectNames(classIndex),
                methods,
                shown,
                new ArrayList<>(),
                new ArrayList<>());
        for (SyntheticSample sample : shown) {
            result.drsa().add(explain(explainer, sample, result, Method.DRSA));
            result.random().add(explain(explainer, sample, result, Method.RANDOM));
        }
        return result;
    }

    private static Explanation explain(Explainer explainer, SyntheticSample sample, ClassResult result, Method method) {
        return explainer.explain(
                sample.signal(),
                sample.classIndex(),
                result.of(method).subspaces().get(0));
    }
}
