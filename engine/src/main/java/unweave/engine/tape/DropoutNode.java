package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** Inverted dropout with a mask that a seed defines. */
public final class DropoutNode extends Node {
  private final float probability;
  private final long seed;

  DropoutNode(String layer, Tensor x, float probability, long seed) {
    super(layer, x);
    this.probability = probability;
    this.seed = seed;
  }

  @Override
  void backward(Backend backend, Floats dy, Gradients gradients) {
    backend.dropout(probability, seed, dy, dy);
    gradients.add(input(), dy);
  }
}
