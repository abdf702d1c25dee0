package unweave.engine.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code NodeProto} and {@code AttributeProto}. */
final class NodeReader {
    private final Path file;
    private final Map<String, Integer> opsets;

    NodeReader(Path file, Map<String, Integer> opsets) {
        this.file = file;
        this.opsets = opsets;
    }

    OnnxNode read(ProtobufMessage message) throws IOException {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        String name = "";
        String op = "";
        String domain = "";
        while (message.next()) {
            switch (message.field()) {
                case 1 -> inputs.add(message.text());
                case 2 -> outputs.add(message.text());
                case 3 -> name = message.text();
                case 4 -> op = message.text();
                case 5 -> {
                    OnnxAttribute attribute = attribute(message.message());
                    if (attributes.put(attribute.name(), attribute) != null) {
                        throw new Malformed(
                                "has a node with two attributes \"" + TensorReader.shortened(attribute.name()) + "\"");
                    }
                }
                case 7 -> domain = GraphReader.domain(message.text());
                default -> {}
            }
        }
        String shown = name;
        if (name.isEmpty()) {
            shown = outputs.stream().filter(o -> !o.isEmpty()).findFirst().orElse("");
        }
        if (op.isEmpty() || outputs.stream().allMatch(String::isEmpty)) {
            throw new Malformed("has a node \"" + TensorReader.shortened(shown) + "\" without "
                    + (op.isEmpty() ? "an operator" : "an output"));
        }
        return new OnnxNode(
                file,
                shown,
                op,
                domain,
                opsets.getOrDefault(domain, 0),
                List.copyOf(inputs),
                List.copyOf(outputs),
                Collections.unmodifiableMap(attributes));
    }

    private OnnxAttribute attribute(ProtobufMessage message) throws IOException {
        AttributeFields fields = new AttributeFields();
        while (message.next()) {
            switch (message.field()) {
                case 1 -> fields.name = message.text();
                case 2 -> fields.set(OnnxAttribute.Kind.FLOAT, message.fourByteFloat());
                case 3 -> fields.set(OnnxAttribute.Kind.INT, message.varint());
                case 4 -> fields.set(OnnxAttribute.Kind.STRING, message.text());
                case 5 -> fields.set(OnnxAttribute.Kind.TENSOR, TensorReader.read(file, message.message()));
                case 6 -> fields.found = OnnxAttribute.Kind.GRAPH;
                case 7 -> {
                    var values = message.fixed(Float.BYTES);
                    while (values.hasRemaining()) {
                        fields.addFloat(values.getFloat());
                    }
                }
                case 8 -> message.varints(fields::addInt);
                case 9 -> {
                    fields.strings.add(message.text());
                    fields.found = OnnxAttribute.Kind.STRINGS;
                }
                case 20 -> fields.declared = message.varint();
                case 21 -> throw new Malformed("has an attribute that refers to one of a function");
                default -> {}
            }
        }
        return fields.attribute();
    }

    /** What was read of an attribute so far. */
    private static final class AttributeFields {
        private static final OnnxAttribute.Kind[] KINDS = OnnxAttribute.Kind.values();

        private String name = "";
        private long declared;
        private OnnxAttribute.Kind found = OnnxAttribute.Kind.UNDEFINED;
        private Object single;
        private final List<String> strings = new ArrayList<>();
        private float[] floats = new float[0];
        private long[] ints = new long[0];
        private int count;

        void set(OnnxAttribute.Kind kind, Object value) {
            found = kind;
            single = value;
        }

        void addInt(long value) {
            begin(OnnxAttribute.Kind.INTS);
            if (count == ints.length) {
                ints = Arrays.copyOf(ints, Math.max(8, 2 * count));
            }
            ints[count++] = value;
        }

        void addFloat(float value) {
            begin(OnnxAttribute.Kind.FLOATS);
            if (count == floats.length) {
                floats = Arrays.copyOf(floats, Math.max(8, 2 * count));
            }
            floats[count++] = value;
        }

        private void begin(OnnxAttribute.Kind kind) {
            if (count > 0 && found != kind) {
                throw new Malformed("has an attribute with values of two kinds");
            }
            found = kind;
        }

        /** A value of 0 or of no elements may be left out of a file: then the declared kind says what it is. */
        OnnxAttribute attribute() {
            if (name.isEmpty()) {
                throw new Malformed("has an attribute without a name");
            }
            OnnxAttribute.Kind kind = declared > 0 && declared < KINDS.length ? KINDS[(int) declared] : found;
            boolean absent = found == OnnxAttribute.Kind.UNDEFINED;
            Object value =
                    switch (kind) {
                        case FLOAT -> absent ? Float.valueOf(0) : single;
                        case INT -> absent ? Long.valueOf(0) : single;
                        case STRING -> absent ? "" : single;
                        case FLOATS -> Arrays.copyOf(floats, found == kind ? count : 0);
                        case INTS -> Arrays.copyOf(ints, found == kind ? count : 0);
                        case STRINGS -> List.copyOf(strings);
                        case TENSOR -> single;
                        default -> null;
                    };
            boolean isRead =
                    switch (kind) {
                        case FLOAT, INT, STRING, TENSOR, FLOATS, INTS, STRINGS -> true;
                        default -> false;
                    };
            if (isRead && (absent ? kind == OnnxAttribute.Kind.TENSOR : found != kind)) {
                throw new Malformed("has an attribute \"" + TensorReader.shortened(name) + "\" of kind " + kind
                        + " with a value of kind " + found);
            }
            return new OnnxAttribute(name, kind, value);
        }
    }
}
