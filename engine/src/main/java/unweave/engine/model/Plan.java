package unweave.engine.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unweave.engine.layer.Layer;
import unweave.engine.layer.Step;
import unweave.engine.layer.Weights;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Spans;

/**
 * The steps in which a network runs: its layers, rewritten so that one step computes a layer together with the ones
 * behind it wherever an operation can (convolution, ReLU and max-pooling; convolution and nonlinearity; dense layer and
 * ReLU). This is the only place where fusion is decided, for training, prediction and explanation alike.
 */
final class Plan {
    /**
     * @param inputs the layers that the step reads
     * @param output the last layer of the step: the one whose output it gives
     * @param done outputs that nobody reads after this step
     */
    private record Entry(Step step, List<String> inputs, String output, List<String> done) {}

    private final List<Entry> entries = new ArrayList<>();

    private Plan() {}

    /** Every layer by itself, so that each output can be read. */
    static Plan everyLayer(Graph graph) {
        Plan plan = new Plan();
        for (Layer layer : graph.layers()) {
            plan.entries.add(new Entry(layer, graph.inputs(layer.name()), layer.name(), List.of()));
        }
        return plan;
    }

    /**
     * As few steps as possible.
     *
     * @param keep layers whose activations (behind a ReLU that follows) will be read
     */
    static Plan fused(Graph graph, Set<String> keep) {
        Plan plan = new Plan();
        Set<String> done = new HashSet<>();
        for (Layer first : graph.layers()) {
            if (done.contains(first.name())) {
                continue;
            }
            Step step = first;
            String last = first.name();
            boolean kept = keep.contains(last);
            Optional<Layer> next = graph.onlyReader(last);
            while (next.isPresent() && (!kept || next.get().isActivation())) {
                Optional<Step> fused = next.get().fusedInto(step);
                if (fused.isEmpty()) {
                    break;
                }
                step = fused.get();
                last = next.get().name();
                kept |= keep.contains(last);
                done.add(last);
                next = graph.onlyReader(last);
            }
            plan.entries.add(new Entry(step, graph.inputs(first.name()), last, List.of()));
        }
        plan.findLastReaders(graph, keep);
        return plan;
    }

    /** Notes with each step what nobody reads after it, apart from the input and what is to be kept. */
    private void findLastReaders(Graph graph, Set<String> keep) {
        Set<String> stay = new HashSet<>(keep);
        keep.forEach(name -> stay.add(graph.activationOf(name)));
        stay.add(Layer.INPUT);
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            List<String> done = entry.inputs().stream().filter(stay::add).toList();
            entries.set(i, new Entry(entry.step(), entry.inputs(), entry.output(), done));
        }
    }

    /** Runs all steps; the tape remembers the output of each under the name of its last layer. */
    Tensor run(Tape tape, Tensor x, Weights weights) {
        Map<String, Tensor> outputs = new HashMap<>();
        outputs.put(Layer.INPUT, x);
        Tensor last = x;
        for (Entry entry : entries) {
            List<Tensor> inputs = new ArrayList<>(entry.inputs().size());
            entry.inputs().forEach(name -> inputs.add(outputs.get(name)));
            try (Spans.Span span =
                    tape.backend().spans().open("forward", entry.step().name())) {
                last = entry.step().apply(tape, inputs, weights);
            }
            outputs.put(entry.output(), last);
            tape.remember(entry.output(), last);
            entry.done().forEach(name -> release(tape, outputs.remove(name), outputs));
        }
        return last;
    }

    /** Gives the memory of an output back, unless another one that is still read lies in the same. */
    private static void release(Tape tape, Tensor done, Map<String, Tensor> others) {
        if (others.values().stream().noneMatch(other -> other.data() == done.data())) {
            tape.release(done);
        }
    }
}
