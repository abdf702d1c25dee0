package unweave.engine.onnx.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.ElementType;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.NodeCase;
import unweave.engine.onnx.OnnxGraph;
import unweave.kernels.BadInputException;

/**
 * ONNX' own tests of its operators as networks of one node: what is converted gives the expected values on the CPU, and
 * the rest is refused by name. All inputs but the first are constants, as weights and settings are in files.
 */
class ConvertedNodeTest {
    private static final double TOLERANCE = 2e-5;

    private final Map<String, Integer> passed = new TreeMap<>();
    private final Map<String, List<String>> refused = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int others;

    @Test
    void givesExpectedValuesOrIsRefusedByName() throws IOException {
        NodeCase.forEach(this::check);
        int passes = passed.values().stream().mapToInt(Integer::intValue).sum();
        int refusals = refused.values().stream().mapToInt(List::size).sum();
        System.out.printf(
                Locale.ROOT,
                "ONNX' node tests as networks: %d pass, %d refused, %d that read or give no real numbers%n  pass: %s%n",
                passes,
                refusals,
                others,
                passed);
        refused.forEach((why, names) -> System.out.printf(Locale.ROOT, "  refused %3d: %s%n", names.size(), why));
        assertEquals(List.of(), wrong);
        assertTrue(passes >= 350, passes + " pass");
    }

    private void check(Path folder) throws IOException {
        NodeCase test;
        OnnxGraph graph;
        try {
            test = NodeCase.read(folder);
            graph = test.withConstants();
        } catch (ModelFileException e) {
            others++;
            return;
        }
        if (test.inputs().isEmpty()
                || !test.inputs().get(0).type().isFloat()
                || !test.outputs().get(0).type().isFloat()) {
            others++;
            return;
        }
        String op = graph.nodes().get(graph.nodes().size() - 1).op();
        NdArray input = test.values().get(graph.inputs().get(0).name());
        try {
            compare(test, op, input, converted(test, graph, input));
        } catch (BadInputException e) {
            String message = e.getMessage();
            boolean named = message.contains("(" + op) || message.contains("node ") || message.contains("put \"");
            if (!named) {
                wrong.add(test.name() + ": " + message);
            }
            String reason = message.substring(message.indexOf("\" (") + 3).replaceFirst(", opset \\d+\\)", "");
            refused.computeIfAbsent(reason, key -> new ArrayList<>()).add(test.name());
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            wrong.add(test.name() + ": " + e);
        }
    }

    /** With the first axis as the batch; where that is refused, as one array if it has up to three axes. */
    private static Converted converted(NodeCase test, OnnxGraph graph, NdArray input) {
        String output = test.outputNames().get(0);
        try {
            return new Converted(graph, Conversion.of(graph, new ConversionOptions(null, output, false, null)));
        } catch (BadInputException e) {
            if (input.rank() > 3 || input.rank() == 0 || input.size() == 0) {
                throw e;
            }
            return new Converted(graph, Conversion.withoutBatch(graph, output, input.dims()));
        }
    }

    private void compare(NodeCase test, String op, NdArray input, Converted network) {
        NdArray expected = test.expected(0);
        double[] definition = network.conversion().cutAway().isEmpty()
                ? network.conversion().logits(expected.numbers(), expected.dims())
                : network.definition(input);
        float[] ours = network.predict(input.floats(), input.dims());
        double worst = ours.length == definition.length ? 0 : Double.POSITIVE_INFINITY;
        double largest = 1;
        for (int i = 0; i < definition.length && Double.isFinite(worst); i++) {
            double difference = Math.abs(ours[i] - definition[i]);
            worst = Double.isNaN(difference) && Double.isNaN(definition[i]) ? worst : Math.max(worst, difference);
            largest = Math.max(largest, Math.abs(definition[i]));
        }
        boolean half = expected.type() == ElementType.FLOAT16; // rounded to 11 bits, as the network's values are not
        if (worst > (half ? 1e-3 : TOLERANCE) * largest) {
            wrong.add(String.format(Locale.ROOT, "%s differs by %.3g of %.3g", test.name(), worst, largest));
        } else {
            passed.merge(op, 1, Integer::sum);
        }
    }
}
