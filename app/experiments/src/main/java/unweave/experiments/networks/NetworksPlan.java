package unweave.experiments.networks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import unweave.audio.synthetic.SyntheticParameters;
import unweave.engine.layer.Layer;
import unweave.engine.model.ModelDescription;
import unweave.experiments.synthetic.SyntheticVariant;
import unweave.explain.preset.Preset;
import unweave.explain.preset.SubspacePlan;
import unweave.explain.preset.TrainingPlan;
import unweave.kernels.BadInputException;

/**
 * The networks and what they are scored with.
 *
 * @param training the preset's, or fewer epochs
 * @param sounds of the synthetic set
 * @param samplesPerClass of that set
 * @param seeds one network each; a seed decides set, weights and subspaces, as it does in the demo
 * @param layers whose relevance is split
 * @param subspaces the preset's; its layer is replaced by each of {@code layers}
 * @param randomSeeds random subspaces that are averaged
 * @param complete sounds per class with all their objects to score with; as many others are the oracle's
 * @param flipped test sounds per class for patch flipping
 */
public record NetworksPlan(
        Preset preset,
        TrainingPlan training,
        SyntheticParameters sounds,
        int samplesPerClass,
        List<Long> seeds,
        List<String> layers,
        SubspacePlan subspaces,
        int randomSeeds,
        int complete,
        int flipped) {
    /** Networks to train unless told otherwise. */
    public static final int NETWORKS = 6;

    /** The composite of the thesis for synthetic sounds (B.1). */
    static final String THESIS_RULES = "toy";

    private static final int RANDOM_SEEDS = 3;
    private static final int COMPLETE = 60;
    private static final int FLIPPED = 60;

    /**
     * Where and how relevance is split.
     *
     * @param composite the rules
     * @param subspaces the search, at this layer
     * @param name the layer's name; "(thesis)" behind it where rules and search are not the preset's
     */
    record Place(String composite, SubspacePlan subspaces, String name) {}

    /**
     * Every layer by the preset's rules and in its windows; then the preset's layer, and the one before it, as in the
     * thesis: by its rules, every position by itself.
     */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        int concepts = subspaces.concepts();
        for (String layer : layers) {
            places.add(new Place(preset.composite(), subspaces.at(layer, concepts), layer));
        }
        int preferred = layers.indexOf(subspaces.layer());
        for (int i = Math.max(0, preferred - 1); i <= preferred; i++) {
            String layer = layers.get(i);
            SubspacePlan asInThesis = new SubspacePlan(
                    layer, concepts, subspaces.inputs(), subspaces.positions(), subspaces.steps(), subspaces.starts());
            places.add(new Place(THESIS_RULES, asInThesis, layer + " (thesis)"));
        }
        return places;
    }

    /** What may be reduced; null leaves the default. */
    public record Reductions(Integer epochs, Integer steps, Integer samples, List<String> layers) {}

    /**
     * Networks from consecutive seeds.
     *
     * @param reductions without layers: every convolution, and what the next one reads
     */
    public static NetworksPlan of(
            SyntheticVariant variant, int samplesPerClass, long firstSeed, int networks, Reductions reductions)
            throws IOException {
        Preset preset = variant.preset();
        int most = reductions.samples() == null ? Integer.MAX_VALUE : reductions.samples();
        return new NetworksPlan(
                preset,
                preset.training().with(reductions.epochs(), null, null),
                variant.parameters(),
                samplesPerClass,
                LongStream.range(firstSeed, firstSeed + networks).boxed().toList(),
                reductions.layers() == null ? convolutionsAndWhatFollows(preset) : reductions.layers(),
                preset.subspaces().withSteps(reductions.steps()),
                RANDOM_SEEDS,
                Math.min(COMPLETE, most),
                Math.min(FLIPPED, most));
    }

    /** Networks of another set, at most {@value #NETWORKS}, at the preset's layer alone. */
    public NetworksPlan on(SyntheticVariant variant) throws IOException {
        Preset other = variant.preset();
        return new NetworksPlan(
                other,
                other.training().with(training.epochs(), null, null),
                variant.parameters(),
                samplesPerClass,
                seeds.subList(0, Math.min(NETWORKS, seeds.size())),
                List.of(layers.contains(subspaces.layer()) ? subspaces.layer() : layers.get(layers.size() - 1)),
                subspaces.steps() < preset.subspaces().steps() ? subspaces : other.subspaces(),
                randomSeeds,
                complete,
                flipped);
    }

    /** @throws BadInputException before anything is computed, if a number or a layer makes no sense */
    public NetworksPlan {
        if (seeds.isEmpty()) {
            throw new BadInputException("--networks must be at least 1");
        }
        if (complete < 2 || flipped < 1) {
            throw new BadInputException("--samples must be at least 2");
        }
        for (String layer : layers) {
            preset.requireSplits(layer, subspaces.concepts());
        }
    }

    /** Such as conv1, pool1, conv2, pool2: a convolution, and the last layer before the next one or a dense layer. */
    private static List<String> convolutionsAndWhatFollows(Preset preset) {
        ModelDescription network = network(preset);
        List<String> layers = new ArrayList<>();
        Layer before = null;
        for (Layer layer : network.layers()) {
            boolean flat = network.outputShape(layer.name()).flat();
            if (before != null && (layer.isConvolution() || flat) && !layers.contains(before.name())) {
                layers.add(before.name());
            }
            if (flat) {
                break;
            }
            if (layer.isConvolution()) {
                layers.add(layer.name());
            }
            before = layer;
        }
        return layers;
    }

    private static ModelDescription network(Preset preset) {
        return preset.description(List.of("a", "b")); // the classes do not matter for the layers below the last
    }

    /** Everything that decides the results of one network, by name: further networks and layers may be added. */
    Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("version", 1);
        settings.put("preset", preset.name());
        settings.put("network", preset.network());
        settings.put("spectrogram", preset.spectrogram().toString());
        settings.put("composite", preset.composite());
        settings.put("training", training);
        settings.put("sounds", sounds);
        settings.put("samplesPerClass", samplesPerClass);
        settings.put("concepts", subspaces.concepts());
        settings.put("inputs", subspaces.inputs());
        settings.put("positions", subspaces.positions());
        settings.put("window", subspaces.window());
        settings.put("steps", subspaces.steps());
        settings.put("starts", subspaces.starts());
        settings.put("randomSeeds", randomSeeds);
        settings.put("complete", complete);
        settings.put("flipped", flipped);
        return settings;
    }
}
