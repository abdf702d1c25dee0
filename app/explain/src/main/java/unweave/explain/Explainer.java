package unweave.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unweave.drsa.Method;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.explain.data.InputSet;
import unweave.explain.data.Stems;
import unweave.explain.data.UnreadableFile;
import unweave.explain.evaluate.EvaluationResult;
import unweave.explain.evaluate.EvaluationRun;
import unweave.explain.evaluate.Measure;
import unweave.explain.evaluate.StemResult;
import unweave.explain.evaluate.StemStudy;
import unweave.explain.evaluate.Study;
import unweave.explain.evaluate.SubspaceCollection;
import unweave.explain.subspace.SubspaceFitting;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.Orthogonalization;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

/**
 * Explains a model's decisions about sounds: which parts of the log-mel spectrogram led to the logit of a class
 * (layer-wise relevance propagation), split by the subspaces of that class (two-step attribution, thesis 3.2.3), and
 * each map as a sound (thesis 3.3).
 *
 * <pre>{@code
 * try (Explainer explainer = Explainer.open(Path.of("model.safetensors"), Path.of("subspaces.safetensors"))) {
 *   Explanation why = explainer.explain(Sound.read(Path.of("song.wav")).from(30, SECONDS));
 *   why.decision(); // "jazz", 0.93
 *   why.map(); // relevance [mels][frames], with its axes in Hz and seconds
 *   for (Part concept : why.concepts()) {
 *     concept.sound().write(Path.of(concept.name() + ".wav"));
 *   }
 * }
 * }</pre>
 *
 * Several threads may share one explainer: sounds are read, transformed and made audible side by side, and what runs on
 * the network waits for its turn. Results do not depend on it. {@link BadInputException} is thrown for whatever the
 * caller can mend; any other runtime exception is a defect.
 */
public final class Explainer implements AutoCloseable {
    private final AudioModel model;
    private final Optional<SubspaceSet> subspaces;
    private final LayerwiseRelevance relevance;
    private final FullExplanation full;
    private final Choices choices;
    /** Whether closing closes model and backend. */
    private final boolean opened;

    private Explainer(
            AudioModel model, Composite composite, Optional<SubspaceSet> subspaces, Choices choices, boolean opened) {
        composite.assignments(model.network());
        this.model = model;
        this.subspaces = subspaces;
        this.relevance = new LayerwiseRelevance(composite).withDetailedLedger();
        this.full = new FullExplanation(model, relevance, subspaces, choices);
        this.choices = choices;
        this.opened = opened;
    }

    /**
     * An explainer for a model that is open already.
     *
     * @param model stays the caller's
     * @param composite the rules; those of {@code choices} do not count, nor does its device
     * @param subspaces of this model, to split decisions into concepts; empty to explain them as a whole
     * @throws BadInputException if the composite has no rule for one of the model's layers
     */
    public Explainer(AudioModel model, Composite composite, Optional<SubspaceSet> subspaces, Choices choices) {
        this(model, composite, subspaces, choices, false);
    }

    /** Explains decisions of the model in a file as a whole; see {@link #open(Path, Path, Choices)}. */
    public static Explainer open(Path model) {
        return open(model, null, new Choices());
    }

    /** Explains decisions of the model in a file, split into concepts; see {@link #open(Path, Path, Choices)}. */
    public static Explainer open(Path model, Path subspaces) {
        return open(model, subspaces, new Choices());
    }

    /**
     * Opens a model.
     *
     * @param model file that {@code unweave train} wrote
     * @param subspaces of this model, a file that {@code unweave subspaces} wrote; null to explain decisions as a whole
     * @throws BadInputException in one line, if a file is missing, damaged or does not fit, or a choice is wrong
     */
    public static Explainer open(Path model, Path subspaces, Choices choices) {
        Backend backend = Devices.open(choices.device(), ConvolutionLibrary.OWN, choices.threads(), choices.monitor());
        AudioModel loaded = null;
        try {
            loaded = AudioModel.load(model, backend);
            Composite rules =
                    choices.composite() == null ? loaded.composite() : AudioModel.composite(choices.composite());
            Optional<SubspaceSet> set =
                    subspaces == null ? Optional.empty() : Optional.of(loadSubspaces(subspaces, loaded));
            return new Explainer(loaded, rules, set, choices, true);
        } catch (RuntimeException e) {
            if (loaded != null) {
                loaded.close();
            }
            backend.close();
            throw e;
        }
    }

    /**
     * Reads subspaces of a model.
     *
     * @throws BadInputException in one line, if the file is missing or damaged, or belongs to another model
     */
    public static SubspaceSet loadSubspaces(Path file, AudioModel model) {
        try {
            return SubspaceFile.load(file, model.network());
        } catch (IOException e) {
            throw UnreadableFile.because(e);
        }
    }

    /** The same with other subspaces. It shares this one's model: close it first. */
    public Explainer withSubspaces(SubspaceSet other) {
        return new Explainer(model, composite(), Optional.of(other), choices, false);
    }

    /** The same without subspaces. It shares this one's model: close it first. */
    public Explainer whole() {
        return new Explainer(model, composite(), Optional.empty(), choices, false);
    }

    /** The model with its front end. */
    public AudioModel model() {
        return model;
    }

    /** The rules that relevance is propagated by. */
    public Composite composite() {
        return relevance.composite();
    }

    /** What the rows and columns of all maps stand for. */
    public TimeFrequencyAxes axes() {
        return model.axes();
    }

    /**
     * What the network says about a sound, for every class in the model's order.
     *
     * @throws BadInputException as for {@link #explain(Sound)}
     */
    public List<Prediction> predict(Sound sound) {
        return predictions(model.excerpt(sound));
    }

    /** The class that the model decides for. */
    public Prediction predict(Excerpt excerpt) {
        return Prediction.decision(predictions(excerpt));
    }

    private List<Prediction> predictions(Excerpt excerpt) {
        float[] logMel = model.analyse(excerpt.name(), excerpt.signal()).input();
        float[] logits = model.inTurn(() -> model.network().predict(logMel, 1));
        return Prediction.of(excerpt.name(), model.network().description(), logits);
    }

    /**
     * Decides about many sounds and divides each decision among its concepts, in batches: the numbers of
     * {@link #explain(Excerpt, Question)} without maps and sounds. Decisions for classes without subspaces are not
     * split.
     *
     * @param names for messages
     * @param signals one for each, at the model's sample rate; not silent where the front end refuses that
     * @throws BadInputException if a class of the question does not exist
     */
    public List<Decision> decide(List<String> names, List<float[]> signals, Question question) {
        return new DecisionBatch(model, relevance, subspaces, choices).explain(names, signals, question);
    }

    /** The subspaces that split decisions; empty if they are explained as a whole. */
    public Optional<SubspaceSet> subspaces() {
        return subspaces;
    }

    /**
     * Explains the decision about a sound.
     *
     * @throws BadInputException in one line, if the sound is silent, or there are no subspaces of the class that the
     *     model decides for
     */
    public Explanation explain(Sound sound) {
        return explain(sound, new Question());
    }

    /**
     * Explains what is asked about a sound.
     *
     * @throws BadInputException as {@link #explain(Sound)}, and if a class does not exist
     */
    public Explanation explain(Sound sound, Question question) {
        return explain(model.excerpt(sound), question);
    }

    /** As {@link #explain(Sound, Question)}, for a part that has been chosen. */
    public Explanation explain(Excerpt excerpt, Question question) {
        return full.explain(excerpt, question);
    }

    /**
     * Explains any class through any subspaces of the model, such as random ones or those of another class.
     *
     * @param signal at the model's sample rate; cut to the length of its input, or padded with zeros. Not modified
     */
    public Explanation explain(float[] signal, int classIndex, Subspaces through) {
        return full.explain(signal, classIndex, through);
    }

    /**
     * Finds the subspaces in which the relevance of classes falls apart into concepts (DRSA), as the model's preset
     * says: from sounds that it was trained on. For the settings see {@link SubspaceFitting}.
     *
     * @param sounds of each class, by its name
     * @return for {@link SubspaceFile#save} and {@link #withSubspaces}
     * @throws BadInputException if a class does not exist, or a sound is silent
     */
    public SubspaceSet fit(Map<String, List<Sound>> sounds) {
        InputSet inputs = model.inputs(sounds, choices.threads(), choices.monitor());
        return model.inTurn(() -> {
            List<Subspaces> found = new ArrayList<>();
            try (LayerwiseRelevance rules = new LayerwiseRelevance(composite())) {
                SubspaceFitting fitting = new SubspaceFitting(
                        model.network(),
                        rules,
                        model.settings().subspaces(),
                        Orthogonalization.AUTO,
                        choices.seed(),
                        choices.monitor());
                for (String name : sounds.keySet()) {
                    found.add(fitting.fit(Method.DRSA, fitting.contexts(model.classIndex(name), inputs)));
                }
            }
            return new SubspaceSet(found);
        });
    }

    /**
     * Measures how far the explanations hold, by everything that there is a {@link Measure} for. With sounds of one
     * class it cannot be told whether the model is better than chance, so there are numbers, but no verdicts.
     *
     * @param sounds of each class, by its name; some that the model was not trained on
     * @throws BadInputException if there are no subspaces, or none of one of these classes
     */
    public EvaluationResult evaluate(Map<String, List<Sound>> sounds) {
        return evaluate(sounds, EnumSet.allOf(Measure.class));
    }

    /** As {@link #evaluate(Map)}, by some measures. */
    public EvaluationResult evaluate(Map<String, List<Sound>> sounds, Set<Measure> measures) {
        SubspaceSet set = requireSubspaces();
        InputSet inputs = model.inputs(sounds, choices.threads(), choices.monitor());
        List<Integer> classes =
                sounds.keySet().stream().map(model::classIndex).sorted().toList();
        return model.inTurn(() -> {
            try (LayerwiseRelevance rules = new LayerwiseRelevance(composite())) {
                Study study = new Study(
                        model.network(),
                        rules,
                        classes,
                        inputs,
                        model.frontEnd().flipped(),
                        choices.seed(),
                        choices.monitor());
                float silence = model.frontEnd().silence();
                return new EvaluationRun(study, inputs, SubspaceCollection.variants(set.all()), measures, silence)
                        .run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Measures which concept answers to which part of recordings.
     *
     * @param recordings see {@link AudioModel#stems}; the class of each is explained, or else the one that the model
     *     decides for
     * @param excerpts at most so many of each recording
     * @return one result for each class, layer and number of concepts
     * @throws BadInputException if there are no subspaces, or no recording of a class that has some
     */
    public List<StemResult> evaluateStems(List<Stems> recordings, int excerpts) {
        SubspaceSet set = requireSubspaces();
        return model.inTurn(() -> {
            try (LayerwiseRelevance rules = new LayerwiseRelevance(composite())) {
                StemStudy study = new StemStudy(
                        model.network(),
                        rules,
                        model.frontEnd(),
                        SubspaceCollection.variants(set.all()),
                        new StemStudy.Choice(List.of(), false),
                        excerpts,
                        choices.monitor());
                recordings.forEach(study::add);
                return study.results();
            }
        });
    }

    private SubspaceSet requireSubspaces() {
        return subspaces.orElseThrow(
                () -> new BadInputException("there are no subspaces to evaluate: open the model with some"));
    }

    /** Frees what was computed from the model's weights and, where this object opened them, model and device. */
    @Override
    public void close() {
        model.inTurn(() -> {
            relevance.close();
            return null;
        });
        if (opened) {
            Backend backend = model.network().backend();
            model.close();
            backend.close();
        }
    }
}
