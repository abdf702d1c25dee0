package unweave.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.bench.JobData;
import unweave.bench.Jobs;
import unweave.bench.Peer;
import unweave.bench.PeerJob;
import unweave.bench.PreparedJob;
import unweave.bench.network.NetworkCase.Weighted;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.engine.train.Optimizer;
import unweave.engine.train.OptimizerState;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Orthogonalization;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

/** PyTorch and we compute the same. */
class PyTorchTest {
    private static final ModelDescription GTZAN = ModelDescription.gtzan();
    private static final ModelDescription TOY = ModelDescription.toy();

    @BeforeAll
    static void load() {
        new PyTorch().load(2);
    }

    static List<PeerJob> jobs() {
        return Peer.all().stream()
                .filter(peer -> peer instanceof PyTorch)
                .flatMap(peer -> peer.jobs().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void everyJobIsOneOfOursAndRuns(PeerJob job) {
        assertTrue(Jobs.all().stream().anyMatch(ours -> ours.name().equals(job.name())), job.name());
        job.check().run();
        try (PreparedJob prepared = job.setup().get()) {
            assertTrue(Double.isFinite(prepared.run()), job.name());
            assertTrue(Double.isFinite(prepared.run()), job.name());
        }
    }

    @Test
    void allPeersAreFound() {
        assertEquals(
                List.of("ONNX Runtime", "PyTorch", "PyTorch, channels last"),
                Peer.all().stream().map(Peer::name).toList());
    }

    @ParameterizedTest
    @EnumSource
    void logits(MemoryFormat format) {
        float[] inputs = JobData.inputs(GTZAN, 4);
        float[] theirs;
        try (TorchNetwork network = new TorchNetwork(Weighted.initial(GTZAN), format);
                NDScope scope = new NDScope()) {
            theirs = network.logits(network.images(inputs, 4), false).toFloatArray();
        }
        try (Backend backend = CpuBackend.create(0);
                Model model = Model.create(GTZAN, backend, 1)) {
            assertClose(model.predict(inputs, 4), theirs, 1e-4);
        }
    }

    /** The loss before each of three steps of Adam; the toy network has no dropout. */
    @ParameterizedTest
    @EnumSource
    void lossesOfTraining(MemoryFormat format) {
        float[] inputs = JobData.inputs(TOY, 16);
        int[] classes = JobData.classes(TOY, 16);
        float[] theirs = new float[3];
        try (TorchTraining training = new TorchTraining(Weighted.initial(TOY), format)) {
            for (int step = 0; step < theirs.length; step++) {
                theirs[step] = (float) training.step(inputs, classes);
            }
        }
        float[] ours = new float[theirs.length];
        try (Backend backend = CpuBackend.create(0);
                Model model = Model.create(TOY, backend, 1);
                OptimizerState optimizer = new OptimizerState(Optimizer.adam(JobData.LEARNING_RATE, 0f), model);
                Ints labels = backend.ints(classes)) {
            for (int step = 0; step < ours.length; step++) {
                try (Tape tape = Tape.training(backend, step)) {
                    Tensor logits = model.forward(
                            tape, tape.input(backend.floats(inputs), TOY.input().ofBatch(16)));
                    Tensor losses = tape.crossEntropy("loss", logits, labels);
                    tape.backward(losses);
                    optimizer.update();
                    ours[step] = mean(backend.toArray(losses.data()));
                }
            }
        }
        assertClose(ours, theirs, 1e-4);
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return (float) (sum / values.length);
    }

    @ParameterizedTest
    @EnumSource
    void heatmaps(MemoryFormat format) {
        float[] inputs = JobData.inputs(GTZAN, 2);
        int[] classes = {3, 7};
        float[] theirs;
        try (TorchRelevance relevance = new TorchRelevance(
                Weighted.initial(GTZAN), format, TorchRelevance.Composite.GTZAN, JobData.CONCEPT_LAYER)) {
            theirs = relevance.heatmaps(inputs, classes);
        }
        try (Backend backend = CpuBackend.create(0);
                Model model = Model.create(GTZAN, backend, 1);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.gtzan())) {
            assertClose(relevance.attribute(model, inputs, 2, classes).relevance(), theirs, 1e-3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void conceptMaps(MemoryFormat format) {
        float[] input = JobData.inputs(GTZAN, 1);
        float[] basis = JobData.basis(64, 1);
        float[] theirs;
        try (TorchRelevance relevance = new TorchRelevance(
                Weighted.initial(GTZAN), format, TorchRelevance.Composite.GTZAN, JobData.CONCEPT_LAYER)) {
            NDArray u = relevance.basis(basis, 64);
            theirs = relevance.concepts(input, 5, u, JobData.CONCEPTS);
        }
        Subspaces subspaces = JobData.subspaces(GTZAN, JobData.CONCEPT_LAYER);
        try (Backend backend = CpuBackend.create(0);
                Model model = Model.create(GTZAN, backend, 1);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.gtzan())) {
            ConceptMaps maps = new TwoStepAttribution(model, relevance, subspaces).attribute(input, 5);
            int size = GTZAN.input().features();
            assertClose(maps.standard()[0], Arrays.copyOf(theirs, size), 1e-3);
            for (int k = 0; k < JobData.CONCEPTS; k++) {
                assertClose(maps.concepts()[0][k], Arrays.copyOfRange(theirs, (k + 1) * size, (k + 2) * size), 1e-3);
            }
        }
    }

    /** Objective, then U after gradient and orthogonalisation. */
    @Test
    void aStepOfTheSearchForSubspaces() {
        int rows = 500;
        int dimensions = 64;
        JobData.Vectors data = JobData.vectors(rows, dimensions);
        try (TorchAscent theirs = new TorchAscent(rows, dimensions, data);
                Backend backend = CpuBackend.create(0);
                Floats activations = backend.floats(data.activations());
                Floats contexts = backend.floats(data.contexts());
                Floats basis = backend.floats(JobData.basis(dimensions, 0));
                Floats gradient = backend.floats(dimensions * dimensions);
                Floats objective = backend.floats(1)) {
            backend.subspaces()
                    .ascend(
                            new Ascent(1, rows, dimensions, JobData.CONCEPTS, 1f, Orthogonalization.AUTO),
                            1,
                            activations,
                            contexts,
                            basis,
                            gradient,
                            objective,
                            0);
            assertEquals(backend.toArray(objective)[0], theirs.run(), 1e-4);
            assertClose(backend.toArray(basis), theirs.basis(), 1e-4);
        }
    }

    /** Differences relative to the largest value. */
    private static void assertClose(float[] expected, float[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(
                largest > 0 && difference <= tolerance * largest,
                "differs by " + difference + ", the largest value being " + largest);
    }
}
