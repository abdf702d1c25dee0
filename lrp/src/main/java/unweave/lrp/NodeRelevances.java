package unweave.lrp;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import unweave.engine.tape.ActivationNode;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.AvgPoolNode;
import unweave.engine.tape.BatchNormNode;
import unweave.engine.tape.ConcatNode;
import unweave.engine.tape.ConstantNode;
import unweave.engine.tape.ConvPoolNode;
import unweave.engine.tape.CrossEntropyNode;
import unweave.engine.tape.DivideNode;
import unweave.engine.tape.DropoutNode;
import unweave.engine.tape.ExtremumNode;
import unweave.engine.tape.FactorNode;
import unweave.engine.tape.GatherNode;
import unweave.engine.tape.LayerNormNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.LpPoolNode;
import unweave.engine.tape.MatMulNode;
import unweave.engine.tape.MaxPoolNode;
import unweave.engine.tape.MultiplyNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.PreluNode;
import unweave.engine.tape.RecurrentNode;
import unweave.engine.tape.ReluNode;
import unweave.engine.tape.ReshapeNode;
import unweave.engine.tape.ScaleNode;
import unweave.engine.tape.SoftmaxNode;
import unweave.engine.tape.TransposedConvNode;

/** The list of the operations that relevance can go through, each with its class and the kinds of rules it asks for. */
final class NodeRelevances {
    private static final Map<Class<? extends Node>, BiFunction<Node, TransformedWeights, NodeRelevance>> CLASSES =
            new HashMap<>();
    private static final Set<LayerKind> KINDS = new LinkedHashSet<>();

    static {
        add(LinearNode.class, LinearLayer::new, LayerKind.CONVOLUTION, LayerKind.DENSE);
        add(ConvPoolNode.class, ConvPoolRelevance::new, LayerKind.CONVOLUTION);
        add(TransposedConvNode.class, TransposedConvLayer::new, LayerKind.CONVOLUTION);
        add(AvgPoolNode.class, AveragePoolLayer::new, LayerKind.AVERAGE_POOL);
        add(AddNode.class, AddLayer::new, LayerKind.ADD);
        add(ScaleNode.class, ScaleLayer::new, LayerKind.SCALE, LayerKind.SHIFT);
        add(MultiplyNode.class, (node, weights) -> new MultiplyRelevance(node));
        add(DivideNode.class, (node, weights) -> new DivideRelevance(node));
        add(ExtremumNode.class, (node, weights) -> new ExtremumRelevance(node));
        add(PreluNode.class, (node, weights) -> new Passing(node, false));
        add(LayerNormNode.class, LayerNormLayer::new, LayerKind.LAYER_NORM);
        add(BatchNormNode.class, BatchNormLayer::new, LayerKind.BATCH_NORM);
        add(MatMulNode.class, MatMulLayer::new, LayerKind.MATMUL);
        add(SoftmaxNode.class, SoftmaxLayer::new, LayerKind.SOFTMAX);
        add(RecurrentNode.class, RecurrentRelevance::new, LayerKind.RECURRENT);
        add(MaxPoolNode.class, (node, weights) -> new MaxPoolRelevance(node));
        add(LpPoolNode.class, (node, weights) -> new LpPoolRelevance(node));
        add(ConcatNode.class, (node, weights) -> new ConcatRelevance(node));
        add(ReluNode.class, (node, weights) -> new Passing(node, true));
        add(ReshapeNode.class, (node, weights) -> new Passing(node, true));
        add(DropoutNode.class, (node, weights) -> new Passing(node, true));
        add(GatherNode.class, (node, weights) -> new GatherRelevance(node));
        add(ConstantNode.class, (node, weights) -> new ConstantRelevance(node));
        add(FactorNode.class, (node, weights) -> new Passing(node, node.factor() > 0));
        add(ActivationNode.class, (node, weights) -> new Passing(node, false));
        add(CrossEntropyNode.class, (node, weights) -> new LossRelevance(node));
    }

    private NodeRelevances() {}

    private static <N extends Node> void add(
            Class<N> type, BiFunction<N, TransformedWeights, NodeRelevance> relevance, LayerKind... kinds) {
        CLASSES.put(type, (node, weights) -> relevance.apply(type.cast(node), weights));
        KINDS.addAll(List.of(kinds));
    }

    /** All kinds of layers that need a rule. */
    static Set<LayerKind> kinds() {
        return KINDS;
    }

    /** How relevance goes back through a node. */
    static NodeRelevance of(Node node, TransformedWeights weights) {
        return CLASSES.get(node.getClass()).apply(node, weights);
    }
}
