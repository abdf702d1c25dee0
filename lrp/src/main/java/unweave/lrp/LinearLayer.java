package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Parameter;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/** A convolution or dense layer: the weights and biases are transformed once and kept. */
record LinearLayer(LinearNode node, TransformedWeights transformed) implements AffineLayer {

  @Override
  public boolean hasBias() {
    return node.bias() != null;
  }

  @Override
  public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
    Backend backend = transformed.backend();
    ConvShape shape = node.shape();
    ConvShape batched = shape.withBatch(Math.toIntExact(x.get(0).size() / (shape.inputSize() / shape.batch())));
    Floats b = hasBias() && bias.isPresent() ? transformed.of(node.bias(), bias.get(), g) : null;
    Floats z = backend.floats(batched.outputSize());
    backend.convForward(batched, x.get(0), transformed.of(node.weight(), weights, g), b, false, z);
    return z;
  }

  @Override
  public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
    Backend backend = transformed.backend();
    ConvShape shape = node.shape();
    ConvShape batched = shape.withBatch(Math.toIntExact(q.size() / (shape.outputSize() / shape.batch())));
    Floats dx = backend.floats(batched.inputSize());
    backend.convBackwardInput(batched, q, transformed.of(node.weight(), weights, g), dx);
    return dx;
  }

  private record Identity(Parameter weight, Parameter bias, ConvShape shape) {}

  @Override
  public Optional<Record> identity() {
    return Optional.of(new Identity(node.weight(), node.bias(), node.shape().withBatch(1)));
  }
}
