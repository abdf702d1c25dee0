package unweave.cli.selftest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import unweave.engine.file.SafeTensors;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.engine.torch.TorchImport;
import unweave.engine.train.Optimizer;
import unweave.engine.train.OptimizerState;
import unweave.kernels.Backend;
import unweave.kernels.Ints;

/** The file {@code training.safetensors}: losses and final weights of Adam steps in PyTorch. */
final class GoldenTraining {
    private static final double LOSS = 1e-4;
    private static final double MOVEMENT = 0.05;
    private static final float RATE = 1e-3f;

    private GoldenTraining() {}

    static List<Check> run(Path path, SafeTensors golden, Backend backend) throws IOException {
        List<Check> checks = new ArrayList<>();
        for (String name : golden.names()) {
            if (name.startsWith("wd") && name.endsWith("/loss")) {
                String key = name.substring(0, name.length() - "/loss".length());
                steps(path, golden, backend, key, Float.parseFloat(key.substring(2)), checks);
            }
        }
        return checks;
    }

    private static void steps(
            Path path, SafeTensors golden, Backend backend, String key, float decay, List<Check> checks)
            throws IOException {
        double[] expected = golden.doubles(key + "/loss");
        float[] x = golden.floats("x");
        int[] y = golden.ints("y");
        int batch = y.length / expected.length;
        int size = x.length / y.length;
        float[] losses = new float[expected.length];
        try (Model model = TorchImport.load(path, "init/", Map.of(), ModelDescription.toy(), backend);
                OptimizerState optimizer = new OptimizerState(Optimizer.adam(RATE, decay), model)) {
            for (int step = 0; step < expected.length; step++) {
                try (Tape tape = Tape.training(backend, step);
                        Ints labels = backend.ints(Arrays.copyOfRange(y, step * batch, (step + 1) * batch))) {
                    float[] inputs = Arrays.copyOfRange(x, step * batch * size, (step + 1) * batch * size);
                    Tensor logits = model.forward(
                            tape,
                            tape.input(
                                    backend.floats(inputs),
                                    model.description().input().ofBatch(batch)));
                    Tensor loss = tape.crossEntropy("loss", logits, labels);
                    for (float value : backend.toArray(loss.data())) {
                        losses[step] += value / batch;
                    }
                    tape.backward(loss);
                    optimizer.update();
                }
            }
            checks.add(Check.largest("training " + key + "/loss", expected, losses, LOSS));
            if (golden.names().stream().anyMatch(name -> name.startsWith(key + "/final/"))) {
                finalWeights(path, backend, key, model, checks);
            }
        }
    }

    /**
     * How far the weights of every parameter end from the file's, as part of the way that they went: root mean squares.
     * Not weight by weight, since training is not continuous: where rounding decides which of two nearly equal values
     * wins a pooling window, a few gradients change by as much as they are, Adam gives small gradients steps as long as
     * large ones, and after 20 steps single weights differ in the third digit. A wrong formula moves all weights
     * differently: between the file's two runs, which differ by a decay of 1e-4, it is 20 to 99 % of the way (the last
     * bias apart).
     */
    private static void finalWeights(Path path, Backend backend, String key, Model model, List<Check> checks)
            throws IOException {
        try (Model expected = TorchImport.load(path, key + "/final/", Map.of(), model.description(), backend);
                Model initial = TorchImport.load(path, "init/", Map.of(), model.description(), backend)) {
            Map<String, float[]> trained = model.weights();
            Map<String, float[]> before = initial.weights();
            expected.weights()
                    .forEach((name, values) -> checks.add(new Check(
                            "training " + key + "/final/" + name + ", of the way there",
                            distance(trained.get(name), values) / distance(before.get(name), values),
                            MOVEMENT)));
        }
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
