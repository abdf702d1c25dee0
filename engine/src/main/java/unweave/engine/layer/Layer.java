package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.kernels.BadInputException;

/**
 * One layer of a network. Every kind is a record in a file of its own, which says all about it: its settings and their
 * checks, its output's shape, its parameters, its JSON, what it computes and what it sees. {@link LayerKinds} lists the
 * kinds; other code asks for the properties below and never for the kind.
 *
 * <p>Sounds and other series are images of height 1: a 1-D convolution has the kernel [1, k].
 *
 * <p>Constructors and {@link #outputShape} throw a {@link BadInputException} that names the layer.
 */
public interface Layer extends Step {
    /** The name by which layers read the network's input. */
    String INPUT = "input";

    /** Unique in its network: letters, digits, and the characters _ - . */
    @Override
    String name();

    /**
     * The names of the layers that this one reads, {@link #INPUT} being the network's input; empty for the previous.
     */
    List<String> inputs();

    /** As written in JSON, such as "conv"; one of {@link LayerKinds#names}. */
    default String kind() {
        return LayerKinds.name(getClass());
    }

    /** The shape of the output for inputs of the given shapes; by default that of the first. */
    default LayerShape outputShape(List<LayerShape> inputs) {
        return inputs.get(0);
    }

    /** The parameters this layer has when it reads {@code inputs}, weights first. */
    default List<ParameterDescription> parameters(List<LayerShape> inputs) {
        return List.of();
    }

    /**
     * What each position of the output sees of the network's input, where a layer reads several others. By default what
     * it sees of an input in which the same positions of all of them are united; an input with a single row or column
     * serves all.
     *
     * @param read what each position of each input sees
     * @param inputs their shapes
     */
    default ReceptiveField receptiveField(List<ReceptiveField> read, List<LayerShape> inputs) {
        return receptiveField(read.stream().reduce(ReceptiveField::union).orElseThrow(), inputs.get(0));
    }

    /**
     * What each position of the output sees of the network's input. By default what the same position of the inputs
     * sees.
     *
     * @param read what each position of the inputs sees
     * @param input the shape of the first input
     */
    default ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read;
    }

    /** Adds all settings to the JSON of the layer, also those with default values: a file never changes its meaning. */
    default void write(JsonObject json) {}

    /** This layer as a part of the step before it, whose output it alone reads; empty if no operation computes both. */
    default Optional<Step> fusedInto(Step before) {
        return Optional.empty();
    }

    /** Whether people mean the output of this layer when they speak of the activation of the layer before it. */
    default boolean isActivation() {
        return false;
    }

    /** Whether the same weights meet every position of an image. */
    default boolean isConvolution() {
        return false;
    }

    /** Whether the output holds the values of the input in the same order. */
    default boolean isView() {
        return false;
    }

    /** How the weights of a layer y = x * w + b lie in memory; empty for layers of another form. */
    default Optional<LinearWeights> linearWeights(LayerShape input) {
        return Optional.empty();
    }

    /**
     * What this layer is outside training if it maps each channel by itself, y = scale x + shift; empty for all others.
     *
     * @param values the values of its parameters
     */
    default Optional<ChannelMap> channelMap(Function<Role, float[]> values) {
        return Optional.empty();
    }

    /**
     * The inputs of a layer, checked together with its name.
     *
     * @param count how many inputs the kind reads; none given means the previous layer
     */
    static List<String> checked(String name, List<String> inputs, int count) {
        if (name == null || !name.matches("[A-Za-z0-9_.-]+")) {
            throw new BadInputException(
                    "layer '" + name + "': a name consists of letters, digits and the characters _ - .");
        }
        if (!inputs.isEmpty() && inputs.size() != count) {
            throw new BadInputException("layer " + name + ": reads " + count + (count == 1 ? " input" : " inputs")
                    + ", not " + inputs.size() + " " + inputs);
        }
        return List.copyOf(inputs);
    }

    /** Refuses vectors. */
    default void requireImage(LayerShape input) {
        if (input.flat()) {
            throw wrong(kind() + " reads an image, not a vector of " + input + "; put it before flatten");
        }
    }

    /** A complaint that names the layer. */
    default BadInputException wrong(String what) {
        return wrong(name(), what);
    }

    /** As {@link #wrong(String)}, for constructors. */
    static BadInputException wrong(String layer, String what) {
        return new BadInputException("layer " + layer + ": " + what);
    }
}
