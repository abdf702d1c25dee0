package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Activation;

/** a = g(z) (thesis Eq. 2.2) with a nonlinearity g other than ReLU; {@code constant} is the a of {@link Activation}. */
public record Activate(String name, List<String> inputs, Activation function, float constant) implements Layer {
    public Activate {
        inputs = Layer.checked(name, inputs, 1);
        if (!(constant > 0) || Float.isInfinite(constant)) {
            throw Layer.wrong(name, "constant must be above 0, not " + constant);
        }
    }

    static Activate read(JsonFields fields, String name, List<String> inputs) {
        String function = fields.text("function");
        Activation known = Arrays.stream(Activation.values())
                .filter(f -> functionName(f).equals(function))
                .findFirst()
                .orElseThrow(() -> fields.wrong("unknown function \"" + function + "\"; the functions are "
                        + Arrays.stream(Activation.values())
                                .map(Activate::functionName)
                                .collect(Collectors.joining(", "))
                        + "; ReLU is a kind of its own"));
        return new Activate(name, inputs, known, fields.number("constant", known.usualConstant()));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("function", functionName(function));
        json.addProperty("constant", constant);
    }

    /** Such as "leaky-relu". */
    private static String functionName(Activation function) {
        return function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.activation(name, inputs.get(0), function, constant);
    }
}
