package unweave.experiments.reproduce;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.layer.Layer;
import unweave.engine.model.ModelDescription;
import unweave.explain.preset.Preset;
import unweave.explain.preset.TrainingPlan;
import unweave.kernels.BadInputException;
import unweave.report.evaluation.MapPictures;

/**
 * The settings of a chapter. The defaults are the thesis' and were fixed before any result was seen.
 *
 * @param training the preset's, or fewer epochs
 * @param layers whose relevance is split
 * @param layer that the figures are of
 * @param concepts K
 * @param otherConcepts other choices of K (thesis Fig. C.7, C.8)
 * @param full whether these are searched at all layers, as the thesis has it (4.2.1), and not only at {@code layer}
 * @param steps of gradient ascent per start; inputs, positions and starts are the preset's
 * @param randomSeeds random subspaces that are averaged
 * @param otherStarts single searches from other starts, whose subspaces are compared
 * @param shuffledLabels whether a second network is trained, on shuffled labels, for the sanity check
 * @param colourGain 1 for relevance maps with colours in proportion, 2 for small relevances emphasised, as the thesis
 *     has them from 4.2.2 on
 * @param sizes how many inputs each step takes
 */
public record ChapterPlan(
        Preset preset,
        TrainingPlan training,
        List<String> layers,
        String layer,
        int concepts,
        List<Integer> otherConcepts,
        boolean full,
        int steps,
        int randomSeeds,
        int otherStarts,
        boolean shuffledLabels,
        double colourGain,
        Sizes sizes,
        long seed) {
    private static final int RANDOM_SEEDS = 3; // thesis Table 4.4
    private static final int OTHER_STARTS = 3;
    private static final int CONCEPTS = 4;
    private static final List<Integer> OTHER_CONCEPTS = List.of(2, 8);

    /**
     * Inputs per class.
     *
     * @param flipping for patch flipping (Table 4.4, Fig. 4.10)
     * @param gamma for the choice of gamma (Fig. B.1)
     * @param histogram for the distribution of relevance (Fig. B.3)
     * @param measures for faithfulness, disentanglement, sanity checks and object recovery
     * @param shown in figures
     */
    public record Sizes(int flipping, int gamma, int histogram, int measures, int shown) {
        /** No more than this of anything; null leaves all. */
        Sizes atMost(Integer samples) {
            return samples == null
                    ? this
                    : new Sizes(
                            samples,
                            Math.min(gamma, samples),
                            Math.min(histogram, samples),
                            Math.min(measures, samples),
                            Math.min(shown, samples));
        }
    }

    /**
     * What may be reduced; null leaves the default.
     *
     * @param full whether the other choices of K are made at all layers: the one part that the default reduces
     */
    public record Reductions(Integer epochs, Integer steps, Integer samples, List<String> layers, boolean full) {}

    /**
     * Chapter 4.1, with the evaluation of 4.2.3 and the appendices: all test sounds, the numbers of inputs of B.1 and
     * B.3 shared out among two classes.
     */
    public static ChapterPlan synthetic(Preset preset, Reductions reductions, long seed) {
        return of(preset, reductions, "conv3", true, 1, new Sizes(400, 100, 300, 100, 3), seed);
    }

    /** Chapter 4.2 and the appendices: 1000 test inputs, 200 for B.1, 600 for B.3, of ten classes. */
    public static ChapterPlan music(Preset preset, Reductions reductions, long seed) {
        return of(preset, reductions, "conv4", false, MapPictures.EMPHASIS, new Sizes(100, 20, 60, 20, 3), seed);
    }

    private static ChapterPlan of(
            Preset preset,
            Reductions reductions,
            String figureLayer,
            boolean shuffledLabels,
            double colourGain,
            Sizes sizes,
            long seed) {
        List<String> layers = reductions.layers() == null ? convolutions(preset) : reductions.layers();
        return new ChapterPlan(
                preset,
                preset.training().with(reductions.epochs(), null, null),
                layers,
                layers.contains(figureLayer) ? figureLayer : layers.get(layers.size() - 1),
                CONCEPTS,
                OTHER_CONCEPTS,
                reductions.full(),
                reductions.steps() == null ? preset.subspaces().steps() : reductions.steps(),
                RANDOM_SEEDS,
                OTHER_STARTS,
                shuffledLabels,
                colourGain,
                sizes.atMost(reductions.samples()),
                seed);
    }

    private static List<String> convolutions(Preset preset) {
        return network(preset).layers().stream()
                .filter(Layer::isConvolution)
                .map(Layer::name)
                .toList();
    }

    private static ModelDescription network(Preset preset) {
        return preset.description(List.of("a", "b")); // the classes do not matter for the layers below the last
    }

    /**
     * @throws BadInputException before anything is computed, if a layer does not exist or cannot be shared out among K
     *     subspaces
     */
    public ChapterPlan {
        for (int size : new int[] {sizes.flipping, sizes.gamma, sizes.histogram, sizes.measures, sizes.shown}) {
            if (size < 1) {
                throw new BadInputException("--samples must be at least 1");
            }
        }
        if (steps < 0 || layers.isEmpty()) {
            throw new BadInputException("--steps must be at least 0, and there must be a layer to split");
        }
        for (String name : layers) {
            preset.requireSplits(name, concepts);
        }
        for (String name : full ? layers : List.of(layer)) {
            for (int other : otherConcepts) {
                preset.requireSplits(name, other);
            }
        }
    }

    /** Where the other choices of K are made. */
    List<String> otherLayers() {
        return full ? layers : List.of(layer);
    }

    /** Everything that decides the results, by name. */
    Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("version", 4);
        settings.put("preset", preset.name());
        settings.put("network", preset.network());
        settings.put("spectrogram", preset.spectrogram().toString());
        settings.put("composite", preset.composite());
        settings.put("training", training);
        settings.put("layers", layers);
        settings.put("layer", layer);
        settings.put("concepts", concepts);
        settings.put("otherConcepts", otherConcepts);
        settings.put("full", full);
        settings.put("subspaces", preset.subspaces());
        settings.put("steps", steps);
        settings.put("randomSeeds", randomSeeds);
        settings.put("otherStarts", otherStarts);
        settings.put("shuffledLabels", shuffledLabels);
        settings.put("colourGain", colourGain);
        settings.put("samples", sizes);
        settings.put("seed", seed);
        return settings;
    }
}
