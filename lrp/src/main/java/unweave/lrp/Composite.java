package unweave.lrp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unweave.engine.model.Model;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Floats;

/**
 * Gives every layer its rule (the composites of Montavon et al. 2019 and Kohlbrenner et al. 2020): the first that applies of
 * <ol>
 * <li>the rule for the layer's name,
 * <li>the rule for the first layer: a convolution or dense layer that no other one precedes,
 * <li>the rule for its {@link LayerKind}. Unless told otherwise average pooling and addition share relevance out in proportion to what
 *     goes in ({@link Rule#norm}), and batch normalisation follows the epsilon rule with the default stabiliser.
 * </ol>
 * Immutable; every {@code with} method returns a new composite.
 */
public final class Composite {
  private final String name;
  private final Optional<Rule> first;
  private final Map<String, Rule> byName;
  private final Map<LayerKind, Rule> byKind;

  private Composite(String name, Optional<Rule> first, Map<String, Rule> byName, Map<LayerKind, Rule> byKind) {
    this.name = name;
    this.first = first;
    this.byName = byName;
    this.byKind = byKind;
  }

  /** A composite that covers average pooling, batch normalisation and addition only. */
  public static Composite named(String name) {
    Map<LayerKind, Rule> kinds = new EnumMap<>(LayerKind.class);
    kinds.put(LayerKind.AVERAGE_POOL, Rule.norm());
    kinds.put(LayerKind.ADD, Rule.norm());
    kinds.put(LayerKind.BATCH_NORM, Rule.epsilon(Rule.DEFAULT_STABILIZER));
    return new Composite(name, Optional.empty(), Map.of(), kinds);
  }

  /** For the synthetic classes (thesis B.1): flat in the first layer, gamma 0.8 in the other convolutions, epsilon 1e-7 in dense layers. */
  public static Composite toy() {
    return named("toy")
        .withFirst(Rule.flat())
        .with(LayerKind.CONVOLUTION, Rule.gamma(0.8f))
        .with(LayerKind.DENSE, Rule.epsilon(1e-7f));
  }

  /** For music (thesis B.1): w^2 in the first layer, gamma 0.4, 0.4, 0.2, 0.1 in conv2 to conv5 (0.1 in any other), epsilon 1e-7 in dense layers. */
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
    return named(rule.name()).with(LayerKind.CONVOLUTION, rule).with(LayerKind.DENSE, rule);
  }

  /** With a rule for the layer of this name. */
  public Composite with(String layer, Rule rule) {
    Map<String, Rule> names = new HashMap<>(byName);
    names.put(layer, rule);
    return new Composite(name, first, names, byKind);
  }

  /** With a rule for the layers of a kind. */
  public Composite with(LayerKind kind, Rule rule) {
    Map<LayerKind, Rule> kinds = new EnumMap<>(byKind);
    kinds.put(kind, rule);
    return new Composite(name, first, byName, kinds);
  }

  /** With a rule for the convolution or dense layer that no other one precedes. */
  public Composite withFirst(Rule rule) {
    return new Composite(name, Optional.of(rule), byName, byKind);
  }

  /** For people, such as "gtzan". */
  public String name() {
    return name;
  }

  /**
   * Which layer of a recorded forward pass gets which rule, in the order in which they ran.
   *
   * @throws IllegalArgumentException naming the layer that no rule covers
   */
  public List<Assignment> assignments(Tape tape) {
    return List.copyOf(assign(tape, tape.nodes()).values());
  }

  /**
   * As {@link #assignments(Tape)}, for a model.
   *
   * @throws IllegalArgumentException naming the layer that no rule covers
   */
  public List<Assignment> assignments(Model model) {
    int[] shape = model.description().input().ofBatch(1);
    try (Tape tape = Tape.inference(model.backend())) {
      Floats zeros = model.backend().floats(model.description().input().features());
      model.backend().fill(zeros, 0f);
      model.forward(tape, tape.input(zeros, shape));
      return assignments(tape);
    }
  }

  /** The rules of some nodes of a tape; nodes that need none are left out. */
  Map<Node, Assignment> assign(Tape tape, Collection<Node> nodes) {
    Set<Node> firstLayers = firstLayers(tape);
    Map<Node, Assignment> assignments = new LinkedHashMap<>();
    for (Node node : nodes) {
      Optional<LayerKind> kind = LayerKind.of(node);
      if (kind.isPresent()) {
        assignments.put(node, assign(node, kind.get(), firstLayers.contains(node)));
      }
    }
    return assignments;
  }

  private Assignment assign(Node node, LayerKind kind, boolean isFirst) {
    Assignment assignment;
    if (byName.containsKey(node.layer())) {
      assignment = new Assignment(node.layer(), kind, byName.get(node.layer()), "by name");
    } else if (isFirst && first.isPresent()) {
      assignment = new Assignment(node.layer(), kind, first.get(), "the first layer");
    } else if (byKind.containsKey(kind)) {
      assignment = new Assignment(node.layer(), kind, byKind.get(kind), "by kind");
    } else {
      throw new IllegalArgumentException("composite " + name + " has no rule for layer " + node.layer() + " (" + kind
          + "): give one by the layer's name or kind; it names " + covered());
    }
    if (assignment.rule().isPass() && (node.inputs().size() > 1 || node.input().size() != node.output().size())) {
      throw new IllegalArgumentException("layer " + node.layer() + " (" + kind + ") cannot follow the rule pass: its output "
          + node.output() + " is not as large as its one input");
    }
    return assignment;
  }

  private String covered() {
    List<String> covered = new ArrayList<>(byName.keySet());
    Collections.sort(covered);
    first.ifPresent(rule -> covered.add(0, "the first layer"));
    byKind.keySet().forEach(kind -> covered.add("every " + kind));
    return String.join(", ", covered);
  }

  private static Set<Node> firstLayers(Tape tape) {
    Set<Tensor> behindLinear = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Node> firstLayers = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : tape.nodes()) {
      boolean behind = node.inputs().stream().anyMatch(behindLinear::contains);
      if (node instanceof LinearNode && !behind) {
        firstLayers.add(node);
      }
      if (node instanceof LinearNode || behind) {
        behindLinear.add(node.output());
      }
    }
    return firstLayers;
  }

  @Override
  public String toString() {
    return name;
  }
}
