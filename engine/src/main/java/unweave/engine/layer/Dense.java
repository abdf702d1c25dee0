package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** y = x W + b for a vector x (thesis Eq. 2.1). A ReLU behind it is computed together with it. */
public record Dense(String name, List<String> inputs, int units, boolean bias) implements Layer {
    public Dense {
        inputs = Layer.checked(name, inputs, 1);
        if (units < 1) {
            throw Layer.wrong(name, "units must be at least 1, not " + units);
        }
    }

    static Dense read(JsonFields fields, String name, List<String> inputs) {
        return new Dense(name, inputs, fields.whole("units", 1), fields.flag("bias", true));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("units", units);
        json.addProperty("bias", bias);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        if (!inputs.get(0).flat()) {
            throw wrong("a dense layer reads a vector, not an image of " + inputs.get(0)
                    + "; put a flatten layer before it");
        }
        return LayerShape.vector(units);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        return ParameterDescription.weightAndBias(
                name, Role.DENSE_WEIGHT, List.of(input.features(), units), bias, units, input);
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.whole();
    }

    @Override
    public Optional<LinearWeights> linearWeights(LayerShape input) {
        return Optional.of(new LinearWeights(units, 1, 1, false));
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return apply(tape, inputs.get(0), weights, false);
    }

    private Tensor apply(Tape tape, Tensor x, Weights weights, boolean relu) {
        return tape.dense(name, x, weights.get(name, Role.DENSE_WEIGHT), weights.get(name, Role.BIAS), relu);
    }

    @Override
    public Optional<Step> withRelu() {
        return Optional.of(new WithRelu(this));
    }

    private record WithRelu(Dense dense) implements Step {
        @Override
        public String name() {
            return dense.name;
        }

        @Override
        public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
            return dense.apply(tape, inputs.get(0), weights, true);
        }
    }
}
