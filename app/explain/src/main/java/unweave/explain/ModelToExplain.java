package unweave.explain;

import java.io.IOException;
import java.nio.file.Path;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.lrp.Canonizer;

/** Models as explanations need them. */
public final class ModelToExplain {
    private ModelToExplain() {}

    /**
     * The model of a file; its batch normalisations are merged into the layers beside them where that is exact, since
     * propagation rules are meant for convolutions and dense layers as they then are. All commands that explain use
     * this form, so that subspaces and explanations belong together.
     *
     * @throws IOException if there is no model in the file, in one line
     */
    public static Model load(Path file, Backend backend) throws IOException {
        Model model = ModelFile.load(file, backend);
        if (!Canonizer.applies(model.description())) {
            return model;
        }
        try (model) {
            return Canonizer.canonical(model);
        }
    }
}
