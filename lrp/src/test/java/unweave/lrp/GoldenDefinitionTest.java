package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import unweave.engine.file.SafeTensors;
import unweave.kernels.ConvShape;

/**
 * {@link RuleDefinition}, against which the rules are tested, is itself what zennit computes: to 1e-10 of the largest
 * value, in float64. The file's tensors are in PyTorch's layout, images N C H W, weights O I H W.
 */
class GoldenDefinitionTest {
    private static final double TOLERANCE = 1e-10;
    private static final double EPSILON = 1e-6;

    private record Formula(double stabilizer, boolean bias, Function<RuleDefinition, double[]> of) {}

    private static Map<String, Formula> formulas() {
        Map<String, Formula> formulas = new LinkedHashMap<>();
        formulas.put("epsilon_1e-6", new Formula(EPSILON, true, RuleDefinition::epsilon));
        formulas.put("epsilon_0.25", new Formula(0.25, true, RuleDefinition::epsilon));
        formulas.put("epsilon_nobias", new Formula(EPSILON, false, RuleDefinition::epsilon));
        formulas.put("gamma_0.25", new Formula(EPSILON, true, definition -> definition.gamma(0.25)));
        formulas.put("gamma_0.8", new Formula(EPSILON, true, definition -> definition.gamma(0.8)));
        formulas.put("gamma_nobias", new Formula(EPSILON, false, definition -> definition.gamma(0.25)));
        formulas.put("zplus", new Formula(EPSILON, true, RuleDefinition::zPlus));
        formulas.put("alpha2_beta1", new Formula(EPSILON, true, definition -> definition.alphaBeta(2, 1)));
        formulas.put("alpha1_beta0", new Formula(EPSILON, true, definition -> definition.alphaBeta(1, 0)));
        formulas.put("zbox", new Formula(EPSILON, true, definition -> definition.zBox(-3, 3)));
        formulas.put("wsquare", new Formula(EPSILON, true, RuleDefinition::wSquare));
        formulas.put("wsquare_nobias", new Formula(EPSILON, false, RuleDefinition::wSquare));
        formulas.put("flat", new Formula(EPSILON, true, RuleDefinition::flat));
        return formulas;
    }

    private static Path golden() throws URISyntaxException {
        String directory = System.getProperty("golden.dir");
        return directory != null
                ? Path.of(directory).resolve("lrp_rules.safetensors")
                : Path.of(GoldenDefinitionTest.class
                        .getResource("/golden/lrp_rules.safetensors")
                        .toURI());
    }

    @Test
    void theDefinitionsAreWhatZennitComputes() throws IOException, URISyntaxException {
        int compared = 0;
        try (SafeTensors file = SafeTensors.open(golden())) {
            for (String name : file.names()) {
                if (name.endsWith("/w")) {
                    compared += compare(file, name.substring(0, name.length() - 2));
                }
            }
        }
        assertTrue(compared >= 50, compared + " tensors were compared");
    }

    private static int compare(SafeTensors file, String key) throws IOException {
        ConvShape shape = shape(key, file.shape(key + "/x"), file.shape(key + "/w"));
        List<RuleDefinition.Connection> connections =
                RuleDefinition.connections(shape.withBatch(1), weights(shape, file.doubles(key + "/w")));
        double[] x = file.doubles(key + "/x");
        double[] relevance = file.doubles(key + "/R_out");
        double[] bias = biases(shape, file.doubles(key + "/b"));
        int inputs = x.length / shape.batch();
        int outputs = relevance.length / shape.batch();
        int compared = 0;
        for (Map.Entry<String, Formula> entry : formulas().entrySet()) {
            if (!file.contains(key + "/" + entry.getKey())) {
                continue;
            }
            double[] expected = file.doubles(key + "/" + entry.getKey());
            double[] actual = new double[x.length];
            for (int n = 0; n < shape.batch(); n++) {
                RuleDefinition definition = new RuleDefinition(
                        connections,
                        lastAxis(x, n * inputs, inputs, shape.inChannels()),
                        bias,
                        entry.getValue().bias(),
                        lastAxis(relevance, n * outputs, outputs, shape.outChannels()),
                        entry.getValue().stabilizer());
                double[] share = entry.getValue().of().apply(definition);
                int pixels = inputs / shape.inChannels();
                for (int i = 0; i < inputs; i++) {
                    actual[n * inputs + i % shape.inChannels() * pixels + i / shape.inChannels()] = share[i];
                }
            }
            assertSame(key + "/" + entry.getKey(), expected, actual);
            compared++;
        }
        return compared;
    }

    private static void assertSame(String name, double[] expected, double[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertEquals(0, difference / largest, TOLERANCE, name);
    }

    private static ConvShape shape(String key, List<Integer> x, List<Integer> w) {
        if (w.size() == 2) {
            return ConvShape.dense(x.get(0), w.get(1), w.get(0));
        }
        int[] geometry = switch (key.substring(0, key.indexOf('/'))) { // strideY strideX padY padX dilation
                    case "conv3x3_pad1", "conv3x3_groups2", "conv3x3_wide" -> new int[] {1, 1, 1, 1, 1};
                    case "conv5x4_stride2_pad" -> new int[] {2, 3, 2, 1, 1};
                    case "conv3x3_dilation2" -> new int[] {1, 1, 2, 2, 2};
                    default -> new int[] {1, 1, 0, 0, 1};
                };
        return new ConvShape(
                x.get(0),
                x.get(2),
                x.get(3),
                x.get(1),
                w.get(0),
                w.get(2),
                w.get(3),
                geometry[0],
                geometry[1],
                geometry[2],
                geometry[3],
                geometry[4],
                geometry[4],
                x.get(1) / w.get(1));
    }

    /** O I H W to H W I O. */
    private static double[] weights(ConvShape shape, double[] torch) {
        double[] weights = new double[torch.length];
        int taps = shape.kernelHeight() * shape.kernelWidth();
        for (int i = 0; i < torch.length; i++) {
            int tap = i % taps;
            int in = i / taps % shape.groupChannels();
            int out = i / taps / shape.groupChannels();
            weights[(tap * shape.groupChannels() + in) * shape.outChannels() + out] = torch[i];
        }
        return weights;
    }

    /** Part of an array, C H W to H W C. */
    private static double[] lastAxis(double[] values, int from, int length, int channels) {
        double[] result = new double[length];
        int pixels = length / channels;
        for (int i = 0; i < length; i++) {
            result[i % pixels * channels + i / pixels] = values[from + i];
        }
        return result;
    }

    private static double[] biases(ConvShape shape, double[] bias) {
        double[] repeated = new double[Math.toIntExact(shape.outputSize() / shape.batch())];
        for (int k = 0; k < repeated.length; k++) {
            repeated[k] = bias[k % bias.length];
        }
        return repeated;
    }
}
