package unweave.engine.layer;

import java.util.List;
import java.util.Optional;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.ConvShape;

/**
 * What all convolutions have in common, whatever settings they are stated with: a kind of convolution says its
 * {@link #geometry} and its settings. A nonlinearity behind it, and max-pooling behind a ReLU, are computed together
 * with it.
 */
interface Convolution extends Layer {
    /** The geometry for a batch of images; whatever this constructor refuses is told with the layer's name. */
    ConvShape geometry(int batch, LayerShape input);

    boolean bias();

    /** The geometry for a batch of inputs. */
    default ConvShape shape(int batch, LayerShape input) {
        requireImage(input);
        try {
            return geometry(batch, input);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw wrong(e.getMessage());
        }
    }

    @Override
    default boolean isConvolution() {
        return true;
    }

    @Override
    default LayerShape outputShape(List<LayerShape> inputs) {
        ConvShape shape = shape(1, inputs.get(0));
        if (shape.outputSize() > Integer.MAX_VALUE) {
            throw wrong("its output would be " + shape.outputSize() + " values for one input");
        }
        return LayerShape.image(shape.outHeight(), shape.outWidth(), shape.outChannels());
    }

    @Override
    default List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        ConvShape shape = shape(1, input);
        return ParameterDescription.weightAndBias(
                name(),
                Role.CONV_WEIGHT,
                List.of(
                        shape.kernelHeight(),
                        shape.kernelWidth(),
                        shape.inChannels() / shape.groups(),
                        shape.outChannels()),
                bias(),
                shape.outChannels(),
                input);
    }

    @Override
    default ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.windows(shape(1, input));
    }

    @Override
    default Optional<LinearWeights> linearWeights(LayerShape input) {
        ConvShape shape = shape(1, input);
        return Optional.of(new LinearWeights(shape.outChannels(), 1, shape.groups(), shape.isPadded()));
    }

    @Override
    default Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return apply(tape, inputs.get(0), weights, false);
    }

    private Tensor apply(Tape tape, Tensor x, Weights weights, boolean relu) {
        ConvShape shape = shape(x.batch(), LayerShape.of(x));
        return tape.conv(name(), x, shape, weights.get(name(), Role.CONV_WEIGHT), weights.get(name(), Role.BIAS), relu);
    }

    @Override
    default Optional<Step> withRelu() {
        return Optional.of(new WithRelu(this));
    }

    @Override
    default Optional<Step> withActivation(Activate activate) {
        return Optional.of(new WithActivation(this, activate));
    }

    /** A convolution and its ReLU. */
    record WithRelu(Convolution conv) implements Step {
        @Override
        public String name() {
            return conv.name();
        }

        @Override
        public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
            return conv.apply(tape, inputs.get(0), weights, true);
        }

        @Override
        public Optional<Step> withMaxPool(MaxPool pool) {
            return Optional.of(new WithReluAndMaxPool(conv, pool));
        }
    }

    /** A convolution, its ReLU and the max-pooling behind them; only the pooled values exist. */
    record WithReluAndMaxPool(Convolution conv, MaxPool pool) implements Step {
        @Override
        public String name() {
            return pool.name();
        }

        @Override
        public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
            Tensor x = inputs.get(0);
            ConvShape shape = conv.shape(x.batch(), LayerShape.of(x));
            return tape.convPool(
                    conv.name(),
                    pool.name(),
                    x,
                    shape,
                    weights.get(conv.name(), Role.CONV_WEIGHT),
                    weights.get(conv.name(), Role.BIAS),
                    pool.shape(x.batch(), LayerShape.image(shape.outHeight(), shape.outWidth(), shape.outChannels())));
        }
    }

    /** A convolution and a nonlinearity. */
    record WithActivation(Convolution conv, Activate activate) implements Step {
        @Override
        public String name() {
            return activate.name();
        }

        @Override
        public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
            Tensor x = inputs.get(0);
            return tape.convActivation(
                    conv.name(),
                    activate.name(),
                    x,
                    conv.shape(x.batch(), LayerShape.of(x)),
                    weights.get(conv.name(), Role.CONV_WEIGHT),
                    weights.get(conv.name(), Role.BIAS),
                    activate.function(),
                    activate.constants());
        }
    }
}
