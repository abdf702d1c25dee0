package unweave.cli.selftest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import unweave.drsa.evaluation.FlippingScores;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.engine.file.SafeTensors;
import unweave.engine.model.Model;
import unweave.engine.torch.TorchImport;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;

/**
 * The file {@code patch_flipping.safetensors}: given maps flipped in PyTorch; the network is that of
 * {@code toy_model.safetensors} beside it.
 */
final class GoldenPatchFlipping {
    private static final String NETWORK = "toy_model.safetensors";
    private static final double SCORES = 1e-4;

    private GoldenPatchFlipping() {}

    static List<Check> run(Path path, SafeTensors golden, Backend backend) throws IOException {
        Path network = path.resolveSibling(NETWORK);
        if (!Files.isRegularFile(network)) {
            throw new BadInputException(
                    path + ": the network whose inputs are flipped is expected beside it, as " + network);
        }
        try (SafeTensors weights = SafeTensors.open(network);
                Model model = TorchImport.load(network, "weights/", Map.of(), GoldenModels.network(weights), backend)) {
            List<Check> checks = new ArrayList<>();
            for (String name : golden.names()) {
                if (name.startsWith("K") && name.endsWith("/scores")) {
                    flip(golden, model, name.substring(0, name.length() - "/scores".length()), checks);
                }
            }
            return checks;
        }
    }

    /** Scores are [steps + 1][N] in the file. */
    private static void flip(SafeTensors golden, Model model, String key, List<Check> checks) throws IOException {
        int maps = Integer.parseInt(key.substring(1));
        List<Integer> shape = golden.shape("heatmaps");
        int bins = shape.get(2) * shape.get(3);
        float[] heat = golden.floats("heatmaps");
        int[] classes = golden.ints("class");
        PatchFlipping flipping = new PatchFlipping(model, PatchFlipping.THESIS_SIDE);
        int[][][] rankings = new int[classes.length][][];
        for (int i = 0; i < classes.length; i++) {
            float[][] one = new float[maps][];
            for (int k = 0; k < maps; k++) {
                int offset = (i * shape.get(1) + k) * bins;
                one[k] = Arrays.copyOfRange(heat, offset, offset + bins);
            }
            rankings[i] = flipping.rankings(one);
        }
        FlippingScores scores = flipping.flip(golden.floats("input"), classes, rankings);
        double[] byStep = new double[(scores.flips().length + 1) * classes.length];
        for (int i = 0; i < byStep.length; i++) {
            byStep[i] = scores.scores()[i % classes.length][i / classes.length];
        }
        checks.add(Check.largest("patch_flipping " + key + "/scores", golden.doubles(key + "/scores"), byStep, SCORES));
        checks.add(Check.largest(
                "patch_flipping " + key + "/aupc", golden.doubles(key + "/aupc"), scores.aupcs(), SCORES));
    }
}
