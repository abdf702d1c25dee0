package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.RecurrentNode;
import unweave.engine.tape.RecurrentNode.Direction;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.RecurrentShape.Cell;

/**
 * What all recurrent layers have in common: each says its cell. They read a series, an image 1 x T x F, and give the
 * hidden states of all steps, 1 x T x units, with two directions those of the forward one first. Parameters are those
 * of one layer in PyTorch, in its layout; a layer with one direction, whichever, has one set of them, without suffix.
 */
interface Recurrent extends Layer {
    /** The parameters of one direction, in the order of PyTorch. */
    List<Role> FIRST = List.of(Role.WEIGHT_IH, Role.WEIGHT_HH, Role.BIAS_IH, Role.BIAS_HH);
    /** Those of the backward one of two directions. */
    List<Role> SECOND =
            List.of(Role.WEIGHT_IH_REVERSE, Role.WEIGHT_HH_REVERSE, Role.BIAS_IH_REVERSE, Role.BIAS_HH_REVERSE);

    /** Values of the hidden state of one direction. */
    int units();

    /** In which order the steps follow each other. */
    Directions directions();

    /** What a step computes. */
    Cell cell();

    /** The inputs, checked together with the units. */
    static List<String> checked(String name, List<String> inputs, int units) {
        if (units < 1) {
            throw Layer.wrong(name, "units must be at least 1, not " + units);
        }
        return Layer.checked(name, inputs, 1);
    }

    @Override
    default void write(JsonObject json) {
        json.addProperty("units", units());
        json.addProperty("directions", directions().text());
    }

    @Override
    default LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        if (input.flat() || input.height() != 1) {
            throw wrong(kind() + " reads a series 1 x steps x features, not " + input + ": rearrange it");
        }
        return LayerShape.image(1, input.width(), Math.multiplyExact(units(), directions() == Directions.BOTH ? 2 : 1));
    }

    @Override
    default List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        int rows = Math.multiplyExact(cell().gates(), units());
        List<ParameterDescription> parameters = new ArrayList<>();
        for (List<Role> roles : directions() == Directions.BOTH ? List.of(FIRST, SECOND) : List.of(FIRST)) {
            parameters.add(new ParameterDescription(name(), roles.get(0), List.of(rows, input.channels()), input));
            parameters.add(new ParameterDescription(name(), roles.get(1), List.of(rows, units()), input));
            parameters.add(new ParameterDescription(name(), roles.get(2), List.of(rows), input));
            parameters.add(new ParameterDescription(name(), roles.get(3), List.of(rows), input));
        }
        return parameters;
    }

    @Override
    default ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.steps(directions() != Directions.BACKWARD, directions() != Directions.FORWARD);
    }

    @Override
    default Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        List<Direction> passes = new ArrayList<>();
        passes.add(direction(weights, FIRST, directions() == Directions.BACKWARD));
        if (directions() == Directions.BOTH) {
            passes.add(direction(weights, SECOND, true));
        }
        return RecurrentNode.record(tape, name(), inputs.get(0), passes);
    }

    private Direction direction(Weights weights, List<Role> roles, boolean backwards) {
        return new Direction(
                cell(),
                backwards,
                weights.get(name(), roles.get(0)),
                weights.get(name(), roles.get(1)),
                weights.get(name(), roles.get(2)),
                weights.get(name(), roles.get(3)));
    }
}
