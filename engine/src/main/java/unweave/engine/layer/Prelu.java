package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.PreluNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** x where x &gt; 0, else w x with slopes w that are learnt (He et al. 2015); {@code shape} is that of the slopes. */
public record Prelu(String name, List<String> inputs, List<Integer> shape) implements Layer {
    public Prelu {
        inputs = Layer.checked(name, inputs, 1);
        shape = List.copyOf(shape);
    }

    static Prelu read(JsonFields fields, String name, List<String> inputs) {
        return new Prelu(name, inputs, ValueShape.read(fields).lengths());
    }

    @Override
    public void write(JsonObject json) {
        slopes().write(json);
    }

    private ValueShape slopes() {
        return new ValueShape(shape);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        slopes().requireFit(this, inputs.get(0));
        return inputs.get(0);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        return List.of(new ParameterDescription(name, Role.SLOPE, slopes().ofParameter(), inputs.get(0)));
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return PreluNode.record(tape, name, inputs.get(0), slopes().image(), weights.get(name, Role.SLOPE));
    }
}
