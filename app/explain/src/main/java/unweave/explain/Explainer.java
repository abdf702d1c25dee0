package unweave.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import unweave.audio.sonify.RelevanceMask;
import unweave.audio.sonify.Sonification;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelInverse;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.drsa.ConceptMaps;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.explain.data.Parallel;
import unweave.explain.preset.ModelSettings;
import unweave.explain.progress.Progress;
import unweave.kernels.Spans;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Target;

/**
 * Explains a model's decisions about sounds: which parts of the log-mel spectrogram led to the logit of a class
 * (layer-wise relevance propagation), split by the subspaces of that class (two-step attribution, thesis 3.2.3), and
 * each map as a sound (thesis 3.3).
 *
 * <pre>{@code
 * try (Explainer explainer = new Explainer(model, settings, Composite.toy(), Optional.of(subspaces))) {
 *   Explanation explanation = explainer.explain(signal);
 *   float[] strongestConcept = explanation.concepts().get(0).relevance();
 * }
 * }</pre>
 *
 * Closing frees what was computed from the model's weights, not the model. It belongs to one thread at a time, as the
 * model's backend does.
 */
public final class Explainer implements AutoCloseable {
    private final Model model;
    private final ModelSettings settings;
    private final Optional<SubspaceSet> subspaces;
    private final LayerwiseRelevance relevance;
    private final LogMel frontEnd;
    private final Sonification sonification;
    private final int threads;
    private final TimeFrequencyAxes axes;

    /** An explainer whose sounds are made with the pseudo-inverse of the mel filter bank, by the calling thread. */
    public Explainer(Model model, ModelSettings settings, Composite composite, Optional<SubspaceSet> subspaces) {
        this(model, settings, composite, subspaces, MelInverse.Method.PSEUDO_INVERSE, 1);
    }

    /**
     * An explainer for one model.
     *
     * @param subspaces of this model, to split decisions into concepts; empty to explain them as a whole
     * @param inverse how sounds are made from mel bands
     * @param threads to make the sounds of an explanation with, 0 for one per processor
     * @throws IllegalArgumentException if the model does not read the spectrograms that the settings describe, or the
     *     composite has no rule for one of its layers
     */
    public Explainer(
            Model model,
            ModelSettings settings,
            Composite composite,
            Optional<SubspaceSet> subspaces,
            MelInverse.Method inverse,
            int threads) {
        requireInput(model.description().input(), settings.spectrogram());
        composite.assignments(model);
        this.model = model;
        this.settings = settings;
        this.subspaces = subspaces;
        this.relevance = new LayerwiseRelevance(composite).withDetailedLedger();
        this.frontEnd = new LogMel(settings.spectrogram());
        this.sonification =
                new Sonification(frontEnd, new RelevanceMask(), new MelInverse(frontEnd.filterBank()), inverse);
        this.threads = threads;
        SpectrogramSettings spectrogram = settings.spectrogram();
        this.axes =
                new TimeFrequencyAxes(frontEnd.filterBank().centreHz(), spectrogram.frames(), spectrogram.secondsAt(1));
    }

    /**
     * Checks that a model reads what its front end makes.
     *
     * @throws IllegalArgumentException if not
     */
    public static void requireInput(LayerShape input, SpectrogramSettings spectrogram) {
        if (input.height() != spectrogram.mels() || input.width() != spectrogram.frames() || input.channels() != 1) {
            throw new IllegalArgumentException(
                    "the model reads inputs of " + input + ", but its preprocessing makes spectrograms of "
                            + spectrogram.mels() + " mels x " + spectrogram.frames() + " frames");
        }
    }

    public Model model() {
        return model;
    }

    public ModelSettings settings() {
        return settings;
    }

    public Composite composite() {
        return relevance.composite();
    }

    /** What the rows and columns of all maps stand for. */
    public TimeFrequencyAxes axes() {
        return axes;
    }

    /**
     * The class that the model decides for.
     *
     * @param signal as for {@link #explain(float[])}
     */
    public int predict(float[] signal) {
        return Explanation.indexOfLargest(finite(model.predict(frontEnd.logMel(signal), 1)));
    }

    /**
     * Explains the class that the model decides for.
     *
     * @param signal at the model's sample rate; cut to the length of its input, or padded with zeros. Not modified
     * @throws IllegalArgumentException if the signal is silent or holds values that are not numbers, or there are no
     *     subspaces of the class
     */
    public Explanation explain(float[] signal) {
        return explain(signal, predict(signal));
    }

    /** As {@link #explain(float[])}, for any class. */
    public Explanation explain(float[] signal, int classIndex) {
        return explain(signal, classIndex, subspaces.map(set -> set.ofClass(classIndex)));
    }

    /**
     * As {@link #explain(float[])}, for any class through any subspaces of the model, such as random ones or those of
     * another class.
     */
    public Explanation explain(float[] signal, int classIndex, Optional<Subspaces> through) {
        LogMel.Analysis input = analyse(signal);
        return through.isPresent()
                ? split(input, classIndex, through.get())
                : whole(input, relevance, Target.of(classIndex));
    }

    /**
     * Explains by any method, not split into concepts.
     *
     * @param against the class whose logit is subtracted from that of {@code classIndex} ("why this and not that"), or
     *     -1 for none
     */
    public Explanation explain(float[] signal, int classIndex, int against, Attributor attributor) {
        return whole(analyse(signal), attributor, new Target(new int[] {classIndex}, new int[] {against}));
    }

    private LogMel.Analysis analyse(float[] signal) {
        try (Spans.Span span = model.backend().spans().open("audio", "log-mel")) {
            return frontEnd.analyse(signal);
        }
    }

    /** The attributor that this object's rules are. */
    public Attributor rules() {
        return relevance;
    }

    /**
     * The smallest and the largest value of some inputs, for rules that need bounds.
     *
     * @param signals as for {@link #explain(float[])}
     */
    public static float[] bounds(SpectrogramSettings spectrogram, List<float[]> signals) {
        LogMel frontEnd = new LogMel(spectrogram);
        float[] bounds = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (float[] signal : signals) {
            for (float value : frontEnd.logMel(signal)) {
                bounds[0] = Math.min(bounds[0], value);
                bounds[1] = Math.max(bounds[1], value);
            }
        }
        return bounds;
    }

    private Explanation whole(LogMel.Analysis input, Attributor attributor, Target target) {
        int classIndex = target.classes()[0];
        Attribution attribution = attributor.attribute(model, input.logMel(), 1, target);
        RelevanceMap standard = maps(input, attribution.map(0), new float[0][]).get(0);
        Conservation conservation =
                new Conservation(attribution.start()[0], Double.NaN, standard.sum(), Double.NaN, attribution.layers());
        return new Explanation(
                input, finite(attribution.logits()), classIndex, Optional.empty(), standard, List.of(), conservation);
    }

    private Explanation split(LogMel.Analysis input, int classIndex, Subspaces through) {
        ConceptMaps maps = new TwoStepAttribution(model, relevance, through).attribute(input.logMel(), classIndex);
        List<RelevanceMap> audible = maps(input, maps.standard()[0], maps.concepts()[0]);
        RelevanceMap standard = audible.get(0);
        List<RelevanceMap> concepts = audible.subList(1, audible.size());
        Conservation conservation = new Conservation(
                maps.attributedLogit(0),
                maps.layerRelevance()[0],
                standard.sum(),
                maps.conceptSumError(0),
                maps.ledger().entries());
        return new Explanation(
                input, finite(maps.logits()[0]), classIndex, Optional.of(through), standard, concepts, conservation);
    }

    /** The standard map and those of the concepts, each with its sound; the sounds are made at the same time. */
    private List<RelevanceMap> maps(LogMel.Analysis input, float[] standard, float[][] concepts) {
        RelevanceMap[] maps = new RelevanceMap[1 + concepts.length];
        try {
            Parallel.run(maps.length, threads, Progress.none(), i -> {
                String name = i == 0 ? RelevanceMap.STANDARD : RelevanceMap.conceptName(i);
                float[] relevance = i == 0 ? standard : concepts[i - 1];
                try (Spans.Span span = model.backend().spans().open("audio", "sound of " + name)) {
                    maps[i] = new RelevanceMap(name, relevance, sonification.sound(input, relevance));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(maps);
    }

    private static float[] finite(float[] logits) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("the model gives the logits " + Arrays.toString(logits)
                        + "; its weights cannot be used, train it again");
            }
        }
        return logits;
    }

    @Override
    public void close() {
        relevance.close();
    }
}
