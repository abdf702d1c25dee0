package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.model.Model;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

/**
 * The cascading parameter randomisation test (Adebayo et al. 2018): the parameters of the network are replaced by
 * random ones of an untrained network, layer by layer from the top, and after every layer the standard maps are
 * compared with those of the trained network. An explanation that depends on the learned parameters changes; one that
 * stays similar works like an edge detector. Rules that only follow positive contributions are known to stay similar
 * (Sixt, Granz and Landgraf 2020), and so do all maps where the input is 0 or silent.
 */
public final class ParameterRandomization {
    private final Model model;
    private final Composite composite;
    private final long seed;

    /**
     * A test of explanations of {@code model} with the rules of {@code composite}.
     *
     * @param seed decides the random parameters; every layer has the same ones in all steps
     */
    public ParameterRandomization(Model model, Composite composite, long seed) {
        this.model = model;
        this.composite = composite;
        this.seed = seed;
    }

    /**
     * The maps after one more layer was randomised.
     *
     * @param layer the layer randomised last; all above it are random too
     * @param changes of every input's map against that of the trained network
     */
    public record Step(String layer, List<MapChange> changes) {
        public Step {
            changes = List.copyOf(changes);
        }
    }

    /** The layers that have parameters, from the top. */
    public List<String> layers() {
        List<String> layers = new ArrayList<>(model.description().parameters().stream()
                .map(ParameterDescription::layer)
                .distinct()
                .toList());
        Collections.reverse(layers);
        return layers;
    }

    /**
     * Runs the test; the model itself stays as it is.
     *
     * @param inputs classes.length x H x W x C values; not modified
     * @param classes the attributed class of every input; the same one before and after
     * @param progress receives the number of layers done
     * @return one step for every layer that has parameters, from the top
     */
    public List<Step> run(float[] inputs, int[] classes, EvaluationProgress progress) {
        Samples.require(model, inputs, classes);
        float[] exactly = Arrays.copyOf(
                inputs, classes.length * model.description().input().features());
        float[][] before = maps(model, exactly, classes);
        List<String> layers = layers();
        List<Step> steps = new ArrayList<>();
        ProgressClock clock = new ProgressClock(progress, layers.size());
        for (String layer : layers) {
            try (Model random = randomizedDownTo(layer)) {
                steps.add(new Step(
                        layer,
                        MapChange.between(
                                before,
                                maps(random, exactly, classes),
                                model.description().input().height(),
                                model.description().input().width())));
            }
            clock.done(steps.size());
        }
        return steps;
    }

    /** A copy of the model in which that layer and all above it are random. */
    Model randomizedDownTo(String layer) {
        List<String> layers = layers();
        List<String> random = layers.subList(0, layers.indexOf(layer) + 1);
        Map<String, float[]> weights = new LinkedHashMap<>(model.weights());
        Model untrained = Model.create(model.description(), model.backend(), seed);
        Map<String, float[]> fresh = untrained.weights();
        for (ParameterDescription parameter : model.description().parameters()) {
            if (random.contains(parameter.layer())) {
                weights.put(parameter.name(), fresh.get(parameter.name()));
            }
        }
        untrained.setWeights(weights);
        return untrained;
    }

    private float[][] maps(Model explained, float[] inputs, int[] classes) {
        // Transformed weights are cached per network, so every network has its own cache.
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(composite)) {
            return StandardMaps.of(explained, relevance, inputs, classes);
        }
    }
}
