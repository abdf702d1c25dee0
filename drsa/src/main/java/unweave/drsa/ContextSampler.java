package unweave.drsa;

import unweave.engine.file.ModelFile;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Spans;
import unweave.lrp.LayerwiseRelevance;

/**
 * Collects the data in which subspaces are searched (thesis 3.2.2.1): for inputs of one class, activation vectors a of
 * a layer (after ReLU, before pooling) at random positions, and context vectors c_j = R_j / a_j (0 where a_j = 0), R
 * the relevance that the class logit sends to the layer. With c, the relevance of a direction u is (u^T a)(u^T c).
 */
public final class ContextSampler {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final Backend backend;

    /** A sampler for a model, with the relevance propagation that explains it. */
    public ContextSampler(Model model, LayerwiseRelevance relevance) {
        this.model = model;
        this.relevance = relevance;
        this.backend = model.backend();
    }

    /** As {@link #sample(String, int, float[], int, int, int, long)}, every position by itself. */
    public ContextData sample(
            String layer, int classIndex, float[] inputs, int count, int positionsPerInput, long seed) {
        return sample(layer, classIndex, inputs, count, positionsPerInput, 1, seed);
    }

    /**
     * Collects vectors. The positions depend on the seed and the number of the input alone, not on batches or threads.
     *
     * @param layer such as "conv3"
     * @param classIndex the class whose logit is attributed, counted from 0
     * @param inputs at least count x H x W x C values, inputs of that class; not modified
     * @param count number of inputs
     * @param positionsPerInput P, at most the number of positions of the layer. With a window, as many whole windows as
     *     have at most P positions, at least one; they are drawn without repetition, but may overlap
     * @param window side of a square of neighbouring positions that is one datum, no larger than the layer's sides; 1
     *     for every position by itself
     * @return count x P vectors, the P of one input after those of the one before
     * @throws IllegalArgumentException if a name or number does not fit the model, or all activations or contexts are
     *     zero
     */
    public ContextData sample(
            String layer, int classIndex, float[] inputs, int count, int positionsPerInput, int window, long seed) {
        LayerShape shape = model.description().outputShape(layer);
        int dimensions = shape.vectorLength();
        requireFitting(layer, classIndex, inputs, count, positionsPerInput, shape.positions());
        Windows windows = Windows.of(shape, positionsPerInput, window);
        int valuesPerInput = windows.positions() * dimensions;
        float[] activations = new float[Math.multiplyExact(count, valuesPerInput)];
        float[] contexts = new float[activations.length];
        int batch = BatchSize.of(model, 1);
        for (int start = 0; start < count; start += batch) {
            int size = Math.min(batch, count - start);
            int[] rows = rows(start, size, windows, seed);
            try (Spans.Span span = backend.spans().open("context vectors", layer)) {
                sampleBatch(layer, classIndex, inputs, start, size, rows, dimensions, activations, contexts);
            }
        }
        Provenance provenance = new Provenance(
                ModelFile.fingerprint(model),
                layer,
                classIndex,
                model.description().classNames().get(classIndex),
                count,
                windows.positions(),
                window,
                seed);
        return new ContextData(provenance, dimensions, windows.size(), activations, contexts);
    }

    /** The windows of one input: H x W positions of the layer, windows of height x width. */
    private record Windows(int count, int layerHeight, int layerWidth, int height, int width) {
        static Windows of(LayerShape shape, int positions, int side) {
            int layerHeight = shape.flat() ? 1 : shape.height();
            int layerWidth = shape.flat() ? 1 : shape.width();
            int height = Math.min(side, layerHeight);
            int width = Math.min(side, layerWidth);
            int available = SpatialPositions.windows(layerHeight, layerWidth, height, width);
            int count = Math.min(available, Math.max(1, positions / (height * width)));
            return new Windows(count, layerHeight, layerWidth, height, width);
        }

        /** Positions of one window. */
        int size() {
            return height * width;
        }

        int positions() {
            return count * size();
        }

        int[] draw(long seed, int input) {
            return SpatialPositions.drawWindows(seed, input, count, layerHeight, layerWidth, height, width);
        }
    }

    private void sampleBatch(
            String layer,
            int classIndex,
            float[] inputs,
            int start,
            int size,
            int[] rowNumbers,
            int dimensions,
            float[] activations,
            float[] contexts) {
        int offset = start * (rowNumbers.length / size) * dimensions;
        int values = rowNumbers.length * dimensions;
        try (LayerVectors vectors = new LayerVectors(model, relevance, layer, classIndex, inputs, start, size);
                Floats context = vectors.context();
                Ints rows = backend.ints(rowNumbers);
                Floats gathered = backend.floats(values)) {
            backend.elementwise().gatherRows(dimensions, vectors.activation().data(), rows, gathered);
            backend.download(gathered, 0, activations, offset, values);
            backend.elementwise().gatherRows(dimensions, context, rows, gathered);
            backend.download(gathered, 0, contexts, offset, values);
        }
    }

    /** The rows of the feature maps of a batch, seen as a matrix of (size x positions) vectors. */
    private static int[] rows(int start, int size, Windows windows, long seed) {
        int[] rows = new int[size * windows.positions()];
        for (int i = 0; i < size; i++) {
            int[] drawn = windows.draw(seed, start + i);
            for (int p = 0; p < drawn.length; p++) {
                rows[i * drawn.length + p] = i * windows.layerHeight() * windows.layerWidth() + drawn[p];
            }
        }
        return rows;
    }

    private void requireFitting(
            String layer, int classIndex, float[] inputs, int count, int positionsPerInput, int positions) {
        int classes = model.description().classNames().size();
        if (classIndex < 0 || classIndex >= classes) {
            throw new IllegalArgumentException(
                    "class " + classIndex + " does not exist: the model has classes 0 to " + (classes - 1));
        }
        if (count < 1
                || inputs.length < (long) count * model.description().input().features()) {
            throw new IllegalArgumentException(
                    count + " inputs of " + model.description().input() + " cannot be taken from " + inputs.length
                            + " values; at least 1 is needed");
        }
        if (positionsPerInput < 1 || positionsPerInput > positions) {
            throw new IllegalArgumentException("layer " + layer + " has " + positions + " positions, of which "
                    + positionsPerInput + " cannot be drawn without repetition; choose 1 to " + positions);
        }
    }
}
