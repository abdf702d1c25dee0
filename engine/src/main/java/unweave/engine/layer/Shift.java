package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.ScaleNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** y = x + b, value by value; {@code shape} is that of the parameter. */
public record Shift(String name, List<String> inputs, List<Integer> shape) implements Layer {
    public Shift {
        inputs = Layer.checked(name, inputs, 1);
        shape = List.copyOf(shape);
    }

    static Shift read(JsonFields fields, String name, List<String> inputs) {
        return new Shift(name, inputs, ValueShape.read(fields).lengths());
    }

    @Override
    public void write(JsonObject json) {
        values().write(json);
    }

    private ValueShape values() {
        return new ValueShape(shape);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        values().requireFit(this, inputs.get(0));
        return inputs.get(0);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        return List.of(new ParameterDescription(name, Role.OFFSET, values().ofParameter(), inputs.get(0)));
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return ScaleNode.record(tape, name, inputs.get(0), values().image(), null, weights.get(name, Role.OFFSET));
    }

    @Override
    public Optional<ChannelMap> channelMap(Function<Role, float[]> values) {
        if (!values().isPerChannel()) {
            return Optional.empty();
        }
        float[] own = values.apply(Role.OFFSET);
        double[] scale = new double[own.length];
        double[] shift = new double[own.length];
        for (int c = 0; c < own.length; c++) {
            scale[c] = 1;
            shift[c] = own[c];
        }
        return Optional.of(new ChannelMap(scale, shift));
    }
}
