package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.drsa.Method;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.explain.AudioModel;
import unweave.explain.data.CollectionLoader;
import unweave.explain.data.InputSet;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.Split;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.ModelSettings;
import unweave.explain.preset.SubspacePlan;
import unweave.explain.subspace.SubspaceFitting;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Spelling;
import unweave.lrp.LayerwiseRelevance;
import unweave.report.explanation.FolderNames;
import unweave.report.training.SubspaceFigures;

/** Finds the concept subspaces of a model's classes. */
@Command(
        name = "subspaces",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Finds the concepts of a trained network's classes.",
        description = {
            "Finds the subspaces that split a model's relevance into concepts (DRSA),",
            "for some or all of its classes, from the sounds it was trained on."
        })
public final class SubspacesCommand implements Callable<Integer> {
    private static final String FILE = "subspaces.safetensors";

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model file that 'unweave train' or 'unweave import' wrote.")
    private Path modelFile;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "DATA",
            required = true,
            description =
                    "The folder or manifest that the model was trained on, or other sounds of its classes; the training "
                            + "sounds are used.")
    private Path data;

    @Option(
            names = "--fold",
            paramLabel = "N",
            defaultValue = "0",
            description = "The fold that training tested on, for manifests with folds.")
    private int fold;

    @Option(
            names = "--classes",
            paramLabel = "NAME",
            split = ",",
            description = "Classes to find subspaces for (default: all that have sounds).")
    private List<String> classes;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer whose activations are split, such as conv3 (default: the preset's).")
    private String layer;

    @Option(
            names = {"-k", "--concepts"},
            paramLabel = "K",
            description = "Number of subspaces; divides the layer's channels (default: the preset's).")
    private Integer concepts;

    @Option(
            names = "--inputs",
            paramLabel = "N",
            description = "Training inputs per class to draw from (default: the preset's).")
    private Integer inputs;

    @Option(
            names = "--positions",
            paramLabel = "P",
            description = "Random positions per input, or all where a layer has fewer (default: the preset's).")
    private Integer positions;

    @Option(
            names = "--window",
            paramLabel = "W",
            description = "Side of the square of neighbouring positions whose relevance is one datum; 1 takes every "
                    + "position by itself, as the thesis does (default: the preset's).")
    private Integer window;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of gradient ascent (default: the preset's).")
    private Integer steps;

    @Option(
            names = "--starts",
            paramLabel = "N",
            description = "Random starts, of which the best is kept (default: the preset's).")
    private Integer starts;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "drsa",
            description = "drsa, dsa (blind to relevance), random, prca (principal relevant components), pca, or "
                    + "channels (as they are, the most"
                    + " relevant first; with K channels, concept relevance propagation) (default: "
                    + "${DEFAULT-VALUE}).")
    private Method method;

    @Option(
            names = "--orthogonalization",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "How U is made orthogonal after a step: eigen, newton-schulz or auto, the faster one on the "
                    + "device; equal up to rounding"
                    + " (default: ${DEFAULT-VALUE}).")
    private Orthogonalization orthogonalization;

    @Mixin
    private SlicingOptions slices;

    @Mixin
    private OutputOptions output;

    @Mixin
    private ManifestOptions manifest;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        if (method == Method.ORACLE) {
            throw new BadInputException(
                    "--method oracle: subspaces cannot be found with labels that sounds do not have;"
                            + " choose drsa, dsa, random, prca, pca or channels");
        }
        try (OutputFolder out = output.open();
                Backend backend = common.backend();
                AudioModel model = AudioModel.load(modelFile, backend)) {
            ModelSettings settings = model.settings();
            model.requireLayer(plan(settings.subspaces()).layer());
            try (LayerwiseRelevance relevance = new LayerwiseRelevance(model.composite())) {
                SubspaceFitting fitting = new SubspaceFitting(
                        model.network(),
                        relevance,
                        plan(settings.subspaces()),
                        orthogonalization,
                        common.seed,
                        common.console());
                SoundCollection collection = SoundCollection.openFor(model.classNames(), data, manifest.encoding, fold)
                        .tell(common.console());
                List<Integer> chosen = chosenClasses(model, collection);
                InputSet training = trainingInputs(model, collection, chosen);
                List<Subspaces> found = new ArrayList<>();
                for (int classIndex : chosen) {
                    found.add(fitting.fit(method, fitting.contexts(classIndex, training)));
                }
                write(out, found);
            }
        }
        return 0;
    }

    private SubspacePlan plan(SubspacePlan preset) {
        return new SubspacePlan(
                layer == null ? preset.layer() : layer,
                concepts == null ? preset.concepts() : concepts,
                inputs == null ? preset.inputs() : inputs,
                positions == null ? preset.positions() : positions,
                window == null ? preset.window() : window,
                steps == null ? preset.steps() : steps,
                starts == null ? preset.starts() : starts);
    }

    /** By default all that have sounds. */
    private List<Integer> chosenClasses(AudioModel model, SoundCollection collection) {
        List<String> names = model.classNames();
        if (classes == null) {
            return collection.labels();
        }
        List<Integer> chosen = new ArrayList<>();
        for (String name : classes) {
            if (!names.contains(name)) {
                throw new BadInputException("unknown class " + name + Spelling.hint(name, names)
                        + "; the model's classes are " + String.join(", ", names));
            }
            if (!collection.labels().contains(names.indexOf(name))) {
                throw new BadInputException(data + ": holds no sounds of class " + name);
            }
            chosen.add(names.indexOf(name));
        }
        return chosen;
    }

    private InputSet trainingInputs(AudioModel model, SoundCollection collection, List<Integer> chosen)
            throws IOException {
        return new CollectionLoader(collection, model.frontEnd(), slices.slicing(), common.threads, common.console())
                .inputs("reading training sounds", collection.places(Split.TRAIN, chosen, common.seed));
    }

    private void write(OutputFolder out, List<Subspaces> found) throws IOException {
        SubspaceFile.save(out.prepare(FILE), new SubspaceSet(found));
        Map<String, Object> summary = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        summary.put("subspaces", out.path().resolve(FILE).toString());
        summary.put("method", method.toString());
        summary.put("layer", found.get(0).provenance().layer());
        FolderNames files = new FolderNames();
        Map<String, Object> ofClasses = new LinkedHashMap<>(); // apart from the fields: a class may be called "layer"
        summary.put("classes", ofClasses);
        for (Subspaces subspaces : found) {
            String name = subspaces.provenance().className();
            if (subspaces.settings().steps() > 0) {
                out.write("curves-" + files.ofClass(name) + ".png", SubspaceFigures.curves(subspaces));
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("objective", subspaces.objective());
            entry.put("bestStart", subspaces.bestStart() + 1);
            entry.put("relevanceShares", subspaces.relevanceShares());
            ofClasses.put(name, entry);
            StringBuilder shares = new StringBuilder();
            for (double share : subspaces.relevanceShares()) {
                shares.append(String.format(Locale.ROOT, " %.1f %%", 100 * share));
            }
            lines.add(String.format(
                    Locale.ROOT, "%s: objective %.5f, shares of relevance%s", name, subspaces.objective(), shares));
        }
        out.writeJson("subspaces.json", summary);
        lines.add("subspaces: " + out.path().resolve(FILE));
        common.result(summary, lines);
    }
}
