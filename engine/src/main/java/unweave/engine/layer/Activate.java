package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Activation;
import unweave.kernels.Activation.Constants;

/**
 * a = g(z) (thesis Eq. 2.2) with a nonlinearity g other than ReLU; {@code constants} are those of {@link Activation}.
 */
public record Activate(String name, List<String> inputs, Activation function, Constants constants) implements Layer {
    /** The field of the hard sigmoid that is missing in files from before its constants could be chosen. */
    private static final String OFFSET = "offset";

    public Activate {
        inputs = Layer.checked(name, inputs, 1);
        requireConstants(name, function, constants);
    }

    private static void requireConstants(String name, Activation function, Constants c) {
        List<String> names = function.constantNames();
        if (!Float.isFinite(c.a()) || !Float.isFinite(c.b())) {
            throw Layer.wrong(name, String.join(" and ", names) + " must be finite, not " + values(names, c));
        }
        switch (function) {
            case CLIP -> {
                if (c.a() > c.b()) {
                    throw Layer.wrong(name, "low must not be above high, not " + values(names, c));
                }
            }
            case LEAKY_RELU, THRESHOLDED_RELU, POWER -> {
                // any number
            }
            default -> {
                if (!(c.a() > 0)) {
                    throw Layer.wrong(name, "constant must be above 0, not " + c.a());
                }
            }
        }
    }

    private static String values(List<String> names, Constants c) {
        return names.size() == 2 ? c.a() + " and " + c.b() : String.valueOf(c.a());
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
        return new Activate(name, inputs, known, constants(fields, known));
    }

    private static Constants constants(JsonFields fields, Activation function) {
        Constants usual = function.usualConstants();
        List<String> names = function.constantNames();
        float a = names.isEmpty() ? usual.a() : fields.number(names.get(0), usual.a());
        float b = names.size() < 2 ? usual.b() : fields.number(names.get(1), usual.b());
        boolean old = names.contains(OFFSET) && fields.element(OFFSET) == null; // its "constant" never meant anything
        return old ? usual : new Constants(a, b);
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("function", functionName(function));
        List<String> names = function.constantNames();
        if (!names.isEmpty()) {
            json.addProperty(names.get(0), constants.a());
        }
        if (names.size() == 2) {
            json.addProperty(names.get(1), constants.b());
        }
    }

    /** Such as "leaky-relu". */
    private static String functionName(Activation function) {
        return function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Optional<Step> fusedInto(Step before) {
        return before.withActivation(this);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.activation(name, inputs.get(0), function, constants);
    }
}
