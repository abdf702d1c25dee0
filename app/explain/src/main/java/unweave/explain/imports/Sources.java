package unweave.explain.imports;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import unweave.engine.file.StateDict;
import unweave.engine.layer.Layer;
import unweave.engine.model.ModelDescription;
import unweave.engine.torch.TorchImport;
import unweave.explain.preset.ModelSettings;
import unweave.explain.preset.SubspacePlan;

/** Finds out what a file is, and what a model made of it needs beside the network. */
final class Sources {
    private static final int MOST_CONCEPTS = 4;
    private static final String COMPOSITE = "epsilon-plus-flat";

    private Sources() {}

    static NetworkSource open(ImportRequest request) throws IOException {
        return new StateDictSource(request);
    }

    /** The tensors of a state dict. */
    static List<String> inspect(ImportRequest request) throws IOException {
        try (StateDict tensors = TorchImport.open(request.file())) {
            List<String> lines = new ArrayList<>();
            for (String name : tensors.names()) {
                lines.add(name + " " + tensors.shape(name));
            }
            return lines;
        }
    }

    /** How the model is explained, and how its inputs are made if that was said. */
    static JsonObject preprocessing(ImportRequest request, NetworkSource source, ModelDescription description) {
        return ModelSettings.withoutFrontEnd(COMPOSITE, plan(description));
    }

    /**
     * At the last layer that is an image, which has positions to draw from; 4 concepts, or fewer if they do not divide.
     */
    private static SubspacePlan plan(ModelDescription description) {
        List<Layer> layers = description.layers();
        String layer = layers.get(layers.size() - 1).name();
        for (Layer candidate : layers) {
            if (candidate.isConvolution()) {
                layer = candidate.name();
            }
        }
        int channels = description.outputShape(layer).vectorLength();
        int concepts = MOST_CONCEPTS;
        while (channels % concepts != 0) {
            concepts--;
        }
        return new SubspacePlan(layer, concepts, 240, 40, 5000, 3);
    }
}
