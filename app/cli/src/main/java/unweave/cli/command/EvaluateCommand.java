package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.drsa.Method;
import unweave.explain.AudioModel;
import unweave.explain.data.CollectionLoader;
import unweave.explain.data.InputSet;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.Split;
import unweave.explain.data.StemFolder;
import unweave.explain.evaluate.Baselines;
import unweave.explain.evaluate.EvaluationInputs;
import unweave.explain.evaluate.EvaluationResult;
import unweave.explain.evaluate.EvaluationRun;
import unweave.explain.evaluate.Measure;
import unweave.explain.evaluate.StemResult;
import unweave.explain.evaluate.Study;
import unweave.explain.evaluate.SubspaceCollection;
import unweave.explain.evaluate.Variant;
import unweave.explain.output.OutputFolder;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;
import unweave.lrp.LayerwiseRelevance;
import unweave.report.Figure;
import unweave.report.evaluation.EvaluationFigures;
import unweave.report.evaluation.EvaluationMaps;
import unweave.report.evaluation.EvaluationReport;
import unweave.report.evaluation.EvaluationTables;
import unweave.report.evaluation.ResultTable;
import unweave.report.evaluation.StemReport;

/** Measures whether explanations hold. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures whether the explanations of a model hold.",
        description = {
            "Measures the explanations of a model on sounds it was not trained on: patch flipping and the other tables",
            "and figures of the thesis, faithfulness, disentanglement and sanity checks, for the standard map "
                    + "and for DRSA,",
            "DSA and random subspaces. Writes tables (CSV), numbers (JSON), pictures (PNG) and one report.html."
        })
public final class EvaluateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A model file that 'unweave train' wrote.")
    private Path modelFile;

    @Option(
            names = "--subspaces",
            paramLabel = "PATH",
            required = true,
            description =
                    "A file of subspaces of this model, or a folder with such files, to compare layers, K and methods.")
    private Path subspaces;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "DATA",
            description = "The folder or manifest that the model was trained on; its test sounds are used.")
    private Path data;

    @Option(
            names = "--fold",
            paramLabel = "N",
            defaultValue = "0",
            description = "The fold that training tested on, for manifests with" + " folds.")
    private int fold;

    @Option(
            names = "--all",
            description = "Use all sounds of --data, none of which the model may have been trained on.")
    private boolean all;

    @Option(
            names = {"-n", "--samples"},
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many inputs of each class (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--measures",
            paramLabel = "NAME",
            split = ",",
            description = "What to measure: flipping, cross-class, gamma, histogram, concepts, agreement, sanity "
                    + "(default: all).")
    private List<String> measureNames = List.of();

    @Option(
            names = "--random-seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Random subspaces to average over where --subspaces has none (default: ${DEFAULT-VALUE}).")
    private int randomSeeds;

    @Option(
            names = "--no-dsa",
            description = "Do not search DSA subspaces, which takes as long as the search for the given ones.")
    private boolean noDsa;

    @Mixin
    private SlicingOptions slices;

    @Mixin
    private StemOptions stems;

    @Mixin
    private OutputOptions output;

    @Mixin
    private ManifestOptions manifest;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        Set<Measure> measures = measures();
        if (samples < 1 || randomSeeds < 0) {
            throw new BadInputException("--samples must be at least 1 and --random-seeds at least 0, not " + samples
                    + " and " + randomSeeds);
        }
        stems.require();
        if (data == null && !stems.given()) {
            throw new BadInputException("there is nothing to evaluate with; give --data, --stems or both");
        }
        if (data == null && !measureNames.isEmpty()) {
            throw new BadInputException("--measures needs --data; of --stems alone only the parts are measured");
        }
        try (OutputFolder out = output.open();
                Backend backend = common.backend();
                AudioModel model = AudioModel.load(modelFile, backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(model.composite())) {
            List<Variant> given = SubspaceCollection.read(subspaces, model.network());
            StemFolder recordings = stems.given() ? stems.open(model) : null;
            if (data == null) {
                List<Variant> variants = stems.withRandom(given, randomSeeds, recordings, model, relevance, common);
                writeStems(out, new StemReport(stems.measure(recordings, model, relevance, variants, common), null));
            } else {
                evaluate(out, model, relevance, given, recordings, measures);
            }
        }
        return 0;
    }

    private void evaluate(
            OutputFolder out,
            AudioModel model,
            LayerwiseRelevance relevance,
            List<Variant> given,
            StemFolder recordings,
            Set<Measure> measures)
            throws IOException {
        SoundCollection collection = SoundCollection.openFor(model.classNames(), data, manifest.encoding, fold)
                .tell(common.console());
        CollectionLoader loader =
                new CollectionLoader(collection, model.frontEnd(), slices.slicing(), common.threads, common.console());
        List<Integer> classes =
                SubspaceCollection.commonClasses(given, model.classNames().size());
        List<Integer> allClasses = collection.labels();
        InputSet ofAllClasses = EvaluationInputs.draw(
                loader.inputs(
                        "reading sounds to evaluate with",
                        collection.places(all ? null : Split.TEST, allClasses, common.seed)),
                allClasses,
                samples,
                common.seed);
        InputSet inputs = EvaluationInputs.draw(ofAllClasses, classes, samples, common.seed);
        Study study = new Study(
                model.network(), relevance, classes, inputs, model.frontEnd().flipped(), common.seed, common.console());
        List<Variant> variants = withBaselines(given, study, collection, loader);
        List<StemResult> parts =
                recordings == null ? List.of() : stems.measure(recordings, model, relevance, variants, common);
        float silence = model.frontEnd().silence();
        EvaluationResult result = new EvaluationRun(study, ofAllClasses, variants, measures, silence).run();
        write(
                out,
                result,
                variants,
                EvaluationMaps.figures(study, variants, model.frontEnd()),
                study,
                new StemReport(parts, result.aboveChance()));
    }

    private Set<Measure> measures() {
        Set<Measure> measures = EnumSet.noneOf(Measure.class);
        for (String name : measureNames) {
            List<Measure> named = EnumSet.allOf(Measure.class).stream()
                    .filter(measure -> measure.toString().equals(name))
                    .toList();
            if (named.isEmpty()) {
                List<String> known = EnumSet.allOf(Measure.class).stream()
                        .map(Measure::toString)
                        .toList();
                throw new BadInputException("--measures " + name + ": unknown" + Spelling.hint(name, known)
                        + "; expected some of " + String.join(", ", known));
            }
            measures.addAll(named);
        }
        return measures.isEmpty() ? EnumSet.allOf(Measure.class) : measures;
    }

    /** Adds DSA and random subspaces where the given ones have none to be compared with. */
    private List<Variant> withBaselines(
            List<Variant> given, Study study, SoundCollection collection, CollectionLoader loader) throws IOException {
        List<Variant> variants = new ArrayList<>(given);
        Baselines baselines = new Baselines(study.model(), study.relevance(), common.seed, common.console());
        Map<Integer, InputSet> training = new HashMap<>();
        for (Variant variant : given) {
            List<Variant> here = Variant.of(variants, variant.layer(), variant.concepts());
            if (!noDsa
                    && !all
                    && variant.method() == Method.DRSA
                    && Variant.of(here, Method.DSA).isEmpty()) {
                variants.add(baselines.dsa(variant, classIndex -> {
                    if (!training.containsKey(classIndex)) {
                        training.put(
                                classIndex,
                                loader.inputs(
                                        "reading training sounds",
                                        collection.places(Split.TRAIN, List.of(classIndex), common.seed)));
                    }
                    return training.get(classIndex);
                }));
            }
            if (Variant.of(here, Method.RANDOM).isEmpty()) {
                variants.addAll(baselines.random(variant, randomSeeds, study::ofClass));
            }
        }
        return variants;
    }

    private void write(
            OutputFolder out,
            EvaluationResult result,
            List<Variant> variants,
            Map<String, Figure> maps,
            Study study,
            StemReport parts)
            throws IOException {
        Map<String, Object> json = new LinkedHashMap<>(result.json());
        if (stems.given()) {
            json.put("stems", parts.json());
        }
        writeTables(out, parts);
        for (ResultTable table : EvaluationTables.tables(result)) {
            out.writeText("tables/" + table.name() + ".csv", table.csv());
        }
        List<String> allClasses = study.model().description().classNames();
        for (Map.Entry<String, byte[]> picture :
                EvaluationFigures.pictures(result, allClasses).entrySet()) {
            out.write("figures/" + picture.getKey(), picture.getValue());
        }
        for (Map.Entry<String, Figure> map : maps.entrySet()) {
            out.write("figures/" + map.getKey(), map.getValue().picture().png());
        }
        out.writeJson("evaluation.json", json);
        Path report = out.writeText(
                "report.html",
                new EvaluationReport(result, variants, List.copyOf(maps.values()))
                        .withStems(parts)
                        .toHtml(facts(study), allClasses));
        List<String> lines = new ArrayList<>(EvaluationTables.lines(result));
        lines.addAll(parts.lines());
        lines.add("report: " + report);
        common.result(json, lines);
    }

    private void writeStems(OutputFolder out, StemReport parts) throws IOException {
        writeTables(out, parts);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stems", parts.json());
        out.writeJson("evaluation.json", json);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", modelFile.getFileName().toString());
        facts.put("recordings", stems.folder().toString());
        facts.put("seed", String.valueOf(common.seed));
        List<String> lines = new ArrayList<>(parts.lines());
        lines.add("report: " + out.writeText("report.html", parts.toHtml(facts)));
        common.result(json, lines);
    }

    private static void writeTables(OutputFolder out, StemReport parts) throws IOException {
        for (ResultTable table : parts.tables()) {
            out.writeText("tables/" + table.name() + ".csv", table.csv());
        }
        for (Map.Entry<String, byte[]> picture : parts.pictures().entrySet()) {
            out.write("figures/" + picture.getKey(), picture.getValue());
        }
    }

    private Map<String, String> facts(Study study) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", modelFile.getFileName().toString());
        facts.put("rules", study.relevance().composite().name());
        facts.put("inputs", study.inputs().size() + " of " + (all ? "all sounds" : "the test sounds"));
        facts.put("seed", String.valueOf(common.seed));
        return facts;
    }
}
