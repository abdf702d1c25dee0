package unweave.engine.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import unweave.engine.file.ModelFileException;

/** One operation of a graph: its inputs and outputs are names of tensors. */
public final class OnnxNode {
    private final Path file;
    private final String name;
    private final String op;
    private final String domain;
    private final int opset;
    private final List<String> inputs;
    private final List<String> outputs;
    private final Map<String, OnnxAttribute> attributes;

    OnnxNode(
            Path file,
            String name,
            String op,
            String domain,
            int opset,
            List<String> inputs,
            List<String> outputs,
            Map<String, OnnxAttribute> attributes) {
        this.file = file;
        this.name = name;
        this.op = op;
        this.domain = domain;
        this.opset = opset;
        this.inputs = inputs;
        this.outputs = outputs;
        this.attributes = attributes;
    }

    /** Its name; where the file gives none, that of its first output. */
    public String name() {
        return name;
    }

    /** The operator, such as {@code Conv}. */
    public String op() {
        return op;
    }

    /** The operator's domain, empty for ONNX' own operators. */
    public String domain() {
        return domain;
    }

    /** The version of the domain's operators that the file uses, 0 if it does not say. */
    public int opset() {
        return opset;
    }

    /** The tensors that it reads; an empty name is an input that was left out. */
    public List<String> inputs() {
        return inputs;
    }

    /** The tensors that it computes; an empty name is one that nobody needs. */
    public List<String> outputs() {
        return outputs;
    }

    /** Whether input {@code i} is given. */
    public boolean reads(int i) {
        return i < inputs.size() && !inputs.get(i).isEmpty();
    }

    /** The attributes by name. */
    public Map<String, OnnxAttribute> attributes() {
        return attributes;
    }

    /** Whether an attribute is given. */
    public boolean has(String attribute) {
        return attributes.containsKey(attribute);
    }

    /**
     * A whole number.
     *
     * @throws ModelFileException if the attribute is of another kind
     */
    public long integer(String attribute, long otherwise) {
        return has(attribute) ? (Long) value(attribute, OnnxAttribute.Kind.INT) : otherwise;
    }

    /** A real number; see {@link #integer}. */
    public double number(String attribute, double otherwise) {
        return has(attribute) ? (Float) value(attribute, OnnxAttribute.Kind.FLOAT) : otherwise;
    }

    /** A text; see {@link #integer}. */
    public String text(String attribute, String otherwise) {
        return has(attribute) ? (String) value(attribute, OnnxAttribute.Kind.STRING) : otherwise;
    }

    /**
     * Whole numbers that fit 32 bits; see {@link #integer}. Larger ones (the largest 64-bit number means "to the end"
     * in slices) become the nearest.
     */
    public int[] integers(String attribute, int... otherwise) {
        if (!has(attribute)) {
            return otherwise;
        }
        long[] values = (long[]) value(attribute, OnnxAttribute.Kind.INTS);
        int[] narrow = new int[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, values[i]));
        }
        return narrow;
    }

    /** Real numbers, none if the attribute is not given; see {@link #integer}. */
    public float[] numbers(String attribute) {
        return has(attribute) ? ((float[]) value(attribute, OnnxAttribute.Kind.FLOATS)).clone() : new float[0];
    }

    /** Texts, none if the attribute is not given; see {@link #integer}. */
    public List<String> texts(String attribute) {
        if (!has(attribute)) {
            return List.of();
        }
        return ((List<?>) value(attribute, OnnxAttribute.Kind.STRINGS))
                .stream().map(String.class::cast).toList();
    }

    /**
     * A tensor.
     *
     * @throws ModelFileException if the attribute is of another kind, or not given
     */
    public OnnxTensor tensor(String attribute) {
        if (!has(attribute)) {
            throw refusal("has no attribute \"" + attribute + "\"");
        }
        return (OnnxTensor) value(attribute, OnnxAttribute.Kind.TENSOR);
    }

    private Object value(String attribute, OnnxAttribute.Kind kind) {
        OnnxAttribute found = attributes.get(attribute);
        if (found.kind() != kind) {
            throw refusal("attribute \"" + attribute + "\" is of kind " + found.kind() + ", expected " + kind);
        }
        return found.value();
    }

    /** What to throw where the node cannot be used: the file, the node, its operator and opset, and the reason. */
    public ModelFileException refusal(String what) {
        return new ModelFileException(file, this + ": " + what);
    }

    /** As messages name it: {@code node "conv_3" (Conv, opset 13)}. */
    @Override
    public String toString() {
        return "node \"" + TensorReader.shortened(name) + "\" ("
                + (domain.isEmpty() ? "" : TensorReader.shortened(domain) + ".") + TensorReader.shortened(op)
                + ", opset " + opset + ")";
    }
}
