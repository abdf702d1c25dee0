package unweave.drsa.evaluation;

import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.lrp.Attribution;
import unweave.lrp.LayerwiseRelevance;

/** Standard relevance maps, without subspaces. */
public final class StandardMaps {
    private StandardMaps() {}

    /**
     * The map of every input, summed over its channels.
     *
     * @param inputs classes.length x H x W x C values; not modified
     * @param classes the attributed class of every input
     * @return samples x (height x width)
     */
    public static float[][] of(Model model, LayerwiseRelevance relevance, float[] inputs, int[] classes) {
        LayerShape shape = model.description().input();
        Attribution attribution = relevance.attribute(model, inputs, classes.length, classes);
        float[][] maps = new float[classes.length][shape.height() * shape.width()];
        for (int i = 0; i < attribution.relevance().length; i++) {
            int bin = i / shape.channels();
            maps[bin / maps[0].length][bin % maps[0].length] += attribution.relevance()[i];
        }
        return maps;
    }
}
