package unweave.bench.peers;

import ai.djl.engine.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import unweave.bench.JobData;
import unweave.bench.Peer;
import unweave.bench.PeerJob;
import unweave.bench.network.NetworkCase;
import unweave.bench.network.NetworkCase.Weighted;
import unweave.bench.network.NetworkCase.Work;
import unweave.bench.peers.TorchRelevance.Composite;
import unweave.engine.model.ModelDescription;
import unweave.lrp.Composites;

/** PyTorch with its usual order of memory, N C H W. */
public class PyTorch implements Peer {
    private static final String ENGINE = "PyTorch";

    private final MemoryFormat format;

    /** For {@link java.util.ServiceLoader}. */
    public PyTorch() {
        this(MemoryFormat.CHANNELS_FIRST);
    }

    PyTorch(MemoryFormat format) {
        this.format = format;
    }

    @Override
    public String name() {
        return ENGINE;
    }

    @Override
    public String description() {
        return "libtorch 2.7.1 through DJL " + Engine.getDjlVersion()
                + ", its oneDNN and MKL, N C H W in memory, batch normalisation merged where"
                + " nothing trains. Adam is DJL's, tensor by tensor. LRP as zennit"
                + " does it: every rule through convolutions with changed weights and their gradients. The 40 "
                + "epochs prepare batches on the training thread."
                + " DRSA: one start";
    }

    /** Nothing is fetched and nothing reported: DJL would do both. */
    @Override
    public void load(int threads) {
        Path folder = Path.of(System.getProperty("unweave.bench.folder", "bench"))
                .toAbsolutePath()
                .normalize()
                .resolve("peers/target/libtorch");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("DJL_CACHE_DIR", folder.toString());
        System.setProperty("ENGINE_CACHE_DIR", folder.toString());
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        Engine.getEngine(ENGINE);
    }

    @Override
    public List<PeerJob> jobs() {
        List<PeerJob> jobs = new ArrayList<>(networkJobs());
        for (int[] size : new int[][] {{9600, 128}, {9600, 64}, {8000, 16}}) {
            jobs.add(new PeerJob(
                    "DRSA step, one of 3 starts, D " + size[1] + " N " + size[0],
                    1,
                    () -> new TorchAscent(size[0], size[1], JobData.vectors(size[0], size[1]))));
        }
        jobs.add(new PeerJob(
                "DRSA step, one of 3 starts, D 128 N 9600, nothing zero",
                1,
                () -> new TorchAscent(9600, 128, JobData.fullVectors(9600, 128))));
        return jobs;
    }

    final List<PeerJob> networkJobs() {
        ModelDescription toy = ModelDescription.toy();
        ModelDescription gtzan = ModelDescription.gtzan();
        List<PeerJob> jobs = new ArrayList<>(List.of(
                forward("toy", toy, 16),
                forward("toy", toy, 64),
                trainingStep("toy", toy, 16),
                trainingStep("toy", toy, 64),
                forward("gtzan", gtzan, 16),
                trainingStep("gtzan", gtzan, 16),
                new PeerJob(
                        "toy: 40 epochs of 2,800 masked samples",
                        JobData.EPOCHS,
                        () -> TorchTraining.epoch(toy, format)),
                new PeerJob(
                        "LRP, gtzan composite, batch 16",
                        1,
                        () -> TorchRelevance.heatmaps(
                                Weighted.initial(gtzan), format, Composite.GTZAN, JobData.CONCEPT_LAYER, 16)),
                new PeerJob(
                        "one gtzan input, standard map + 4 concepts at conv4",
                        1,
                        () -> TorchRelevance.concepts(
                                Weighted.initial(gtzan), format, Composite.GTZAN, JobData.CONCEPT_LAYER))));
        NetworkCase.all().forEach(network -> jobs.addAll(of(network)));
        return jobs;
    }

    private PeerJob forward(String model, ModelDescription description, int batch) {
        return new PeerJob(
                model + " forward, batch " + batch,
                1,
                () -> TorchNetwork.forward(Weighted.initial(description), format, batch));
    }

    private PeerJob trainingStep(String model, ModelDescription description, int batch) {
        return new PeerJob(
                model + " training step, batch " + batch, 1, () -> TorchTraining.step(description, format, batch));
    }

    /** Relevance by epsilon-plus alone. */
    private List<PeerJob> of(NetworkCase network) {
        List<PeerJob> jobs = new ArrayList<>(List.of(
                new PeerJob(
                        network.job(Work.FORWARD),
                        1,
                        () -> TorchNetwork.check(network.merged(), format, network.batch()),
                        () -> TorchNetwork.forward(network.merged(), format, network.batch())),
                new PeerJob(
                        network.job(Work.TRAINING_STEP),
                        1,
                        () -> TorchTraining.check(network, format),
                        () -> TorchTraining.step(network, format))));
        if (network.composite().name().equals(Composites.epsilonPlus().name())) {
            jobs.add(new PeerJob(
                    network.job(Work.RELEVANCE),
                    1,
                    () -> TorchRelevance.check(network, format),
                    () -> TorchRelevance.heatmaps(network, format)));
            jobs.add(new PeerJob(
                    network.job(Work.CONCEPTS),
                    1,
                    () -> TorchRelevance.checkConcepts(network, format),
                    () -> TorchRelevance.concepts(network, format)));
        }
        return jobs;
    }
}
