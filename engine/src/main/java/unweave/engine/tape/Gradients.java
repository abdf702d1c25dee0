package unweave.engine.tape;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Spans;

/** The gradients of one backward pass that are still waiting for the node that produced their tensor. */
final class Gradients {
    private final Backend backend;
    private final IdentityHashMap<Tensor, Floats> pending = new IdentityHashMap<>();
    private final Set<Tensor> rectified = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Tensor> wanted;
    private final boolean ofParameters;
    private final ReluGradient throughRelu;

    /**
     * @param wanted the tensors whose gradients the caller of the pass will see
     * @param ofParameters whether parameters get gradients too
     */
    Gradients(Backend backend, List<Tensor> wanted, boolean ofParameters, ReluGradient throughRelu) {
        this.backend = backend;
        this.wanted = wanted;
        this.ofParameters = ofParameters;
        this.throughRelu = throughRelu;
    }

    /**
     * The whole pass: through all nodes, the last first.
     *
     * @param gradient of {@code from}; passes into the ownership of this object
     * @return the gradients of the wanted tensors, in their order; null where none arrives
     */
    List<Floats> carryBack(List<Node> nodes, Tensor from, Floats gradient) {
        add(from, gradient);
        Floats[] kept = new Floats[wanted.size()];
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            Floats arrived = take(node.output());
            if (arrived == null) {
                continue;
            }
            keep(node.output(), arrived, kept);
            try (Spans.Span span = backend.spans().open("backward", node.layer())) {
                node.backward(backend, arrived, this);
            }
        }
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] == null) {
                kept[i] = take(wanted.get(i));
            }
        }
        return Arrays.asList(kept);
    }

    /** Copies the gradient of a wanted tensor before its node uses it. */
    private void keep(Tensor tensor, Floats gradient, Floats[] kept) {
        int index = wanted.indexOf(tensor);
        if (index >= 0) {
            kept[index] = backend.floats(gradient.size());
            backend.copy(gradient, 0, kept[index], 0, gradient.size());
        }
    }

    /** Whether parameters get gradients; if not, nodes need not compute them. */
    boolean ofParameters() {
        return ofParameters;
    }

    /** How gradients pass a ReLU. */
    ReluGradient throughRelu() {
        return throughRelu;
    }

    /** Adds to the gradient of a tensor; {@code gradient} passes into the ownership of this object. */
    void add(Tensor tensor, Floats gradient) {
        rectified.remove(tensor);
        addUnmarked(tensor, gradient);
    }

    /** As {@link #add}, for a gradient that is 0 already wherever the ReLU fused into the tensor's producer is. */
    void addRectified(Tensor tensor, Floats gradient) {
        if (!pending.containsKey(tensor)) {
            rectified.add(tensor);
        }
        addUnmarked(tensor, gradient);
    }

    /**
     * Whether all that arrived at a tensor came by {@link #addRectified}, so that its fused ReLU has nothing left to
     * do.
     */
    boolean isRectified(Tensor tensor) {
        return rectified.contains(tensor);
    }

    /**
     * Whether the producer of a tensor has a fused ReLU whose backward pass a reader may take over: no one else reads
     * the gradient between them.
     */
    boolean mayRectify(Tensor tensor) {
        return tensor.producer() != null && tensor.producer().endsInRelu() && !wanted.contains(tensor);
    }

    private void addUnmarked(Tensor tensor, Floats gradient) {
        if (!tensor.needsGradient()) {
            gradient.close();
            return;
        }
        Floats earlier = pending.putIfAbsent(tensor, gradient);
        if (earlier != null) {
            backend.elementwise().addScaled(1f, gradient, earlier);
            gradient.close();
        }
    }

    /** Removes and returns the gradient of a tensor, which then belongs to the caller; null if nothing flowed there. */
    Floats take(Tensor tensor) {
        return pending.remove(tensor);
    }

    /**
     * Lets {@code compute} write a parameter's gradient, or add to it if it has one since
     * {@link Parameter#clearGradient}.
     */
    void addTo(Parameter parameter, Consumer<Floats> compute) {
        Floats target = ofParameters ? parameter.emptyGradient(backend) : null;
        if (target != null) {
            compute.accept(target);
            return;
        }
        try (Floats scratch = backend.floats(parameter.value().size())) {
            compute.accept(scratch);
            if (ofParameters) {
                backend.elementwise().addScaled(1f, scratch, parameter.gradient());
            }
        }
    }
}
