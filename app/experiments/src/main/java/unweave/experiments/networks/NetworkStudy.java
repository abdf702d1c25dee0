package unweave.experiments.networks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import unweave.audio.random.SeededRandom;
import unweave.drsa.ContextData;
import unweave.drsa.Method;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.FlippingScores;
import unweave.drsa.evaluation.Mixture;
import unweave.drsa.evaluation.ObjectInformation;
import unweave.drsa.evaluation.Oracle;
import unweave.drsa.evaluation.PartEffects;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.drsa.evaluation.SubspaceFlipping;
import unweave.engine.model.Model;
import unweave.experiments.networks.NetworkScores.Scores;
import unweave.explain.data.InputSet;
import unweave.explain.preset.SubspacePlan;
import unweave.explain.progress.Monitor;
import unweave.explain.subspace.SubspaceFitting;
import unweave.kernels.Orthogonalization;
import unweave.lrp.LayerwiseRelevance;

/**
 * Scores one network at one layer: object information of all methods, and patch flipping of those that are cut alike.
 */
final class NetworkStudy {
    private final NetworksPlan plan;
    private final long seed;
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final NetworkData data;
    private final Monitor monitor;

    NetworkStudy(
            NetworksPlan plan,
            long seed,
            Model model,
            LayerwiseRelevance relevance,
            NetworkData data,
            Monitor monitor) {
        this.plan = plan;
        this.seed = seed;
        this.model = model;
        this.relevance = relevance;
        this.data = data;
        this.monitor = monitor;
    }

    /** Subspaces of one class by method; several of one method are averaged. */
    private static final class Found {
        private final Map<String, List<Subspaces>> byMethod = new LinkedHashMap<>();

        void add(String method, Subspaces subspaces) {
            byMethod.computeIfAbsent(method, name -> new ArrayList<>()).add(subspaces);
        }

        List<Subspaces> all() {
            return byMethod.values().stream().flatMap(List::stream).toList();
        }

        /** The mean over the subspaces of each method; {@code values} in the order of {@link #all}. */
        Map<String, Double> means(double[] values) {
            Map<String, Double> means = new LinkedHashMap<>();
            int next = 0;
            for (Map.Entry<String, List<Subspaces>> method : byMethod.entrySet()) {
                double sum = 0;
                for (int i = 0; i < method.getValue().size(); i++) {
                    sum += values[next++];
                }
                means.put(method.getKey(), sum / method.getValue().size());
            }
            return means;
        }
    }

    NetworkScores run(NetworksPlan.Place place) throws IOException {
        Map<String, double[]> sums = new LinkedHashMap<>(); // information, selectivity, AUPC
        int classes = model.description().classNames().size();
        for (int classIndex = 0; classIndex < classes; classIndex++) {
            Found found = find(place.subspaces(), classIndex);
            List<Mixture> sounds = data.complete(classIndex).subList(0, plan.complete());
            List<ObjectInformation> information = new PartEffects(model, relevance)
                    .of(classIndex, sounds, found.all()).stream()
                            .map(ObjectInformation::of)
                            .toList();
            add(sums, 0, classes, found.means(figures(information, one -> one.information()
                    .mean())));
            add(sums, 1, classes, found.means(figures(information, one -> one.selectivity()
                    .mean())));
            add(sums, 2, classes, aupc(classIndex, found));
        }
        Map<String, Scores> methods = new LinkedHashMap<>();
        sums.forEach((name, sum) -> methods.put(name, new Scores(sum[0], sum[1], sum[2])));
        return new NetworkScores(place.name(), methods);
    }

    private static double[] figures(List<ObjectInformation> all, ToDoubleFunction<ObjectInformation> figure) {
        return all.stream().mapToDouble(figure).toArray();
    }

    private static void add(Map<String, double[]> sums, int figure, int classes, Map<String, Double> ofClass) {
        ofClass.forEach(
                (method, value) -> sums.computeIfAbsent(method, name -> new double[3])[figure] += value / classes);
    }

    private Found find(SubspacePlan subspaces, int classIndex) throws IOException {
        Found found = new Found();
        String layer = subspaces.layer();
        int channels = model.description().outputShape(layer).vectorLength();
        SubspacePlan channelwise = subspaces.at(layer, channels);
        SubspaceFitting few = fitting(subspaces);
        ContextData contexts = few.contexts(classIndex, data.training());
        for (Method method : List.of(Method.DRSA, Method.DSA, Method.PRCA)) {
            found.add(method.name(), few.fit(method, contexts));
        }
        SubspaceFitting all = fitting(channelwise);
        for (int i = 0; i < plan.randomSeeds(); i++) {
            found.add("random", few.fit(Method.RANDOM, contexts, SeededRandom.seed(seed, i)));
            found.add("random, K = D", all.fit(Method.RANDOM, contexts, SeededRandom.seed(seed, i)));
        }
        found.add("channels", all.fit(Method.CHANNELS, contexts));
        List<Mixture> sounds = data.complete(classIndex);
        found.add(
                "oracle",
                new Oracle(model, relevance)
                        .find(
                                layer,
                                classIndex,
                                sounds.subList(plan.complete(), sounds.size()),
                                subspaces.concepts(),
                                seed));
        return found;
    }

    private SubspaceFitting fitting(SubspacePlan subspaces) {
        return new SubspaceFitting(model, relevance, subspaces, Orthogonalization.AUTO, seed, monitor);
    }

    /** AUPC of all methods with K concepts; more concepts flip more patches at once, so others cannot be compared. */
    private Map<String, Double> aupc(int classIndex, Found found) throws IOException {
        InputSet inputs = data.test().ofClass(classIndex);
        int count = Math.min(plan.flipped(), inputs.size());
        InputSet flipped = inputs.select(IntStream.range(0, count).boxed().toList());
        SubspaceFlipping.Result result = new SubspaceFlipping(
                        model, relevance, new PatchFlipping(model, PatchFlipping.THESIS_SIDE))
                .evaluate(flipped.concatenated(), flipped.labels(), alike(found), (at, of, left) -> {});
        double[] means = new double[found.all().size()];
        int next = 0;
        for (int i = 0; i < means.length; i++) {
            boolean scored = found.all().get(i).count() == plan.subspaces().concepts();
            means[i] = scored ? mean(result.variants().get(next++)) : Double.NaN;
        }
        Map<String, Double> aupc = found.means(means);
        aupc.put(NetworkScores.STANDARD, mean(result.standard()));
        return aupc;
    }

    private List<Subspaces> alike(Found found) {
        return found.all().stream()
                .filter(one -> one.count() == plan.subspaces().concepts())
                .toList();
    }

    private static double mean(FlippingScores scores) {
        return IntStream.range(0, scores.count())
                .mapToDouble(scores::aupc)
                .average()
                .orElse(Double.NaN);
    }
}
