package unweave.lrp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import unweave.engine.model.Model;
import unweave.engine.tape.Node;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;

/**
 * Gives every layer its rule (the composites of Montavon et al. 2019 and Kohlbrenner et al. 2020): the first that
 * applies of
 *
 * <ol>
 *   <li>the rule for the layer's name, then for a pattern of names,
 *   <li>the rule for the first layer: a convolution or dense layer that no other one precedes,
 *   <li>the rule for its depth among the convolutions and dense layers,
 *   <li>the rule for its {@link LayerKind}, which is {@link LayerKind#usual} unless told otherwise.
 * </ol>
 *
 * Immutable; every {@code with} method returns a new composite. {@link Composites} holds those with a name in the
 * literature, {@link CompositeText} reads and writes them as text.
 */
public final class Composite {
    private final String name;
    private final Map<Selector, Rule> rules;

    private Composite(String name, Map<Selector, Rule> rules) {
        this.name = name;
        this.rules = rules;
    }

    /** A composite that covers the kinds of layers with a {@link LayerKind#usual} rule only. */
    public static Composite named(String name) {
        Composite composite = new Composite(name, Map.of());
        for (LayerKind kind : NodeRelevances.kinds()) {
            composite =
                    kind.usual().isPresent() ? composite.with(kind, kind.usual().get()) : composite;
        }
        return composite;
    }

    /**
     * For the synthetic classes (thesis B.1): flat in the first layer, gamma 0.8 in the other convolutions, epsilon
     * 1e-7 in dense layers.
     */
    public static Composite toy() {
        return named("toy")
                .withFirst(Rule.flat())
                .with(LayerKind.CONVOLUTION, Rule.gamma(0.8f))
                .with(LayerKind.DENSE, Rule.epsilon(1e-7f));
    }

    /**
     * For music (thesis B.1): w^2 in the first layer, gamma 0.4, 0.4, 0.2, 0.1 in conv2 to conv5 (0.1 in any other),
     * epsilon 1e-7 in dense layers.
     */
    public static Composite gtzan() {
        return named("gtzan")
                .withFirst(Rule.wSquare())
                .with("conv2", Rule.gamma(0.4f))
                .with("conv3", Rule.gamma(0.4f))
                .with("conv4", Rule.gamma(0.2f))
                .with("conv5", Rule.gamma(0.1f))
                .with(LayerKind.CONVOLUTION, Rule.gamma(0.1f))
                .with(LayerKind.DENSE, Rule.epsilon(1e-7f));
    }

    /** One rule for every convolution and dense layer. */
    public static Composite uniform(Rule rule) {
        return named(rule.toString()).with(LayerKind.CONVOLUTION, rule).with(LayerKind.DENSE, rule);
    }

    /** The same rules under another name. */
    public Composite renamed(String newName) {
        return new Composite(newName, rules);
    }

    /**
     * With a rule for the layer of this name, or for all whose names match a pattern with {@code *} for any characters.
     */
    public Composite with(String layer, Rule rule) {
        return with(new Selector.ByName(layer), rule);
    }

    /** With a rule for the layers of a kind. */
    public Composite with(LayerKind kind, Rule rule) {
        return with(new Selector.ByKind(kind), rule);
    }

    /** With a rule for the convolution or dense layer that no other one precedes. */
    public Composite withFirst(Rule rule) {
        return with(new Selector.First(), rule);
    }

    /**
     * With a rule for convolutions and dense layers by their depth: how many of them lie on the longest way from the
     * input, themselves included.
     *
     * @param from 1 or more
     * @param to {@code from} or more, itself included
     * @throws BadInputException if there is no such depth
     */
    public Composite withDepth(int from, int to, Rule rule) {
        return with(new Selector.ByDepth(from, to), rule);
    }

    Composite with(Selector selector, Rule rule) {
        Map<Selector, Rule> all = new LinkedHashMap<>(rules);
        all.remove(selector); // the last entry stated comes last
        all.put(selector, rule);
        return new Composite(name, all);
    }

    /** For people, such as "gtzan". */
    public String name() {
        return name;
    }

    /** The entries as they were stated, for the text form. */
    Map<Selector, Rule> rules() {
        return rules;
    }

    /**
     * Which layer of a recorded forward pass gets which rule, and why, in the order in which they ran.
     *
     * @throws BadInputException naming the layers that no rule covers
     */
    public List<Assignment> assignments(Tape tape) {
        try (TransformedWeights none = new TransformedWeights(tape.backend())) {
            return List.copyOf(assign(tape, tape.nodes(), none).values());
        }
    }

    /**
     * As {@link #assignments(Tape)}, for a model: the check before a run.
     *
     * @throws BadInputException naming the layers that no rule covers
     */
    public List<Assignment> assignments(Model model) {
        int[] shape = model.description().input().ofBatch(1);
        try (Tape tape = Tape.inference(model.backend())) {
            Floats zeros = model.backend().floats(model.description().input().features());
            model.backend().fill(zeros, 0f);
            model.forwardEveryLayer(tape, tape.input(zeros, shape));
            return assignments(tape);
        }
    }

    /**
     * The names and patterns of this composite that match none of the layers: misspelt, or meant for another network.
     */
    public List<String> namesWithoutLayer(List<Assignment> assignments) {
        return rules.keySet().stream()
                .filter(Selector.ByName.class::isInstance)
                .map(Selector.ByName.class::cast)
                .filter(name -> assignments.stream().map(Assignment::layer).noneMatch(name::matches))
                .map(Selector.ByName::pattern)
                .toList();
    }

    /** The rules of some nodes of a tape; nodes that need none are left out. */
    Map<Node, Assignment> assign(Tape tape, Collection<Node> nodes, TransformedWeights weights) {
        IdentityHashMap<Node, Integer> depths = depths(tape, weights);
        Map<Node, Assignment> assignments = new LinkedHashMap<>();
        List<Selector.Layer> uncovered = new ArrayList<>();
        for (Node node : nodes) {
            NodeRelevance relevance = NodeRelevances.of(node, weights);
            if (relevance.kind().isPresent()) {
                Selector.Layer layer = new Selector.Layer(
                        relevance.layer(), relevance.kind().get(), Optional.ofNullable(depths.get(node)));
                Optional<Assignment> assignment = assign(layer);
                assignment.ifPresentOrElse(found -> assignments.put(node, found), () -> uncovered.add(layer));
                assignment.ifPresent(relevance::requireFit);
            }
        }
        if (!uncovered.isEmpty()) {
            throw new BadInputException("composite " + name + " has no rule for " + list(uncovered)
                    + ": give one by name or kind; it has rules for " + covered());
        }
        return assignments;
    }

    private Optional<Assignment> assign(Selector.Layer layer) {
        Selector best = null;
        for (Selector selector : rules.keySet()) {
            if (selector.matches(layer)
                    && (best == null || Selector.MOST_SPECIFIC_FIRST.compare(selector, best) <= 0)) {
                best = selector; // of two equally specific ones the last
            }
        }
        return Optional.ofNullable(best)
                .map(selector -> new Assignment(layer.name(), layer.kind(), rules.get(selector), selector.reason()));
    }

    private static String list(List<Selector.Layer> layers) {
        String names = layers.stream()
                .limit(8)
                .map(layer -> layer.name() + " (" + layer.kind() + ")")
                .collect(Collectors.joining(", "));
        String more = layers.size() > 8 ? " and " + (layers.size() - 8) + " more" : "";
        return (layers.size() == 1 ? "layer " : "layers ") + names + more;
    }

    private String covered() {
        return rules.keySet().stream()
                .sorted(Selector.MOST_SPECIFIC_FIRST)
                .map(Selector::text)
                .collect(Collectors.joining(", "));
    }

    /**
     * For every convolution and dense layer, how many of them and of recurrent layers lie on the longest way from the
     * input to it, itself included.
     */
    private static IdentityHashMap<Node, Integer> depths(Tape tape, TransformedWeights weights) {
        IdentityHashMap<Tensor, Integer> reached = new IdentityHashMap<>();
        IdentityHashMap<Node, Integer> depths = new IdentityHashMap<>();
        for (Node node : tape.nodes()) {
            int depth = node.inputs().stream()
                    .mapToInt(input -> reached.getOrDefault(input, 0))
                    .max()
                    .orElse(0);
            Optional<LayerKind> kind = NodeRelevances.of(node, weights).kind();
            if (kind.filter(LayerKind::weighsInputs).isPresent()) {
                depth++;
                depths.put(node, depth);
            } else if (kind.equals(Optional.of(LayerKind.RECURRENT))) {
                depth++; // no layer behind it is the first
            }
            reached.put(node.output(), depth);
        }
        return depths;
    }

    @Override
    public String toString() {
        return name;
    }
}
