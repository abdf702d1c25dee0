package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.layer.Add;
import unweave.engine.layer.Axis;
import unweave.engine.layer.BatchNorm;
import unweave.engine.layer.Conv;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.GlobalAvgPool;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.Relu;
import unweave.engine.layer.Size;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/**
 * A network of the shape of ResNet-18 (He et al. 2016), an eighth as wide, with batch normalisation: its explanations
 * must not blow up.
 */
class ResidualNetworkTest {
    private static final int INPUTS = 12;
    private static final int SIDE = 32;

    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    private static final class Builder {
        private final List<Layer> layers = new ArrayList<>();
        private final boolean residual;

        Builder(boolean residual) {
            this.residual = residual;
        }

        String last() {
            return layers.get(layers.size() - 1).name();
        }

        void conv(String name, String input, int filters, int kernel, int stride) {
            layers.add(new Conv(
                    name,
                    List.of(input),
                    filters,
                    Size.square(kernel),
                    Size.square(stride),
                    Size.square(kernel / 2),
                    Size.square(1),
                    1,
                    false));
            layers.add(new BatchNorm(name + ".norm", List.of(), 1e-5f, 0.1f, Axis.CHANNELS, true, 1));
        }

        void relu(String name) {
            layers.add(new Relu(name, List.of()));
        }

        void block(String name, int filters, int stride) {
            String input = last();
            conv(name + ".conv1", input, filters, 3, stride);
            relu(name + ".relu1");
            conv(name + ".conv2", last(), filters, 3, 1);
            String main = last();
            if (residual) {
                String shortcut = input;
                if (stride > 1) {
                    conv(name + ".down", input, filters, 1, stride);
                    shortcut = last();
                }
                layers.add(new Add(name + ".add", List.of(main, shortcut)));
            }
            relu(name + ".relu2");
        }

        ModelDescription build() {
            conv("stem", "input", 8, 3, 1);
            relu("stem.relu");
            for (int stage = 0; stage < 4; stage++) {
                block("stage" + stage + ".0", 8 << stage, stage == 0 ? 1 : 2);
                block("stage" + stage + ".1", 8 << stage, 1);
            }
            layers.add(new GlobalAvgPool("pool", List.of()));
            layers.add(new Flatten("flatten", List.of()));
            layers.add(new Dense("dense", List.of(), 10, true));
            return new ModelDescription(
                    LayerShape.image(SIDE, SIDE, 1),
                    layers,
                    List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
                    new JsonObject(),
                    new JsonObject());
        }
    }

    /**
     * The median over inputs of the largest |relevance| over |the sum of the relevance| at the input, for the class
     * with the largest logit.
     */
    private double concentration(boolean residual, Composite composite) {
        SplittableRandom random = new SplittableRandom(5);
        float[] inputs = new float[INPUTS * SIDE * SIDE];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        try (Model model = CanonizerTest.random(new Builder(residual).build(), backend, 3);
                Model canonical = Canonizer.canonical(model);
                LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
            float[] logits = model.predict(inputs, INPUTS);
            int[] classes = new int[INPUTS];
            for (int n = 0; n < INPUTS; n++) {
                for (int c = 1; c < 10; c++) {
                    classes[n] = logits[n * 10 + c] > logits[n * 10 + classes[n]] ? c : classes[n];
                }
            }
            Attribution attribution = lrp.attribute(canonical, inputs, INPUTS, classes);
            double[] ratios = new double[INPUTS];
            for (int n = 0; n < INPUTS; n++) {
                double largest = 0;
                for (float r : attribution.map(n)) {
                    largest = Math.max(largest, Math.abs(r));
                }
                ratios[n] = largest / Math.abs(attribution.sum(n));
            }
            return DoubleStream.of(ratios).sorted().toArray()[INPUTS / 2];
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gtzan", "toy", "epsilon-plus-flat", "epsilon-gamma", "epsilon-alpha2-beta1"})
    void residualsDoNotBlowRelevanceUp(String name) {
        double with = concentration(true, Composites.named(name));
        double without = concentration(false, Composites.named(name));
        assertTrue(with <= 2 * without, name + ": " + with + " with residuals, " + without + " without");
    }
}
