package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.audio.spectral.MelInverse;
import unweave.drsa.SubspaceSet;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.explain.AttributionMethod;
import unweave.explain.AudioModel;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.MapView;
import unweave.explain.Part;
import unweave.explain.Prediction;
import unweave.explain.Question;
import unweave.explain.Sound;
import unweave.explain.output.OutputFolder;
import unweave.explain.progress.Progress;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.lrp.Assignment;
import unweave.lrp.Attributor;
import unweave.lrp.Composite;
import unweave.report.explanation.ExplainRun;
import unweave.report.explanation.ExplainedSound;
import unweave.report.explanation.ExplanationPictures;
import unweave.report.explanation.ExplanationWriter;
import unweave.report.explanation.LedgerTable;

/** Explains a model's decisions about sound files. Everything is checked before the first file is written. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Explains a model's decisions about sounds, in pictures and sounds.",
            "",
            "Writes for each sound a folder with pictures (PNG), sounds (WAV), arrays (NPY) and numbers (JSON), and",
            "one report.html for all."
        })
public final class ExplainCommand implements Callable<Integer> {
    /** Ways from mel bands to sound, under their names on the command line. */
    private enum Inverse {
        PINV(MelInverse.Method.PSEUDO_INVERSE),
        NNLS(MelInverse.Method.LEAST_SQUARES);

        private final MelInverse.Method method;

        Inverse(MelInverse.Method method) {
            this.method = method;
        }
    }

    private static final Pattern DATA_BOUNDS =
            Pattern.compile("z-?box\\s*\\(\\s*data\\s*\\)", Pattern.CASE_INSENSITIVE);

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "Model file that 'unweave train' or 'unweave import' wrote.")
    private Path modelFile;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "SOUND",
            description = "WAV, AU or AIFF files of any rate, mono or stereo.")
    private List<Path> sounds;

    @Option(
            names = "--subspaces",
            paramLabel = "FILE",
            description = "Subspaces of this model that 'unweave subspaces' wrote; without them decisions are "
                    + "explained but not split into concepts.")
    private Path subspacesFile;

    @Option(
            names = "--class",
            paramLabel = "NAME",
            description = "Class to explain (default: the one the model decides for).")
    private String className;

    @Option(
            names = "--start",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Where to begin in sounds longer than the model's input (default: ${DEFAULT-VALUE}).")
    private double start;

    @Option(
            names = "--composite",
            paramLabel = "RULES",
            description = {
                "Relevance rules: a name, a text such as \"epsilon-plus; first: z-box(-4, 2); depth 2-3: "
                        + "gamma(0.4)\", or a file with such"
                        + " lines (default: those of the model's preset). z-box(data) takes the bounds of the "
                        + "explained sounds. Names: toy, gtzan, epsilon-plus, epsilon-plus-flat, "
                        + "epsilon-alpha2-beta1,"
                        + " epsilon-alpha2-beta1-flat, epsilon-gamma, excitation, attnlrp, lrp-0."
            })
    private String compositeText;

    @Option(
            names = "--attributor",
            paramLabel = "NAME",
            defaultValue = "lrp",
            description = "Another method than propagation by rules, for comparison; not with --subspaces: lrp, "
                    + "gradient, gradient-x-input,"
                    + " integrated-gradients, smoothgrad, occlusion, guided-backprop, deconvnet, "
                    + "smooth-relu (default: ${DEFAULT-VALUE}).")
    private String attributorName;

    @Option(
            names = "--against",
            paramLabel = "NAME",
            description = "Explain the logit of the class minus that of this one. Not with --subspaces.")
    private String againstName;

    @Option(
            names = "--through",
            paramLabel = "NAME",
            description = "Split the explanation by the subspaces of this class, not by those of the explained one: "
                    + "what do both share? Needs --subspaces.")
    private String throughName;

    @Option(names = "--show-rules", description = "Only list every layer, the rule it would get and why.")
    private boolean showRules;

    @Option(
            names = "--ledger",
            description = "Print for every layer how its relevance was divided: inputs, biases, stabiliser, dropped.")
    private boolean ledger;

    @Option(
            names = "--inverse",
            paramLabel = "METHOD",
            defaultValue = "pinv",
            description = "From mel bands to sound: pinv, the pseudo-inverse, or nnls, a fit for every frame, better "
                    + "and slower"
                    + " (default: ${DEFAULT-VALUE}).")
    private Inverse inverse;

    @Option(
            names = "--gain",
            paramLabel = "G",
            defaultValue = "1",
            description = "Colours grow with |relevance|^(1/G): above 1 small relevances are emphasised (default: "
                    + "${DEFAULT-VALUE}).")
    private double gain;

    @Mixin
    private OutputOptions output;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        require(start >= 0 && !Double.isInfinite(start), "--start " + start + ": expected 0 or more seconds");
        require(gain >= 1 && !Double.isInfinite(gain), "--gain " + gain + ": expected 1 or more");
        AttributionMethod method = AttributionMethod.named(attributorName);
        require(
                subspacesFile == null || (method == AttributionMethod.LRP && againstName == null),
                "--attributor and --against explain decisions as a whole: leave --subspaces out");
        require(
                throughName == null || subspacesFile != null,
                "--through " + throughName + ": needs the subspaces of that class; name their file with --subspaces");
        try (Backend backend = common.backend();
                AudioModel model = AudioModel.load(modelFile, backend)) {
            List<Excerpt> excerpts = excerpts(model);
            Composite composite = composite(model, excerpts);
            List<Assignment> assignments = composite.assignments(model.network());
            if (showRules) {
                common.result(assignments.stream().map(LedgerTable::json).toList(), LedgerTable.lines(assignments));
                return 0;
            }
            OutputFolder folder = output.open();
            Optional<SubspaceSet> subspaces =
                    Optional.ofNullable(subspacesFile).map(file -> Explainer.loadSubspaces(file, model));
            requireClass("--class", className, model);
            requireClass("--against", againstName, model);
            requireClass("--through", throughName, model);
            Question question = new Question(className, againstName, throughName, method);
            try (Explainer explainer =
                    new Explainer(model, composite, subspaces, common.choices().withInverse(inverse.method))) {
                subspaces.ifPresent(set -> requireSubspaces(set, explainer, excerpts));
                ExplainRun run = new ExplainRun(
                        modelFile.toString(),
                        ModelFile.fingerprint(model.network()),
                        model.classNames(),
                        model.network().description().probabilities(),
                        model.frontEnd(),
                        Optional.ofNullable(subspacesFile).map(Path::toString),
                        how(method, explainer),
                        inverse.name().toLowerCase(Locale.ROOT),
                        gain,
                        common.seed);
                ExplanationPictures pictures = new ExplanationPictures(MapView.of(model.frontEnd()), gain);
                explain(explainer, question, excerpts, new ExplanationWriter(folder, run, pictures));
            }
        }
        return 0;
    }

    private String how(AttributionMethod method, Explainer explainer) {
        String rules = method.attributor(0f, common.seed)
                .map(Attributor::name)
                .orElse(explainer.composite().name());
        return againstName == null ? rules : rules + ", against " + againstName;
    }

    /** From the option, a file it names, or the model. */
    private Composite composite(AudioModel model, List<Excerpt> excerpts) throws IOException {
        if (compositeText == null) {
            return model.composite();
        }
        Path file = isPath(compositeText) ? Path.of(compositeText) : null;
        try {
            String text = file != null ? Files.readString(file) : compositeText;
            Composite composite = AudioModel.composite(withBounds(text, model, excerpts));
            requireNamesOfLayers(composite, text, model.network());
            return composite;
        } catch (BadInputException e) {
            throw new BadInputException("--composite" + (file != null ? " " + file : "") + ": " + e.getMessage(), e);
        }
    }

    /**
     * A name in the user's text that no layer has would go unnoticed; those of a named composite are meant for networks
     * of any depth.
     */
    private static void requireNamesOfLayers(Composite composite, String text, Model model) {
        List<Assignment> assignments = composite.assignments(model);
        for (String name : composite.namesWithoutLayer(assignments)) {
            require(
                    !text.contains(name),
                    "no layer that takes a rule has the name " + name + ": there are "
                            + assignments.stream().map(Assignment::layer).collect(Collectors.joining(", "))
                            + "; or say first, depth 2-3, or a kind such as conv");
        }
    }

    /** Puts the bounds of the sounds where the text asks for those of the data. */
    private static String withBounds(String text, AudioModel model, List<Excerpt> excerpts) {
        if (!DATA_BOUNDS.matcher(text).find()) {
            return text;
        }
        float[] bounds = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (Excerpt excerpt : excerpts) {
            for (float value : model.frontEnd().input(excerpt.signal())) {
                bounds[0] = Math.min(bounds[0], value);
                bounds[1] = Math.max(bounds[1], value);
            }
        }
        return DATA_BOUNDS.matcher(text).replaceAll("z-box(" + bounds[0] + ", " + bounds[1] + ")");
    }

    /** Whether a text is the path of a file that is there; a text of rules is no path everywhere. */
    private static boolean isPath(String text) {
        try {
            return Files.isRegularFile(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private List<Excerpt> excerpts(AudioModel model) throws IOException {
        List<Excerpt> excerpts = new ArrayList<>();
        try (Progress progress = common.console().progress("reading sounds", sounds.size())) {
            for (Path sound : sounds) {
                excerpts.add(model.excerpt(Sound.read(sound).from(start, TimeUnit.SECONDS)));
                progress.at(excerpts.size(), sound.toString());
            }
        }
        return excerpts;
    }

    private static void requireClass(String option, String name, AudioModel model) {
        require(
                name == null || model.classNames().contains(name),
                option + " " + name + ": unknown class; the model's classes are "
                        + String.join(", ", model.classNames()));
    }

    /** Where a class has no subspaces, nothing is written before it is sure that no sound needs them. */
    private void requireSubspaces(SubspaceSet set, Explainer explainer, List<Excerpt> excerpts) {
        AudioModel model = explainer.model();
        if (throughName != null) {
            requireSubspaces(set, model.classIndex(throughName), "--through " + throughName);
        } else if (className != null) {
            requireSubspaces(set, model.classIndex(className), "--class " + className);
        } else if (set.all().size() < model.classNames().size()) {
            for (Excerpt excerpt : excerpts) {
                Prediction decision = explainer.predict(excerpt);
                requireSubspaces(
                        set, decision.classIndex(), excerpt.name() + ": the model decides for " + decision.className());
            }
        }
    }

    private void requireSubspaces(SubspaceSet subspaces, int explained, String why) {
        String there = subspaces.all().stream()
                .map(one -> one.provenance().className())
                .collect(Collectors.joining(", "));
        require(
                subspaces.contains(explained),
                why + ", but " + subspacesFile + " holds only subspaces of " + there
                        + "; choose one of these with " + (throughName == null ? "--class" : "--through")
                        + ", or leave --subspaces out");
    }

    private void explain(Explainer explainer, Question question, List<Excerpt> excerpts, ExplanationWriter writer)
            throws IOException {
        List<String> notes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try (Progress progress = common.console().progress("explaining", excerpts.size())) {
            for (int i = 0; i < excerpts.size(); i++) {
                Excerpt excerpt = excerpts.get(i);
                ExplainedSound sound = writer.write(excerpt, explainer.explain(excerpt, question));
                sound.notes().forEach(note -> notes.add(excerpt.name() + ": " + note));
                lines.add(line(sound));
                if (ledger) {
                    lines.addAll(LedgerTable.lines(sound.explanation().conservation()));
                }
                progress.at(i + 1, excerpt.name());
            }
        }
        notes.forEach(common.console()::note); // not among the progress, which would be drawn over them
        lines.add("report: " + writer.writeReport());
        common.result(writer.numbers(), lines);
    }

    private static String line(ExplainedSound sound) {
        Prediction explained = sound.explanation().explained();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %s, probability %.1f %%, logit %.2f",
                sound.excerpt().name(),
                explained.className(),
                100 * explained.probability(),
                explained.logit()));
        for (Part concept : sound.explanation().concepts()) {
            line.append(String.format(Locale.ROOT, ", %s %.0f %%", concept.name(), 100 * concept.share()));
        }
        return line.toString();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BadInputException(message);
        }
    }
}
