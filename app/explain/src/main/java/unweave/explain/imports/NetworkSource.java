package unweave.explain.imports;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.model.ModelDescription;
import unweave.engine.model.Probabilities;
import unweave.explain.data.NpyFile;

/** A file that holds a network. */
interface NetworkSource extends Closeable {
    /** What the file is, in a few words. */
    String format();

    /**
     * The network, without front end.
     *
     * @param classNames empty for those of the file, if it has any
     */
    ModelDescription description(List<String> classNames) throws IOException;

    /** The values of all parameters, in the order of memory. */
    Map<String, float[]> weights(ModelDescription description) throws IOException;

    /** What the reader should know, such as tensors that are left out. */
    List<String> notes() throws IOException;

    /**
     * Compares windows and filter banks in the file with a front end.
     *
     * @throws unweave.kernels.BadInputException in one line that shows the difference
     */
    void compareWith(FrontEnd frontEnd) throws IOException;

    /**
     * Inputs in the order of memory, n x H x W x C.
     *
     * @param array in the file's own layout
     * @throws unweave.kernels.BadInputException saying which shapes it may have
     */
    float[] inputs(NpyFile array, ModelDescription description);

    /**
     * The values that the file's network gives, n x classes, from an array in the file's own layout.
     *
     * @throws unweave.kernels.BadInputException saying which shape it must have
     */
    double[] outputs(NpyFile array, int n, ModelDescription description);

    /** What the logits mean by what stands behind them in the file; empty if nothing does. */
    Optional<Probabilities> probabilities();

    /** What the file's network gives for these logits of one input, by what stands behind them in the file. */
    double[] behindLogits(double[] logits);

    /**
     * The logits of one input in float64, in a way that shares as little as possible with how the network is computed
     * from now on.
     *
     * @param input H x W x C
     */
    double[] reference(float[] input, ModelDescription description, Map<String, float[]> weights) throws IOException;

    /** How {@link #reference} computes, in a few words. */
    String referenceName();
}
