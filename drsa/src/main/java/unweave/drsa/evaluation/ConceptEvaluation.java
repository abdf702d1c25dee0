package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.lrp.LayerwiseRelevance;

/**
 * Explains inputs through one set of subspaces and measures the maps: faithfulness ({@link MaskFaithfulness},
 * {@link InsertionDeletion}) of the standard map, of each concept and of the K concepts together (their masks united,
 * {@link MapPart#united}), how far the concepts are apart ({@link Disentanglement}), and how their relevance is
 * distributed ({@link RelevanceHistogram}). Inputs are explained once, batch by batch, and maps are not kept.
 */
public final class ConceptEvaluation {
    /** Intervals of the histogram. */
    public static final int INTERVALS = 50;
    /** Inputs explained at once; bounds the memory for maps on the host. */
    private static final int INPUTS = 16;

    private final Model model;
    private final LayerwiseRelevance relevance;
    private final Settings settings;

    /** An evaluation of {@code model} by explanations with the rules of {@code relevance}. */
    public ConceptEvaluation(Model model, LayerwiseRelevance relevance, Settings settings) {
        this.model = model;
        this.relevance = relevance;
        this.settings = settings;
    }

    /**
     * How maps are read as masks.
     *
     * @param part what of a map counts as mask
     * @param nothing the input value that stands for silence: the floor of a log spectrogram
     * @param masking what a mask does to an input
     * @param steps of the insertion and deletion curves; 0 leaves them out
     */
    public record Settings(MapPart part, float nothing, Masking masking, int steps) {
        /**
         * Positive relevance, masked in the domain of the input, and curves of {@link InsertionDeletion#DEFAULT_STEPS}
         * steps.
         */
        public static Settings towards(float nothing) {
            return new Settings(MapPart.POSITIVE, nothing, Masking.towards(nothing), InsertionDeletion.DEFAULT_STEPS);
        }
    }

    /**
     * The figures of one kind of map.
     *
     * @param masks one score for every input
     * @param curves of every input; null where no curves were asked for
     */
    public record MapResult(List<MaskScore> masks, RemovalCurves curves) {
        public MapResult {
            masks = List.copyOf(masks);
        }
    }

    /**
     * The figures of one evaluation.
     *
     * @param standard of the standard maps
     * @param concepts of the maps of each concept
     * @param together of the K concepts with their masks united
     * @param disentanglement one score for every input; empty for K = 1
     * @param histogram of all concept maps
     */
    public record Result(
            MapResult standard,
            List<MapResult> concepts,
            MapResult together,
            List<Disentanglement> disentanglement,
            RelevanceHistogram histogram) {
        public Result {
            concepts = List.copyOf(concepts);
            disentanglement = List.copyOf(disentanglement);
        }
    }

    /**
     * Explains and measures.
     *
     * @param inputs at least classes.length x H x W x C values; not modified
     * @param classes the attributed class of every input. To compare with the L-MAC work: the class that the network
     *     decides for
     */
    public Result evaluate(float[] inputs, int[] classes, Subspaces subspaces, EvaluationProgress progress) {
        Samples.require(model, inputs, classes);
        int size = model.description().input().features();
        Collected collected = new Collected(subspaces.count());
        TwoStepAttribution attribution = new TwoStepAttribution(model, relevance, subspaces);
        ProgressClock clock = new ProgressClock(progress, classes.length);
        for (int start = 0; start < classes.length; start += INPUTS) {
            int end = Math.min(classes.length, start + INPUTS);
            float[] batch = Arrays.copyOfRange(inputs, start * size, end * size);
            int[] batchClasses = Arrays.copyOfRange(classes, start, end);
            collected.add(batch, batchClasses, attribution.attribute(batch, batchClasses));
            clock.done(end);
        }
        return collected.result();
    }

    /** The figures so far. Kinds of maps are numbered: the standard map, the K concepts, the concepts together. */
    private final class Collected {
        private final List<List<MaskScore>> masks = new ArrayList<>();
        private final List<List<RemovalCurves>> curves = new ArrayList<>();
        private final List<Disentanglement> disentanglement = new ArrayList<>();
        private final RelevanceHistogram.Builder histogram = new RelevanceHistogram.Builder(INTERVALS);

        Collected(int concepts) {
            for (int kind = 0; kind < concepts + 2; kind++) {
                masks.add(new ArrayList<>());
                curves.add(new ArrayList<>());
            }
        }

        void add(float[] inputs, int[] classes, ConceptMaps maps) {
            List<float[][]> kinds = new ArrayList<>();
            kinds.add(maps.standard());
            for (int k = 0; k < masks.size() - 2; k++) {
                int concept = k;
                kinds.add(Arrays.stream(maps.concepts())
                        .map(concepts -> concepts[concept])
                        .toArray(float[][]::new));
            }
            // Reading a mask as a mask changes nothing: its values lie in [0, 1], and the largest is 1.
            kinds.add(
                    Arrays.stream(maps.concepts()).map(settings.part()::united).toArray(float[][]::new));
            addFaithfulness(inputs, classes, kinds);
            for (float[][] concepts : maps.concepts()) {
                Arrays.stream(concepts).forEach(histogram::add);
                if (concepts.length > 1) {
                    disentanglement.add(Disentanglement.of(concepts, maps.height(), maps.width()));
                }
            }
        }

        private void addFaithfulness(float[] inputs, int[] classes, List<float[][]> maps) {
            List<float[][]> asMasks = maps.stream()
                    .map(one -> Arrays.stream(one).map(settings.part()::mask).toArray(float[][]::new))
                    .toList();
            List<List<MaskScore>> scores =
                    new MaskFaithfulness(model, settings.masking()).evaluate(inputs, classes, asMasks);
            for (int kind = 0; kind < scores.size(); kind++) {
                masks.get(kind).addAll(scores.get(kind));
            }
            if (settings.steps() > 0) {
                List<RemovalCurves> batch = new InsertionDeletion(model, settings.nothing(), settings.steps())
                        .evaluate(inputs, classes, maps);
                for (int kind = 0; kind < batch.size(); kind++) {
                    curves.get(kind).add(batch.get(kind));
                }
            }
        }

        Result result() {
            List<MapResult> kinds = new ArrayList<>();
            for (int kind = 0; kind < masks.size(); kind++) {
                kinds.add(new MapResult(
                        masks.get(kind), settings.steps() == 0 ? null : RemovalCurves.concatenated(curves.get(kind))));
            }
            int last = kinds.size() - 1;
            return new Result(
                    kinds.get(0), kinds.subList(1, last), kinds.get(last), disentanglement, histogram.build());
        }
    }
}
