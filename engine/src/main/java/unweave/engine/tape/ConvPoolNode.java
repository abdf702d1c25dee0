package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;

/** A convolution, a ReLU and max-pooling in one pass. Nobody sees the values between them, so no rule of relevance propagation applies to it. */
public final class ConvPoolNode extends Node {
  private final ConvShape shape;
  private final Parameter weight;
  private final Parameter bias;
  private final PoolShape pool;
  private final Ints winners;

  /** @param winners null on a tape of plain predictions */
  ConvPoolNode(String layer, Tensor x, ConvShape shape, Parameter weight, Parameter bias, PoolShape pool, Ints winners) {
    super(layer, x);
    this.shape = shape;
    this.weight = weight;
    this.bias = bias;
    this.pool = pool;
    this.winners = winners;
  }

  /** The convolution. */
  public ConvShape shape() {
    return shape;
  }

  /** The pooling of its output. */
  public PoolShape pool() {
    return pool;
  }

  @Override
  void backward(Backend backend, Floats dy, Gradients gradients) {
    if (!input().needsGradient()) {
      weightGradients(backend, dy, gradients);
      dy.close();
      return;
    }
    Floats dz = backend.floats(shape.outputSize());
    backend.reluMaxPoolBackward(pool, output().data(), dy, winners, dz);
    dy.close();
    LinearNode.backward(backend, shape, input(), weight, bias, dz, gradients);
  }

  private void weightGradients(Backend backend, Floats dy, Gradients gradients) {
    if (weight.trainable() && gradients.ofParameters()) {
      LinearNode.addWeightGradients(weight, bias, gradients, (dw, db) -> backend.convReluMaxPoolBackwardWeights(shape, input().data(), pool,
          output().data(), dy, winners, dw, db));
    }
  }

  @Override
  void free() {
    if (winners != null) {
      winners.close();
    }
  }
}
