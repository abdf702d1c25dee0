package unweave.engine.onnx.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.engine.onnx.OnnxWriter.attribute;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxWriter;
import unweave.engine.onnx.ProtobufWriter;
import unweave.kernels.BadInputException;

class ConversionTest {
    @TempDir
    Path folder;

    private final Random random = new Random(3);

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * 0.5f;
        }
        return values;
    }

    private Converted converted(OnnxWriter writer, ConversionOptions options) throws IOException {
        return new Converted(open(writer), options);
    }

    private Converted converted(OnnxWriter writer) throws IOException {
        return converted(writer, ConversionOptions.WHOLE);
    }

    private OnnxGraph open(OnnxWriter writer) throws IOException {
        return writer.open(folder.resolve("net.onnx"));
    }

    private static ProtobufWriter ints(String name, long... values) {
        return attribute(name, values);
    }

    /** Convolution, ReLU, pooling, flatten in the graph's order C H W, dense, softmax. */
    private OnnxWriter classifier() {
        return new OnnxWriter(13)
                .input("x", -1, 1, 6, 9)
                .output("p", -1, 3)
                .initializer("features.0.weight", values(4 * 9), 4, 1, 3, 3)
                .initializer("features.0.bias", values(4), 4)
                .initializer("head.weight", values(3 * 48), 3, 48)
                .initializer("head.bias", values(3), 3)
                .node("Conv", List.of("x", "features.0.weight", "features.0.bias"), "c", ints("pads", 1, 1, 1, 1))
                .node("Relu", List.of("c"), "r")
                .node("MaxPool", List.of("r"), "m", ints("kernel_shape", 2, 2), ints("strides", 2, 2))
                .node("Flatten", List.of("m"), "f")
                .node("Gemm", List.of("f", "head.weight", "head.bias"), "l", attribute("transB", 1L))
                .node("Softmax", List.of("l"), "p");
    }

    @Test
    void aClassifierKeepsItsModulesNamesAndLosesItsSoftmax() throws IOException {
        Converted network = converted(classifier());
        assertEquals(List.of("features.0", "relu1", "pool1", "flatten1", "head"), network.names());
        assertEquals("softmax", network.conversion().cutAway());
        assertEquals("l", network.conversion().logitsTensor());
        assertEquals("p", network.conversion().output());
        network.requireAgreement();
    }

    @Test
    void withTimeFirstFrequencyIsTheHeightAndNothingIsMoved() throws IOException {
        Converted network = converted(classifier(), new ConversionOptions(null, null, true, null));
        JsonObject size = network.conversion().network().getAsJsonObject("input");
        assertEquals(9, size.get("height").getAsInt());
        assertEquals(6, size.get("width").getAsInt());
        assertEquals(List.of("conv", "relu", "maxpool", "flatten", "dense"), network.kinds());
        network.requireAgreement();
    }

    @Test
    void theBatchNormOfAMelAxisBetweenTransposesIsOneOfTheHeight() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 1, 7, 4)
                .output("y", -1, 2)
                .initializer("bn0.weight", values(4), 4)
                .initializer("bn0.bias", values(4), 4)
                .initializer("bn0.running_mean", values(4), 4)
                .initializer("bn0.running_var", new float[] {1, 2, 0.5f, 3}, 4)
                .initializer("w", values(2 * 4), 2, 1, 2, 2)
                .node("Transpose", List.of("x"), "t", ints("perm", 0, 3, 2, 1))
                .node(
                        "BatchNormalization",
                        List.of("t", "bn0.weight", "bn0.bias", "bn0.running_mean", "bn0.running_var"),
                        "b")
                .node("Transpose", List.of("b"), "u", ints("perm", 0, 3, 2, 1))
                .node("Conv", List.of("u", "w"), "c")
                .node("ReduceMean", List.of("c"), "m", ints("axes", 3), attribute("keepdims", 0L))
                .node("ReduceMax", List.of("m"), "y", ints("axes", 2), attribute("keepdims", 0L));
        Converted network = converted(writer, new ConversionOptions(null, null, true, null));
        assertEquals(List.of("batchnorm", "conv", "avgpool", "globalmaxpool", "flatten"), network.kinds());
        assertTrue(network.conversion().network().toString().contains("\"axis\":\"height\""));
        network.requireAgreement();
    }

    @Test
    void geluAndSiluAreFoundHoweverTheyAreWritten() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 3, 4, 4)
                .output("y", -1, 3, 4, 4)
                .initializer("root", new float[] {1.4142135f})
                .initializer("one", new float[] {1})
                .initializer("half", new float[] {0.5f})
                .node("Div", List.of("x", "root"), "d")
                .node("Erf", List.of("d"), "e")
                .node("Add", List.of("one", "e"), "a")
                .node("Mul", List.of("half", "a"), "h")
                .node("Mul", List.of("h", "x"), "g")
                .node("Sigmoid", List.of("g"), "s")
                .node("Mul", List.of("g", "s"), "y");
        Converted network = converted(writer);
        assertEquals(List.of("gelu", "silu", "rearrange"), network.kinds());
        network.requireAgreement();
    }

    @Test
    void channelsAreShuffledByOneRearrangement() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 6, 3, 5)
                .output("y", -1, 2)
                .initializer("apart", new long[] {-1, 2, 3, 3, 5}, 5)
                .initializer("together", new long[] {-1, 6, 3, 5}, 4)
                .initializer("w", values(2 * 6), 2, 6, 1, 1)
                .node("Reshape", List.of("x", "apart"), "a")
                .node("Transpose", List.of("a"), "b", ints("perm", 0, 2, 1, 3, 4))
                .node("Reshape", List.of("b", "together"), "c")
                .node("Conv", List.of("c", "w"), "d")
                .node("GlobalAveragePool", List.of("d"), "e")
                .node("Flatten", List.of("e"), "y");
        Converted network = converted(writer);
        assertEquals(List.of("rearrange", "conv", "globalavgpool", "flatten"), network.kinds());
        network.requireAgreement();
    }

    @Test
    void selfAttentionOfTwoHeads() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 5, 8)
                .output("y", -1, 8)
                .initializer("qkv.weight", values(8 * 24), 8, 24)
                .initializer("apart", new long[] {0, 5, 3, 2, 4}, 5)
                .initializer("joined", new long[] {0, 5, 8}, 3)
                .initializer("zero", new long[] {0})
                .initializer("first", new long[] {1})
                .initializer("second", new long[] {2})
                .node("MatMul", List.of("x", "qkv.weight"), "m")
                .node("Reshape", List.of("m", "apart"), "r")
                .node("Transpose", List.of("r"), "t", ints("perm", 2, 0, 3, 1, 4))
                .node("Gather", List.of("t", "zero"), "q", attribute("axis", 0L))
                .node("Gather", List.of("t", "first"), "k", attribute("axis", 0L))
                .node("Gather", List.of("t", "second"), "v", attribute("axis", 0L))
                .node("Transpose", List.of("k"), "kt", ints("perm", 0, 1, 3, 2))
                .node("MatMul", List.of("q", "kt"), "s")
                .node("Softmax", List.of("s"), "p", attribute("axis", -1L))
                .node("MatMul", List.of("p", "v"), "o")
                .node("Transpose", List.of("o"), "ot", ints("perm", 0, 2, 1, 3))
                .node("Reshape", List.of("ot", "joined"), "j")
                .node("ReduceMean", List.of("j"), "y", ints("axes", 1), attribute("keepdims", 0L));
        converted(writer).requireAgreement();
    }

    @Test
    void operandsThatAreBroadcastMeetInTheSamePlaces() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 2, 3, 4)
                .output("y", -1, 3)
                .node("ReduceMean", List.of("x"), "rows", ints("axes", 3))
                .node("Transpose", List.of("rows"), "turned", ints("perm", 0, 3, 1, 2))
                .node("Concat", List.of("x", "x"), "twice", attribute("axis", 1L))
                .node("Slice", List.of("twice", "from", "to", "axis", "step"), "back")
                .node("Concat", List.of("back", "rows"), "joined", attribute("axis", 3L))
                .node("ReduceSum", List.of("joined", "both"), "z", attribute("keepdims", 0L))
                .node("ReduceMax", List.of("turned"), "w", ints("axes", 1, 2), attribute("keepdims", 0L))
                .node("Concat", List.of("z", "w"), "v", attribute("axis", 1L))
                .node("Slice", List.of("v", "two", "five", "one"), "y")
                .initializer("from", new long[] {3}, 1)
                .initializer("to", new long[] {-5}, 1)
                .initializer("axis", new long[] {1}, 1)
                .initializer("step", new long[] {-2}, 1)
                .initializer("both", new long[] {2, 3}, 2)
                .initializer("two", new long[] {1}, 1)
                .initializer("five", new long[] {4}, 1)
                .initializer("one", new long[] {1}, 1);
        converted(writer).requireAgreement();
    }

    @Test
    void aSequenceOfFeaturesIsAnImageOfFrequencyAndTime() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 5, 12)
                .output("y", -1, 4)
                .initializer("w", values(4 * 5 * 3), 4, 5, 3)
                .node("Conv", List.of("x", "w"), "c", ints("strides", 2), ints("pads", 0, 1))
                .node("GlobalMaxPool", List.of("c"), "g")
                .node("Squeeze", List.of("g", "axes"), "y")
                .initializer("axes", new long[] {2}, 1);
        Converted network = converted(writer);
        JsonObject size = network.conversion().network().getAsJsonObject("input");
        assertEquals(5, size.get("height").getAsInt());
        assertEquals(12, size.get("width").getAsInt());
        network.requireAgreement();
    }

    @Test
    void theGraphIsCutAtTensors() throws IOException {
        OnnxGraph graph = open(classifier());
        Converted network = new Converted(graph, new ConversionOptions("r", "m", false, null));
        assertEquals(List.of("maxpool", "rearrange"), network.kinds());
        assertArrayEquals(new int[] {-1, 4, 6, 9}, network.conversion().inputDims());
        network.requireAgreement();
        BadInputException unknown = assertThrows(BadInputException.class, () -> Conversion.of(graph, null, "logits"));
        assertTrue(unknown.getMessage().contains("no such tensor"), unknown.getMessage());
    }

    @Test
    void openSizesAreAskedFor() throws IOException {
        OnnxGraph graph = open(new OnnxWriter(13)
                .input("x", 1, 1, 4, -1)
                .output("y", 1, 1)
                .node("GlobalAveragePool", List.of("x"), "g")
                .node("Flatten", List.of("g"), "y"));
        BadInputException open =
                assertThrows(BadInputException.class, () -> Conversion.of(graph, ConversionOptions.WHOLE));
        assertTrue(open.getMessage().contains("axis 3 (N)"), open.getMessage());
        new Converted(graph, new ConversionOptions(null, null, false, new int[] {1, 1, 4, 6})).requireAgreement();
    }

    @Test
    void anObstacleIsNamedAndInspectionGoesOn() throws IOException {
        OnnxGraph graph = open(new OnnxWriter(16)
                .input("x", -1, 3, 4, 4)
                .output("y", -1, 3)
                .node("Sign", List.of("x"), "s")
                .node("GlobalAveragePool", List.of("s"), "g")
                .node("Flatten", List.of("g"), "y"));
        BadInputException refused =
                assertThrows(BadInputException.class, () -> Conversion.of(graph, ConversionOptions.WHOLE));
        assertTrue(
                refused.getMessage().startsWith("net.onnx: node \"Sign_of_s\" (Sign, opset 16): "),
                refused.getMessage());
        List<String> lines = Conversion.inspect(graph, ConversionOptions.WHOLE);
        assertTrue(lines.get(0).contains("IN THE WAY"), lines.get(0));
        assertTrue(lines.get(1).endsWith("waits for a node in the way"), lines.get(1));
        assertEquals("in the way: 1 node: 1 Sign", lines.get(3));
    }

    @Test
    void whatMixesABatchIsRefused() throws IOException {
        OnnxGraph graph = open(new OnnxWriter(13)
                .input("x", -1, 3)
                .output("y", 1, 3)
                .node("ReduceMean", List.of("x"), "y", ints("axes", 0)));
        BadInputException refused =
                assertThrows(BadInputException.class, () -> Conversion.of(graph, ConversionOptions.WHOLE));
        assertTrue(refused.getMessage().contains("mixes the inputs of a batch"), refused.getMessage());
    }

    @Test
    void layerNormalisationInPiecesIsFoundWithItsScaleAndBias() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 5, 8)
                .output("y", -1, 5, 3)
                .initializer("two", new float[] {2})
                .initializer("epsilon", new float[] {1e-3f})
                .initializer("norm.weight", values(8), 8)
                .initializer("norm.bias", values(8), 8)
                .initializer("w", values(24), 8, 3)
                .node("ReduceMean", List.of("x"), "m", ints("axes", -1))
                .node("Sub", List.of("x", "m"), "d")
                .node("Pow", List.of("d", "two"), "q")
                .node("ReduceMean", List.of("q"), "v", ints("axes", -1))
                .node("Add", List.of("v", "epsilon"), "e")
                .node("Sqrt", List.of("e"), "s")
                .node("Div", List.of("d", "s"), "n")
                .node("Mul", List.of("n", "norm.weight"), "g")
                .node("Add", List.of("g", "norm.bias"), "b")
                .node("MatMul", List.of("b", "w"), "y");
        Converted network = converted(writer);
        List<String> kinds = network.kinds();
        assertEquals(1, kinds.stream().filter("layernorm"::equals).count(), kinds.toString());
        assertTrue(!kinds.contains("subtract") && !kinds.contains("divide"), kinds.toString());
        network.requireAgreement();
    }

    @Test
    void aGateOfEachChannelMeetsItsImage() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 4, 6, 5)
                .output("y", -1, 4)
                .initializer("w", values(16), 4, 4)
                .initializer("shape", new long[] {0, 4, 1, 1}, 4)
                .node("ReduceMean", List.of("x"), "m", ints("axes", 2, 3), attribute("keepdims", 0L))
                .node("Gemm", List.of("m", "w"), "g")
                .node("HardSigmoid", List.of("g"), "s")
                .node("Reshape", List.of("s", "shape"), "r")
                .node("Mul", List.of("r", "x"), "p")
                .node("GlobalMaxPool", List.of("p"), "q")
                .node("Flatten", List.of("q"), "y");
        Converted network = converted(writer);
        assertTrue(network.kinds().contains("multiply"), network.kinds().toString());
        network.requireAgreement();
    }

    @Test
    void constantsOfOneChannelEachBecomeOneBatchNorm() throws IOException {
        OnnxWriter writer = new OnnxWriter(13)
                .input("x", -1, 2, 4, 4)
                .output("y", -1, 3, 4, 4)
                .initializer("w", values(6), 3, 2, 1, 1)
                .initializer("mean", values(3), 3, 1, 1)
                .initializer("deviation", new float[] {1, 2, 4}, 3, 1, 1)
                .initializer("gamma", values(3), 3, 1, 1)
                .initializer("beta", values(3), 1, 3, 1, 1)
                .node("Conv", List.of("x", "w"), "c")
                .node("Sub", List.of("c", "mean"), "d")
                .node("Div", List.of("d", "deviation"), "e")
                .node("Mul", List.of("gamma", "e"), "f")
                .node("Add", List.of("f", "beta"), "y");
        Converted network = converted(writer);
        assertEquals(List.of("conv", "batchnorm", "rearrange"), network.kinds());
        network.requireAgreement();
    }

    @Test
    void aDamagedNodeIsRefusedByName() throws IOException {
        OnnxGraph graph = open(new OnnxWriter(13)
                .input("x", -1, 3, 4, 4)
                .output("y", -1, 3, 4, 4)
                .node("Softmax", List.of("x"), "s", attribute("axis", 1L))
                .node("Conv", List.of("s"), "y", ints("strides", 0, -1)));
        BadInputException refused =
                assertThrows(BadInputException.class, () -> Conversion.of(graph, ConversionOptions.WHOLE));
        assertTrue(refused.getMessage().contains("(Conv, opset 13)"), refused.getMessage());
    }

    @Test
    void inspectionSaysWhatIsPartOfWhatAndAsksForOneOfSeveralOutputs() throws IOException {
        OnnxGraph graph = open(new OnnxWriter(13)
                .input("x", -1, 3, 4, 4)
                .output("y", -1, 3, 4, 4)
                .output("z", -1, 3, 4, 4)
                .node("Sigmoid", List.of("x"), "s")
                .node("Mul", List.of("x", "s"), "y")
                .node("Relu", List.of("x"), "z"));
        assertEquals(
                List.of(
                        "Sigmoid_of_s (Sigmoid): part of activation silu1",
                        "Mul_of_y (Mul): activation silu1",
                        "Relu_of_z (Relu): not needed",
                        "nothing is in the way: 2 layers from \"x\" to \"y\""),
                Conversion.inspect(graph, new ConversionOptions(null, "y", false, null)).stream()
                        .map(line -> line.replace(", rearrange rearrange1", ""))
                        .toList());
        List<String> whole = Conversion.inspect(graph, ConversionOptions.WHOLE);
        assertEquals(4, whole.size());
        assertTrue(whole.get(2).endsWith("relu relu1"), whole.get(2));
        assertTrue(whole.get(3).contains("--output"), whole.get(3));
    }
}
