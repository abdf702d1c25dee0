package unweave.experiments.networks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.evaluation.AboveChance;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.train.Trainer;
import unweave.explain.output.OutputFolder;
import unweave.explain.output.StepResults;
import unweave.explain.progress.Monitor;
import unweave.explain.train.ModelTraining;
import unweave.kernels.Backend;
import unweave.lrp.CompositeText;
import unweave.lrp.LayerwiseRelevance;

/** Trains and scores one network after another. What a run has finished, the next run in the same folder keeps. */
public final class NetworksRun {
    private final NetworksPlan plan;
    private final Backend backend;
    private final OutputFolder out;
    private final StepResults steps;
    private final int threads;
    private final Monitor monitor;

    /**
     * @param device decides the bytes of results, as the arithmetic of devices differs in the last digits
     * @param threads to make sounds and prepare inputs with, 0 for one per processor
     */
    public NetworksRun(
            NetworksPlan plan, Backend backend, OutputFolder out, String device, int threads, Monitor monitor)
            throws IOException {
        this.plan = plan;
        this.backend = backend;
        this.out = out;
        this.threads = threads;
        this.monitor = monitor;
        Map<String, Object> settings = new LinkedHashMap<>(plan.settings());
        settings.put("device", device);
        this.steps = StepResults.open(out, settings);
    }

    /** Runs what has not been run yet, and tells the results of all networks. */
    public NetworksResult run() throws IOException {
        List<NetworksResult.Network> networks = new ArrayList<>();
        for (long seed : plan.seeds()) {
            NetworkData data = new NetworkData(plan, seed, threads, monitor);
            NetworkScores.Trained trained =
                    steps.get("network-" + seed, NetworkScores.Trained.class, () -> train(seed, data));
            List<NetworkScores> layers = new ArrayList<>();
            try (Model model = ModelFile.load(modelFile(seed), backend)) {
                for (NetworksPlan.Place place : plan.places()) {
                    layers.add(score(seed, place, model, data));
                }
            }
            networks.add(new NetworksResult.Network(seed, AboveChance.of(trained.confusion()), layers));
        }
        return new NetworksResult(plan, networks);
    }

    private NetworkScores.Trained train(long seed, NetworkData data) throws IOException {
        OutputFolder folder = out.folder(folder(seed));
        boolean begun = Files.exists(folder.path().resolve(Trainer.CHECKPOINT));
        ModelTraining.Trained trained = new ModelTraining(plan.preset(), plan.training(), true, seed, threads, monitor)
                .run(data.forTraining(), backend, folder, begun);
        try (Model model = trained.model()) {
            return new NetworkScores.Trained(trained.test().confusion());
        }
    }

    private NetworkScores score(long seed, NetworksPlan.Place place, Model model, NetworkData data) throws IOException {
        String step = "network-" + seed + "-" + place.name().replaceAll("\\W+", "-");
        boolean known = steps.has(step);
        NetworkScores scores = steps.get(step, NetworkScores.class, () -> {
            try (LayerwiseRelevance rules = new LayerwiseRelevance(CompositeText.parse(place.composite()))) {
                return new NetworkStudy(plan, seed, model, rules, data, monitor).run(place);
            }
        });
        if (!known) {
            monitor.note(String.format(
                    Locale.ROOT,
                    "network %d, %s: object information of DRSA %.3f, DSA %.3f, random %.3f",
                    seed,
                    place.name(),
                    scores.methods().get("DRSA").information(),
                    scores.methods().get("DSA").information(),
                    scores.methods().get("random").information()));
        }
        return scores;
    }

    private static String folder(long seed) {
        return "network-" + seed;
    }

    private Path modelFile(long seed) {
        return out.path().resolve(folder(seed)).resolve(ModelTraining.MODEL);
    }
}
