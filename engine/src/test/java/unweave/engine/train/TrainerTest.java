package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.ModelFileException;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Counter;
import unweave.kernels.cpu.CpuBackend;

class TrainerTest {
    private static final ModelDescription DESCRIPTION = ModelDescription.parse(
            """
      {"input": {"height": 8, "width": 8}, "classes": ["rows", "columns"], "layers": [
        {"name": "conv1", "kind": "conv", "filters": 4, "kernel": 3, "padding": "same"}, {"name": "norm1",
          "kind": "batchnorm"},
        {"name": "relu1", "kind": "relu"}, {"name": "pool1", "kind": "maxpool", "window": 2},
        {"name": "conv2", "kind": "conv", "filters": 8, "kernel": 3, "padding": "same"}, {"name": "relu2",
          "kind": "relu"},
        {"name": "pool2", "kind": "maxpool", "window": 2}, {"name": "flatten", "kind": "flatten"},
        {"name": "dropout1", "kind": "dropout", "probability": 0.2}, {"name": "dense1", "kind": "dense",
          "units": 2}]}""");
    private static final Optimizer ADAM = Optimizer.adam(5e-3f, 1e-4f);

    @TempDir
    Path folder;

    /** Stripes along rows or columns, with noise that the augmentation seed decides. */
    private record Stripes(int size, long seed) implements TrainingData {
        @Override
        public void load(int index, long augmentation, float[] target, int offset) {
            for (int i = 0; i < 64; i++) {
                int line = label(index) == 0 ? i / 8 : i % 8;
                float stripe = Counter.uniform(Counter.derive(seed, index), line) < 0.5f ? -1 : 1;
                target[offset + i] = stripe + 2 * Counter.uniform(augmentation, i) - 1;
            }
        }

        @Override
        public int label(int index) {
            return index % 2;
        }

        @Override
        public String identity() {
            return "stripes " + seed;
        }
    }

    private static final TrainingData TRAINING = new Stripes(203, 1);
    private static final TrainingData VALIDATION = new Stripes(101, 2);

    /** 14 inputs in batches of 13: the variance of one value is none, so the last input joins the batch before it. */
    @Test
    void anInputThatWouldBeABatchByItselfJoinsTheOneBefore() throws IOException {
        ModelDescription vectors = ModelDescription.parse(
                """
          {"input": {"height": 8, "width": 8}, "classes": ["rows", "columns"], "layers": [
            {"name": "flatten", "kind": "flatten"}, {"name": "dense1", "kind": "dense", "units": 4},
            {"name": "norm1", "kind": "batchnorm"}, {"name": "dense2", "kind": "dense", "units": 2}]}""");
        try (Backend backend = CpuBackend.create(2);
                Model model = Model.create(vectors, backend, 1)) {
            TrainingResult result = new Trainer(
                            model,
                            new Stripes(14, 1),
                            VALIDATION,
                            new TrainingSettings(2, 13, 1, ADAM),
                            new TrainingListener() {})
                    .run(folder);
            assertEquals(2, result.history().size());
            String refused = assertThrows(
                            BadInputException.class,
                            () -> new Trainer(
                                    model,
                                    new Stripes(14, 1),
                                    VALIDATION,
                                    new TrainingSettings(2, 1, 1, ADAM),
                                    new TrainingListener() {}))
                    .getMessage();
            assertTrue(refused.contains("choose a batch of 2 or more"), refused);
        }
    }

    @Test
    void trainingLearnsWhatCanBeLearnt() throws IOException {
        try (Backend backend = CpuBackend.create(2);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            List<TrainingListener.Progress> progress = new ArrayList<>();
            TrainingResult result = new Trainer(
                            model, TRAINING, VALIDATION, new TrainingSettings(15, 16, 1, ADAM), new TrainingListener() {
                                @Override
                                public void progress(Progress now) {
                                    progress.add(now);
                                }
                            })
                    .run(null);
            EpochRecord last = result.chosen();
            assertEquals(15, last.epoch());
            assertTrue(last.validationAccuracy() > 0.95, last.toString());
            assertTrue(
                    last.trainLoss() < result.history().get(0).trainLoss() / 3,
                    result.history().toString());
            TrainingListener.Progress end = progress.get(progress.size() - 1);
            assertEquals(13, end.batches());
            assertEquals(13, end.batch());
            assertEquals(0, end.secondsLeft(), 1e-9);
            assertEquals(last.trainLoss(), end.loss());
        }
    }

    @Test
    void noEpochLeavesTheModelAsItWas() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1);
                Model same = Model.create(DESCRIPTION, backend, 1)) {
            TrainingResult result = new Trainer(
                            model, TRAINING, VALIDATION, new TrainingSettings(0, 16, 1, ADAM, true, 1), null)
                    .run(null);
            assertEquals(0, result.epoch());
            assertTrue(Double.isNaN(result.chosen().trainAccuracy()));
            same.weights()
                    .forEach((name, values) ->
                            assertArrayEquals(values, model.weights().get(name), name));
        }
        assertThrows(BadInputException.class, () -> new TrainingSettings(-1, 16, 1, ADAM));
    }

    @Test
    void resumedTrainingEndsWithTheBytesOfAnUninterruptedOne() throws IOException {
        for (boolean keepBest : new boolean[] {false, true}) {
            TrainingSettings settings = new TrainingSettings(5, 16, 3, ADAM, keepBest, 2);
            Path whole = Files.createDirectories(folder.resolve("whole" + keepBest));
            Path broken = Files.createDirectories(folder.resolve("broken" + keepBest));
            Map<String, float[]> expected;
            TrainingResult expectedResult;
            try (Backend backend = CpuBackend.create(1);
                    Model model = Model.create(DESCRIPTION, backend, 1)) {
                expectedResult = new Trainer(model, TRAINING, VALIDATION, settings, TrainingListener.NONE).run(whole);
                expected = model.weights();
            }
            // Interrupted within epoch 1, then again within epoch 4; each time everything but the folder is gone.
            interrupt(settings, broken, 1, false);
            interrupt(settings, broken, 4, true);
            try (Backend backend = CpuBackend.create(2);
                    Model model = Model.create(DESCRIPTION, backend, 99)) {
                TrainingResult result =
                        new Trainer(model, TRAINING, VALIDATION, settings, TrainingListener.NONE).resume(broken);
                assertSame(expected, model.weights());
                assertSame(expectedResult.finalWeights(), result.finalWeights());
                assertEquals(expectedResult.epoch(), result.epoch());
            }
            assertEquals(
                    withoutSeconds(whole.resolve(Trainer.METRICS)), withoutSeconds(broken.resolve(Trainer.METRICS)));
            assertSame(
                    Checkpoint.read(whole.resolve(Trainer.CHECKPOINT)).optimizerValues(),
                    Checkpoint.read(broken.resolve(Trainer.CHECKPOINT)).optimizerValues());
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static void interrupt(TrainingSettings settings, Path folder, int epoch, boolean resume) {
        try (Backend backend = CpuBackend.create(2);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            Trainer trainer = new Trainer(model, TRAINING, VALIDATION, settings, new TrainingListener() {
                @Override
                public void progress(Progress now) {
                    if (now.epoch() == epoch) {
                        throw new Killed();
                    }
                }
            });
            assertThrows(Killed.class, () -> {
                if (resume) {
                    trainer.resume(folder);
                } else {
                    trainer.run(folder);
                }
            });
        }
    }

    private static void assertSame(Map<String, float[]> expected, Map<String, float[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), name));
    }

    private static List<String> withoutSeconds(Path csv) throws IOException {
        return Files.readAllLines(csv).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    @Test
    void aFinishedTrainingCanGoOnForMoreEpochs() throws IOException {
        Map<String, float[]> expected;
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            new Trainer(model, TRAINING, null, new TrainingSettings(3, 64, 3, ADAM), TrainingListener.NONE).run(null);
            expected = model.weights();
        }
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            new Trainer(model, TRAINING, null, new TrainingSettings(2, 64, 3, ADAM), TrainingListener.NONE).run(folder);
            TrainingResult result = new Trainer(
                            model, TRAINING, null, new TrainingSettings(3, 64, 3, ADAM), TrainingListener.NONE)
                    .resume(folder);
            assertSame(expected, model.weights());
            assertEquals(3, result.history().size());
            assertTrue(
                    Files.readAllLines(folder.resolve(Trainer.METRICS)).get(3).startsWith("3,"));
        }
    }

    @Test
    void theNumberOfThreadsCannotBeSeenInTheWeights() throws IOException {
        List<Map<String, float[]>> weights = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            try (Backend backend = CpuBackend.create(threads);
                    Model model = Model.create(DESCRIPTION, backend, 1)) {
                TrainingSettings settings =
                        new TrainingSettings(2, 16, 3, new Optimizer.Sgd(0.05f, 0.9f, 0f), false, threads);
                new Trainer(model, TRAINING, VALIDATION, settings, TrainingListener.NONE).run(null);
                weights.add(model.weights());
            }
        }
        assertSame(weights.get(0), weights.get(1));
        assertSame(weights.get(0), weights.get(2));
    }

    @Test
    void keepingTheBestLeavesItsWeightsInTheModel() throws IOException {
        // A rate far too large for this task: the accuracy goes up and down.
        TrainingSettings settings = new TrainingSettings(8, 16, 5, Optimizer.adam(0.05f, 0f), true, 1);
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            TrainingResult result = new Trainer(model, TRAINING, VALIDATION, settings, TrainingListener.NONE).run(null);
            double best = result.history().stream()
                    .mapToDouble(EpochRecord::validationAccuracy)
                    .max()
                    .orElseThrow();
            assertEquals(best, result.chosen().validationAccuracy());
            assertEquals(best, Evaluation.of(model, VALIDATION, 1).accuracy());
            model.setWeights(result.finalWeights());
            assertEquals(
                    result.history().get(7).validationLoss(),
                    Evaluation.of(model, VALIDATION, 1).loss());
        }
    }

    @Test
    void divergenceStopsWithAnExplanation() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            TrainingSettings settings = new TrainingSettings(2, 16, 1, new Optimizer.Sgd(1e30f, 0, 0));
            Trainer trainer = new Trainer(model, new Stripes(64, 1), null, settings, TrainingListener.NONE);
            String message = assertThrows(DivergenceException.class, () -> trainer.run(folder))
                    .getMessage();
            assertTrue(
                    message.matches("epoch 1, step [2-4]: the loss is no longer a finite number; try a learning rate "
                            + "below 1.0E30, and check that the"
                            + " inputs hold no NaN"),
                    message);
            assertEquals(MetricsFile.HEADER, String.join("\n", Files.readAllLines(folder.resolve(Trainer.METRICS))));
        }
    }

    @Test
    void resumingWithOtherSettingsOrNothingIsRefused() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            new Trainer(model, TRAINING, null, new TrainingSettings(1, 64, 3, ADAM), TrainingListener.NONE).run(folder);
            assertEquals(
                    "checkpoint.safetensors: belongs to a training with batch size 64, not 16; resume it with "
                            + "the settings it was started with, or start"
                            + " anew",
                    refusal(model, TRAINING, new TrainingSettings(1, 16, 3, ADAM)));
            assertTrue(refusal(model, new Stripes(203, 9), new TrainingSettings(1, 64, 3, ADAM))
                    .contains("stripes 1, not 203 inputs"));
            TrainingSettings weighted = new TrainingSettings(1, 64, 3, ADAM, false, 1, List.of(1f, 2f));
            assertTrue(refusal(model, TRAINING, weighted).contains("class weights none, not [1.0, 2.0];"));
            try (Model toy = Model.create(ModelDescription.toy(), backend, 1)) {
                assertTrue(refusal(toy, TRAINING, new TrainingSettings(1, 64, 3, ADAM))
                        .contains("belongs to a training with another network"));
            }
            new Trainer(model, TRAINING, null, weighted, TrainingListener.NONE).run(folder);
            assertTrue(refusal(model, TRAINING, new TrainingSettings(1, 64, 3, ADAM))
                    .contains("class weights [1.0, 2.0], not none;"));
            Files.delete(folder.resolve(Trainer.CHECKPOINT));
            assertTrue(refusal(model, TRAINING, new TrainingSettings(1, 64, 3, ADAM))
                    .startsWith("checkpoint.safetensors: no such file"));
        }
    }

    private String refusal(Model model, TrainingData data, TrainingSettings settings) {
        Trainer trainer = new Trainer(model, data, null, settings, TrainingListener.NONE);
        return assertThrows(ModelFileException.class, () -> trainer.resume(folder))
                .getMessage();
    }

    @Test
    void impossibleTrainingsAreRefused() {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            TrainingSettings best = new TrainingSettings(1, 16, 3, ADAM, true, 1);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Trainer(model, TRAINING, null, best, TrainingListener.NONE));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Trainer(
                            model,
                            new Stripes(0, 1),
                            null,
                            new TrainingSettings(1, 16, 3, ADAM),
                            TrainingListener.NONE));
            assertThrows(IllegalArgumentException.class, () -> new TrainingSettings(1, 0, 3, ADAM));
            assertThrows(IllegalArgumentException.class, () -> Optimizer.adam(0f, 0f));
            assertThrows(IllegalArgumentException.class, () -> new Optimizer.Sgd(0.1f, 1f, 0f));
        }
    }

    @Test
    void failuresToLoadAnInputEndTheTraining() {
        TrainingData unreadable = new TrainingData() {
            @Override
            public int size() {
                return 40;
            }

            @Override
            public void load(int index, long seed, float[] target, int offset) throws IOException {
                if (index == 17) {
                    throw new IOException("a.wav: gone");
                }
            }

            @Override
            public int label(int index) {
                return 0;
            }
        };
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(DESCRIPTION, backend, 1)) {
            Trainer trainer =
                    new Trainer(model, unreadable, null, new TrainingSettings(1, 16, 3, ADAM), TrainingListener.NONE);
            assertEquals(
                    "a.wav: gone",
                    assertThrows(IOException.class, () -> trainer.run(null)).getMessage());
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }
}
