package unweave.explain.imports;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.StateDict;
import unweave.engine.layer.Layer;
import unweave.engine.model.ModelDescription;
import unweave.engine.onnx.OnnxFile;
import unweave.engine.onnx.convert.Conversion;
import unweave.engine.torch.TorchFile;
import unweave.engine.torch.TorchImport;
import unweave.explain.frontend.FrontEndSpec;
import unweave.explain.frontend.FrontEnds;
import unweave.explain.preset.ModelSettings;
import unweave.explain.preset.SubspacePlan;

/** Finds out what a file is, and what a model made of it needs beside the network. */
final class Sources {
    private static final int MOST_CONCEPTS = 4;
    /** Rules of networks with attention. */
    private static final String ATTENTION = "attnlrp";

    /** What only moves values up or down passes relevance on, as its bias is no input. */
    private static final String USUAL = "epsilon-plus-flat; batchnorm: pass; shift: pass";

    private Sources() {}

    /** @param frontEnd tells whether an ONNX graph reads time before frequency */
    static NetworkSource open(ImportRequest request, Optional<FrontEndSpec> frontEnd) throws IOException {
        return isGraph(request.file()) ? new OnnxSource(request, frontEnd) : new StateDictSource(request);
    }

    private static boolean isGraph(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(file, "is a folder, not a network");
        }
        if (!Files.exists(file)) {
            throw new ModelFileException(file, "no such file (looked for it at " + file.toAbsolutePath() + ")");
        }
        return file.toString().endsWith(".onnx") || (!TorchFile.looksLikeOne(file) && OnnxFile.looksLikeOne(file));
    }

    /** What the nodes of a graph become, or the tensors of a state dict. */
    static List<String> inspect(ImportRequest request) throws IOException {
        if (isGraph(request.file())) {
            return Conversion.inspect(OnnxFile.open(request.file()), OnnxSource.options(request, false));
        }
        try (StateDict tensors = TorchImport.open(request.file())) {
            List<String> lines = new ArrayList<>();
            for (String name : tensors.names()) {
                lines.add(name + " " + tensors.shape(name));
            }
            return lines;
        }
    }

    /** How the model is explained, and how its inputs are made if that was said. */
    static JsonObject preprocessing(ImportRequest request, Optional<FrontEnd> frontEnd, ModelDescription network) {
        SubspacePlan plan = plan(network);
        boolean attends =
                network.layers().stream().anyMatch(layer -> layer.kind().equals("softmax"));
        String composite = attends ? ATTENTION : USUAL;
        if (frontEnd.isEmpty()) {
            return ModelSettings.withoutFrontEnd(composite, plan);
        }
        String name = request.frontEnd().orElseThrow();
        String shown = FrontEnds.NAMES.contains(name)
                ? name
                : String.valueOf(Path.of(name).getFileName());
        return ModelSettings.preprocessing(shown, frontEnd.get(), composite, plan);
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
