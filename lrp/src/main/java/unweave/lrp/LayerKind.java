package unweave.lrp;

import java.util.Optional;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.AvgPoolNode;
import unweave.engine.tape.BatchNormNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Node;

/** The kinds of layers that need a rule. ReLU, flatten and dropout pass relevance on, max-pooling gives it to the winner. */
public enum LayerKind {
  CONVOLUTION("convolution"),
  DENSE("dense layer"),
  AVERAGE_POOL("average pooling"),
  BATCH_NORM("batch normalisation"),
  ADD("addition");

  private final String description;

  LayerKind(String description) {
    this.description = description;
  }

  /** The kind of an operation; empty where relevance needs no rule. */
  public static Optional<LayerKind> of(Node node) {
    if (node instanceof LinearNode linear) {
      return Optional.of(linear.dense() ? DENSE : CONVOLUTION);
    }
    if (node instanceof AvgPoolNode) {
      return Optional.of(AVERAGE_POOL);
    }
    if (node instanceof BatchNormNode) {
      return Optional.of(BATCH_NORM);
    }
    return node instanceof AddNode ? Optional.of(ADD) : Optional.empty();
  }

  @Override
  public String toString() {
    return description;
  }
}
