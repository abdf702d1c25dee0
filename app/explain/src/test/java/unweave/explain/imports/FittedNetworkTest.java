package unweave.explain.imports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.spectral.Dct;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.Relu;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.explain.frontend.FrontEndSpec;
import unweave.explain.frontend.FrontEnds;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

class FittedNetworkTest {
    private static final int FRAMES = 12;

    @TempDir
    Path folder;

    /** A front end of MFCCs. */
    private FrontEndSpec mfcc(int mels, int coefficients) throws IOException {
        return FrontEnds.of(Files.writeString(
                        folder.resolve("mfcc.json"),
                        """
                        {"kind": "spectrogram", "sampleRate": 8000, "window": "hann", "fftLength": 256, "hop": 128,
                         "edges": "reflect", "power": 2, "mels": %d, "melScale": "htk", "melNorm": "none", "lowHz": 0,
                         "highHz": 4000, "log": "ln", "offset": 1e-6,
                         "dct": {"coefficients": %d, "orthonormal": true, "mean": 0.5, "deviation": 2}}
                        """
                                .formatted(mels, coefficients))
                .toString());
    }

    private static ModelDescription network(int height, int width) {
        return ModelDescription.network(
                new ModelDescription(
                                LayerShape.image(height, width, 1),
                                List.of(
                                        new Relu("relu", List.of()),
                                        new Flatten("flatten", List.of()),
                                        new Dense("dense", List.of(), 3, true)),
                                List.of("a", "b", "c"),
                                new JsonObject(),
                                new JsonObject())
                        .toJson(),
                List.of());
    }

    private static Map<String, float[]> weights(ModelDescription network, Backend backend) {
        try (Model model = Model.create(network, backend, 3)) {
            return new HashMap<>(model.weights());
        }
    }

    /**
     * The fitted network reads mel bands and gives what the original one gives for their cosine transform, also where
     * it reads time before frequency, and where there are as many coefficients as bands.
     */
    @Test
    void aNetworkOfCoefficientsReadsBands() throws IOException {
        for (int coefficients : new int[] {5, 8}) {
            for (boolean timeFirst : new boolean[] {false, true}) {
                ModelDescription network = timeFirst ? network(FRAMES, coefficients) : network(coefficients, FRAMES);
                try (Backend backend = CpuBackend.create(1)) {
                    Map<String, float[]> weights = weights(network, backend);
                    FittedNetwork fitted = FittedNetwork.of(mfcc(8, coefficients), network, weights);
                    assertEquals(
                            LayerShape.image(8, FRAMES, 1), fitted.description().input());
                    float[] bands = bands(8 * FRAMES);
                    float[] transformed = transformed(fitted.frontEnd().dct().orElseThrow(), bands, timeFirst);
                    assertArrayEquals(
                            predict(network, weights, transformed, backend),
                            predict(fitted.description(), fitted.weights(), bands, backend),
                            1e-5f,
                            coefficients + " " + timeFirst);
                }
            }
        }
    }

    private static float[] bands(int size) {
        Random random = new Random(4);
        float[] bands = new float[size];
        for (int i = 0; i < size; i++) {
            bands[i] = (float) random.nextGaussian();
        }
        return bands;
    }

    private static float[] transformed(Dct dct, float[] bands, boolean timeFirst) {
        int coefficients = dct.coefficients();
        float[] result = new float[coefficients * FRAMES];
        for (int n = 0; n < coefficients; n++) {
            for (int t = 0; t < FRAMES; t++) {
                double sum = 0;
                for (int m = 0; m < 8; m++) {
                    double scale = Math.sqrt((n == 0 ? 1.0 : 2.0) / 8);
                    sum += scale * Math.cos(Math.PI * n * (2 * m + 1) / 16) * bands[m * FRAMES + t];
                }
                result[timeFirst ? t * coefficients + n : n * FRAMES + t] = (float) ((sum - 0.5) / 2);
            }
        }
        return result;
    }

    private static float[] predict(
            ModelDescription description, Map<String, float[]> weights, float[] input, Backend backend) {
        try (Model model = Model.of(description, backend, parameter -> weights.get(parameter.name()))) {
            return model.predict(input, 1);
        }
    }

    @Test
    void aNetworkOfOtherSizeIsRefused() throws IOException {
        try (Backend backend = CpuBackend.create(1)) {
            ModelDescription network = network(8, FRAMES);
            Map<String, float[]> weights = weights(network, backend);
            FrontEndSpec spec = mfcc(8, 5);
            BadInputException e = assertThrows(BadInputException.class, () -> FittedNetwork.of(spec, network, weights));
            assertEquals(
                    folder.resolve("mfcc.json")
                            + ": makes inputs of 8x12x1 (5 coefficients), but the network reads 8x12x1",
                    e.getMessage());
        }
    }
}
