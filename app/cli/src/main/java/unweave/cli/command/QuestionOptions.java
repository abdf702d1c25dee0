package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import unweave.audio.spectral.MelInverse;
import unweave.drsa.SubspaceSet;
import unweave.engine.file.InputFile;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.explain.AttributionMethod;
import unweave.explain.AudioModel;
import unweave.explain.Explainer;
import unweave.explain.Prediction;
import unweave.explain.Question;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;
import unweave.lrp.Assignment;
import unweave.lrp.Attributor;
import unweave.lrp.Composite;
import unweave.report.explanation.ExplainRun;

/** What is asked about a decision, and by which rules it is answered: the same for one sound and for many. */
final class QuestionOptions {
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

    private Optional<SubspaceSet> subspaces = Optional.empty();

    /** @throws BadInputException if options do not go together, whatever the model */
    void require() {
        require(gain >= 1 && !Double.isInfinite(gain), "--gain " + gain + ": expected 1 or more");
        require(
                subspacesFile == null || (method() == AttributionMethod.LRP && againstName == null),
                "--attributor and --against explain decisions as a whole: leave --subspaces out");
        require(
                throughName == null || subspacesFile != null,
                "--through " + throughName + ": needs the subspaces of that class; name their file with --subspaces");
    }

    private AttributionMethod method() {
        return AttributionMethod.named(attributorName);
    }

    /** The question itself. */
    Question question() {
        return new Question(className, againstName, throughName, method());
    }

    /** How strongly pictures emphasise small relevances. */
    double gain() {
        return gain;
    }

    /**
     * The rules: from the option, a file it names, or the model.
     *
     * @param sounds asked for the bounds of their inputs only where the rules need them
     */
    Composite composite(AudioModel model, ExplainJob sounds) throws IOException {
        if (compositeText == null) {
            return model.composite();
        }
        Path file = isPath(compositeText) ? Path.of(compositeText) : null;
        try {
            if (file != null) {
                InputFile.require(file);
            }
            String text = file != null ? Files.readString(file) : compositeText;
            Composite composite = AudioModel.composite(withBounds(text, sounds));
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
    private static String withBounds(String text, ExplainJob sounds) throws IOException {
        if (!DATA_BOUNDS.matcher(text).find()) {
            return text;
        }
        float[] bounds = sounds.bounds();
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

    /**
     * Opens what answers the question.
     *
     * @throws BadInputException if a class does not exist, or the subspaces do not fit or lack a class that was named
     */
    Explainer explainer(AudioModel model, Composite composite, CommonOptions common) {
        subspaces = Optional.ofNullable(subspacesFile).map(file -> Explainer.loadSubspaces(file, model));
        requireClass("--class", className, model);
        requireClass("--against", againstName, model);
        requireClass("--through", throughName, model);
        if (throughName != null) {
            requireSubspaces(model.classIndex(throughName), "--through " + throughName);
        } else if (className != null) {
            requireSubspaces(model.classIndex(className), "--class " + className);
        }
        return new Explainer(model, composite, subspaces, common.choices().withInverse(inverse.method));
    }

    private static void requireClass(String option, String name, AudioModel model) {
        require(
                name == null || model.classNames().contains(name),
                option + " " + name + ": unknown class" + (name == null ? "" : Spelling.hint(name, model.classNames()))
                        + "; the model's classes are "
                        + String.join(", ", model.classNames()));
    }

    /** Whether it takes the decision about a sound to know if there are subspaces to explain it with. */
    boolean needsDecision(AudioModel model) {
        return className == null
                && throughName == null
                && subspaces
                        .filter(set -> set.all().size() < model.classNames().size())
                        .isPresent();
    }

    /** @throws BadInputException if the sound cannot be explained, as its class has no subspaces */
    void requireSubspaces(String sound, Prediction decision) {
        requireSubspaces(decision.classIndex(), sound + ": the model decides for " + decision.className());
    }

    private void requireSubspaces(int explained, String why) {
        if (subspaces.isEmpty() || subspaces.get().contains(explained)) {
            return;
        }
        String there = subspaces.get().all().stream()
                .map(one -> one.provenance().className())
                .collect(Collectors.joining(", "));
        throw new BadInputException(why + ", but " + subspacesFile + " holds only subspaces of " + there
                + "; choose one of these with " + (throughName == null ? "--class" : "--through")
                + ", or leave --subspaces out");
    }

    /** What all explanations of the run share, for the record. */
    ExplainRun run(Path modelFile, Explainer explainer, long seed) {
        AudioModel model = explainer.model();
        return new ExplainRun(
                modelFile.toString(),
                ModelFile.fingerprint(model.network()),
                model.classNames(),
                model.network().description().probabilities(),
                model.frontEnd(),
                Optional.ofNullable(subspacesFile).map(Path::toString),
                how(explainer, seed),
                inverse.name().toLowerCase(Locale.ROOT),
                gain,
                seed);
    }

    private String how(Explainer explainer, long seed) {
        String rules = method().attributor(0f, seed)
                .map(Attributor::name)
                .orElse(explainer.composite().name());
        return againstName == null ? rules : rules + ", against " + againstName;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BadInputException(message);
        }
    }
}
