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
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.audio.spectral.MelInverse;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceSet;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.explain.AttributionMethod;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.ModelToExplain;
import unweave.explain.RelevanceMap;
import unweave.explain.data.SoundLoader;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.ModelSettings;
import unweave.explain.progress.Progress;
import unweave.kernels.Backend;
import unweave.lrp.Assignment;
import unweave.lrp.Attributor;
import unweave.lrp.Composite;
import unweave.lrp.CompositeText;
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
            "Shows and sounds out what a model's decisions about sounds rest on.",
            "",
            "For each sound a folder with pictures (PNG), sounds (WAV), arrays (NPY) and numbers (JSON); for all one report.html."
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

    @Parameters(index = "0", paramLabel = "MODEL", description = "Model file that 'unweave train' wrote.")
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
            description =
                    "Subspaces of this model that 'unweave subspaces' wrote; without them decisions are explained but not split into concepts.")
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
                "Relevance rules: a name, a text such as \"epsilon-plus; first: z-box(-4, 2); depth 2-3: gamma(0.4)\", or a file with such"
                        + " lines (default: those of the model's preset). z-box(data) takes the bounds of the explained sounds. Names: toy, gtzan, epsilon-plus, epsilon-plus-flat, epsilon-alpha2-beta1,"
                        + " epsilon-alpha2-beta1-flat, epsilon-gamma, excitation, lrp-0."
            })
    private String compositeText;

    @Option(
            names = "--attributor",
            paramLabel = "NAME",
            defaultValue = "lrp",
            description =
                    "Another method than propagation by rules, for comparison; not with --subspaces: lrp, gradient, gradient-x-input,"
                            + " integrated-gradients, smoothgrad, occlusion, guided-backprop, deconvnet, smooth-relu (default: ${DEFAULT-VALUE}).")
    private String attributorName;

    @Option(
            names = "--against",
            paramLabel = "NAME",
            description =
                    "Explain the logit of the class minus that of this one: why the one and not the other. Not with --subspaces.")
    private String againstName;

    @Option(names = "--show-rules", description = "Only list every layer, the rule it would get and why.")
    private boolean showRules;

    @Option(
            names = "--ledger",
            description =
                    "Print what became of the relevance at every layer: to inputs, to biases, to the stabiliser, dropped.")
    private boolean ledger;

    @Option(
            names = "--inverse",
            paramLabel = "METHOD",
            defaultValue = "pinv",
            description =
                    "From mel bands to sound: pinv, the pseudo-inverse, or nnls, a fit for every frame, better and slower"
                            + " (default: ${DEFAULT-VALUE}).")
    private Inverse inverse;

    @Option(
            names = "--gain",
            paramLabel = "G",
            defaultValue = "1",
            description =
                    "Colours grow with |relevance|^(1/G): above 1 small relevances are emphasised (default: ${DEFAULT-VALUE}).")
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
        try (Backend backend = common.backend();
                Model model = ModelToExplain.load(modelFile, backend)) {
            ModelSettings settings = ModelSettings.of(model.description(), modelFile.toString());
            List<Excerpt> excerpts = excerpts(settings);
            Composite composite = composite(model, settings, excerpts);
            List<Assignment> assignments = composite.assignments(model);
            if (showRules) {
                common.result(assignments.stream().map(LedgerTable::json).toList(), LedgerTable.lines(assignments));
                return 0;
            }
            OutputFolder folder = output.open();
            Optional<SubspaceSet> subspaces =
                    subspacesFile == null ? Optional.empty() : Optional.of(SubspaceFile.load(subspacesFile, model));
            try (Explainer explainer =
                    new Explainer(model, settings, composite, subspaces, inverse.method, common.threads)) {
                int[] classes = classes(explainer, subspaces, excerpts);
                ExplainRun run = new ExplainRun(
                        modelFile.toString(),
                        ModelFile.fingerprint(model),
                        model.description().classNames(),
                        settings.spectrogram(),
                        Optional.ofNullable(subspacesFile).map(Path::toString),
                        how(method, explainer),
                        inverse.name().toLowerCase(Locale.ROOT),
                        gain,
                        common.seed);
                explain(
                        explainer,
                        method,
                        excerpts,
                        classes,
                        new ExplanationWriter(folder, run, new ExplanationPictures(explainer.axes(), gain)));
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
    private Composite composite(Model model, ModelSettings settings, List<Excerpt> excerpts) throws IOException {
        if (compositeText == null) {
            return CompositeText.parse(settings.composite());
        }
        Path file = isPath(compositeText) ? Path.of(compositeText) : null;
        try {
            String text = file != null ? Files.readString(file) : compositeText;
            Composite composite = CompositeText.parse(withBounds(text, settings, excerpts));
            requireNamesOfLayers(composite, text, model);
            return composite;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--composite" + (file != null ? " " + file : "") + ": " + e.getMessage(), e);
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
    private static String withBounds(String text, ModelSettings settings, List<Excerpt> excerpts) {
        if (!DATA_BOUNDS.matcher(text).find()) {
            return text;
        }
        float[] bounds = Explainer.bounds(
                settings.spectrogram(), excerpts.stream().map(Excerpt::signal).toList());
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

    private List<Excerpt> excerpts(ModelSettings settings) throws IOException {
        SoundLoader loader = new SoundLoader(settings.spectrogram().sampleRate());
        List<Excerpt> excerpts = new ArrayList<>();
        try (Progress progress = common.console().progress("reading sounds", sounds.size())) {
            for (Path sound : sounds) {
                excerpts.add(Excerpt.read(loader, sound, start, settings.spectrogram()));
                progress.at(excerpts.size(), sound.toString());
            }
        }
        return excerpts;
    }

    /** The class to explain of every sound; where there are subspaces, there are some of this class. */
    private int[] classes(Explainer explainer, Optional<SubspaceSet> subspaces, List<Excerpt> excerpts) {
        List<String> names = explainer.model().description().classNames();
        require(
                className == null || names.contains(className),
                "--class " + className + ": unknown class; the classes of " + modelFile + " are "
                        + String.join(", ", names));
        int[] classes = new int[excerpts.size()];
        for (int i = 0; i < classes.length; i++) {
            Excerpt excerpt = excerpts.get(i);
            int explained = className == null
                    ? about(excerpt, () -> explainer.predict(excerpt.signal()))
                    : names.indexOf(className);
            String why = className == null
                    ? excerpt.file() + ": the model decides for " + names.get(explained)
                    : "--class " + className;
            subspaces.ifPresent(set -> requireSubspaces(set, explained, why));
            classes[i] = explained;
        }
        return classes;
    }

    private void requireSubspaces(SubspaceSet subspaces, int explained, String why) {
        String there = subspaces.all().stream()
                .map(one -> one.provenance().className())
                .collect(Collectors.joining(", "));
        require(
                subspaces.contains(explained),
                why + ", but " + subspacesFile + " holds only subspaces of " + there
                        + "; choose one of these with --class, or leave --subspaces out");
    }

    private void explain(
            Explainer explainer,
            AttributionMethod method,
            List<Excerpt> excerpts,
            int[] classes,
            ExplanationWriter writer)
            throws IOException {
        float silence = (float) explainer.settings().spectrogram().floor();
        Optional<Attributor> attributor = method.attributor(silence, common.seed);
        int against = againstName == null
                ? -1
                : explainer.model().description().classNames().indexOf(againstName);
        require(
                againstName == null || against >= 0,
                "--against " + againstName + ": unknown class; the classes of " + modelFile + " are "
                        + String.join(", ", explainer.model().description().classNames()));
        List<String> notes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try (Progress progress = common.console().progress("explaining", excerpts.size())) {
            for (int i = 0; i < classes.length; i++) {
                Excerpt excerpt = excerpts.get(i);
                int classIndex = classes[i];
                ExplainedSound sound = writer.write(
                        excerpt,
                        about(
                                excerpt,
                                () -> attributor.isPresent() || against >= 0
                                        ? explainer.explain(
                                                excerpt.signal(),
                                                classIndex,
                                                against,
                                                attributor.orElse(explainer.rules()))
                                        : explainer.explain(excerpt.signal(), classIndex)));
                sound.notes().forEach(note -> notes.add(excerpt.file() + ": " + note));
                lines.add(line(sound));
                if (ledger) {
                    lines.addAll(LedgerTable.lines(sound.explanation().conservation()));
                }
                progress.at(i + 1, excerpt.file().toString());
            }
        }
        notes.forEach(common.console()::note); // not among the progress, which would be drawn over them
        lines.add("report: " + writer.writeReport());
        common.result(writer.numbers(), lines);
    }

    private static String line(ExplainedSound sound) {
        Explanation explanation = sound.explanation();
        int explained = explanation.classIndex();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %s, probability %.1f %%, logit %.2f",
                sound.excerpt().file(),
                sound.run().classNames().get(explained),
                100 * explanation.probabilities()[explained],
                explanation.logits()[explained]));
        for (RelevanceMap concept : explanation.concepts()) {
            line.append(String.format(Locale.ROOT, ", %s %.0f %%", concept.name(), 100 * explanation.share(concept)));
        }
        return line.toString();
    }

    /** Puts the sound's name before what is wrong with it. */
    private static <T> T about(Excerpt excerpt, Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(excerpt.file() + ": " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
