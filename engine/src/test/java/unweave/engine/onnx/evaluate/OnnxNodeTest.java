package unweave.engine.onnx.evaluate;

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
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.NodeCase;
import unweave.engine.onnx.OnnxNode;

/** ONNX' own tests of its operators: what is known gives the expected values, or is refused by name. */
class OnnxNodeTest {
    private static final double FLOAT32 = 2e-6;
    private static final double FLOAT16 = 1e-3;
    /** The data were cut to 8 significant bits, not rounded. */
    private static final double BFLOAT16 = 0x1p-7;

    private final Map<String, List<String>> refused = new TreeMap<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int passed;
    private int passedFloats;
    private int notRead;

    @Test
    void givesExpectedValues() throws IOException {
        NodeCase.forEach(this::check);
        int refusals = refused.values().stream().mapToInt(List::size).sum();
        int unknownCases = unknown.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                Locale.ROOT,
                "ONNX' node tests in float64: %d pass (%d of them with real numbers), %d refused, %d of operators that"
                        + " are not known, %d that are no tensors of numbers or of another opset%n",
                passed,
                passedFloats,
                refusals,
                unknownCases,
                notRead);
        refused.forEach((why, names) -> System.out.printf(Locale.ROOT, "  refused %3d: %s%n", names.size(), why));
        System.out.println("  not known: " + unknown);
        assertEquals(List.of(), wrong);
        assertTrue(passed >= 500, passed + " pass");
    }

    private void check(Path folder) throws IOException {
        NodeCase test;
        try {
            test = NodeCase.read(folder);
        } catch (ModelFileException e) {
            notRead++;
            return;
        }
        List<OnnxNode> strange = test.graph().nodes().stream()
                .filter(node -> !Operations.known(node))
                .toList();
        if (!strange.isEmpty()) {
            unknown.merge(strange.get(0).op(), 1, Integer::sum);
            return;
        }
        try {
            compare(test);
        } catch (ModelFileException e) {
            String message = e.getMessage();
            String operator = message.substring(message.indexOf("\" (") + 3);
            refused.computeIfAbsent(operator.replaceFirst(", opset \\d+\\)", ""), key -> new ArrayList<>())
                    .add(test.name());
        }
    }

    private void compare(NodeCase test) {
        Map<String, NdArray> computed = Evaluator.run(test.graph(), test.values(), test.outputNames());
        double worst = 0;
        // The expansions of windows into nodes hold pi with few digits.
        double allowed = test.name().contains("window") ? 1e-4 : FLOAT32;
        for (int i = 0; i < test.outputs().size(); i++) {
            NdArray expected = test.expected(i);
            worst = Math.max(
                    worst,
                    NodeCase.difference(
                            expected, computed.get(test.outputNames().get(i))));
            allowed = switch (expected.type()) {
                case FLOAT16 -> FLOAT16;
                case BFLOAT16 -> BFLOAT16;
                default -> allowed;
            };
        }
        if (worst > allowed) {
            wrong.add(String.format(Locale.ROOT, "%s differs by %.3g", test.name(), worst));
            return;
        }
        passed++;
        passedFloats += test.outputs().get(0).type().isFloat() ? 1 : 0;
    }
}
