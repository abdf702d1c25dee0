package unweave.engine.tape;

import java.util.IdentityHashMap;
import java.util.Map;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The gradients of one backward pass that are still waiting for the node that produced their tensor. */
final class Gradients {
  private final Backend backend;
  private final Map<Tensor, Floats> pending = new IdentityHashMap<>();

  Gradients(Backend backend) {
    this.backend = backend;
  }

  /** Adds to the gradient of a tensor; {@code gradient} passes into the ownership of this object. */
  void add(Tensor tensor, Floats gradient) {
    if (!tensor.needsGradient()) {
      gradient.close();
      return;
    }
    Floats earlier = pending.putIfAbsent(tensor, gradient);
    if (earlier != null) {
      backend.addScaled(1f, gradient, earlier);
      gradient.close();
    }
  }

  /** Removes and returns the gradient of a tensor, which then belongs to the caller; null if nothing flowed there. */
  Floats take(Tensor tensor) {
    return pending.remove(tensor);
  }

  /** Whether a parameter's gradient exists already in this pass; if so {@code compute} goes to scratch memory and is added. */
  void addTo(Parameter parameter, java.util.function.Consumer<Floats> compute) {
    Floats target = parameter.emptyGradient(backend);
    if (target != null) {
      compute.accept(target);
      return;
    }
    try (Floats scratch = backend.floats(parameter.value().size())) {
      compute.accept(scratch);
      backend.addScaled(1f, scratch, parameter.gradient());
    }
  }
}
