package unweave.drsa.evaluation;

import java.util.List;
import java.util.stream.Stream;
import unweave.engine.layer.Layer;
import unweave.engine.model.Model;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

/**
 * The choice of gamma (thesis B.1.1, Fig. B.1): patch flipping of the standard maps for a grid of values, with the same
 * gamma in all convolutions but the first, or with one that falls from layer to layer: gamma, gamma, gamma / 2, gamma /
 * 4, ... (0.4 0.4 0.2 0.1 in conv2 to conv5, Table 4.3). The first layer and the dense layers keep the rules of the
 * composite it starts from.
 */
public final class GammaGrid {
    /** The default grid; it contains the thesis' choice, 0.4. */
    public static final List<Float> DEFAULT_GAMMAS = List.of(0f, 0.1f, 0.2f, 0.4f, 0.8f);

    private final Model model;
    private final Composite base;
    private final PatchFlipping flipping;

    /** A grid for {@code model}; {@code base} gives the rules of all other layers. */
    public GammaGrid(Model model, Composite base, PatchFlipping flipping) {
        this.model = model;
        this.base = base;
        this.flipping = flipping;
    }

    /**
     * One point of the grid.
     *
     * @param gamma gamma of the second convolution
     * @param falling whether it falls from layer to layer
     */
    public record Setting(float gamma, boolean falling) {}

    /** All points: every gamma uniform, then every gamma falling. */
    public static List<Setting> settings(List<Float> gammas) {
        return Stream.of(false, true)
                .flatMap(falling -> gammas.stream().map(gamma -> new Setting(gamma, falling)))
                .toList();
    }

    /** The rules of one point. */
    public Composite composite(Setting setting) {
        List<String> convolutions = model.description().layers().stream()
                .filter(Layer::isConvolution)
                .map(Layer::name)
                .toList();
        Composite composite = base;
        for (int i = 1; i < convolutions.size(); i++) {
            double factor = setting.falling() ? Math.pow(0.5, Math.max(0, i - 2)) : 1;
            composite = composite.with(convolutions.get(i), Rule.gamma((float) (setting.gamma() * factor)));
        }
        return composite;
    }

    /** Flips the patches of the standard maps that one point gives. */
    public FlippingScores evaluate(Setting setting, float[] inputs, int[] classes, EvaluationProgress progress) {
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(composite(setting))) {
            return new SubspaceFlipping(model, relevance, flipping)
                    .evaluate(inputs, classes, List.of(), progress)
                    .standard();
        }
    }
}
