package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static unweave.lrp.Closeness.assertClose;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.tape.ConvPoolNode;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;
import unweave.kernels.cpu.CpuBackend;

/**
 * A pass that keeps detailed books takes pooling and the rule before it one after the other: it is what one step is
 * compared with.
 */
class ConvPoolRelevanceTest {
    private static final int BATCH = 2;
    private static final int MAPS = 3;

    private final Backend backend = CpuBackend.create(2);
    private final Random random = new Random(11);
    private final List<Parameter> parameters = new ArrayList<>();

    @AfterEach
    void close() {
        parameters.forEach(Parameter::close);
        backend.close();
    }

    /** Convolution, ReLU and pooling, twice. */
    private record Network(Tape tape, Tensor input, Tensor pooled) {}

    private Network network() {
        return network(ConvShape.same(BATCH, 9, 8, 1, 16, 3), ConvShape.same(BATCH, 4, 4, 16, 8, 3));
    }

    /** Paddings that differ on opposite sides. */
    private Network shifted() {
        return network(
                new ConvShape(BATCH, 9, 8, 1, 16, 3, 3, 1, 1, 0, 2, 1, 0, 1, 1, 1),
                new ConvShape(BATCH, 4, 4, 16, 8, 3, 3, 1, 1, 0, 1, 3, 0, 1, 1, 1));
    }

    private Network network(ConvShape first, ConvShape second) {
        Tape tape = Tape.inference(backend);
        Tensor input = tape.input(gaussian(BATCH * 9 * 8), BATCH, 9, 8, 1);
        PoolShape pool1 = PoolShape.square(BATCH, first.outHeight(), first.outWidth(), 16, 2);
        Tensor a = tape.convPool("conv1", "pool1", input, first, parameter(3, 3, 1, 16), parameter(16), pool1);
        PoolShape pool2 = PoolShape.square(BATCH, second.outHeight(), second.outWidth(), 8, 2);
        Tensor b = tape.convPool("conv2", "pool2", a, second, parameter(3, 3, 16, 8), parameter(8), pool2);
        return new Network(tape, input, b);
    }

    private Parameter parameter(int... shape) {
        int size = 1;
        for (int length : shape) {
            size *= length;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        Parameter parameter = new Parameter(backend, "parameter " + parameters.size(), shape, true, values);
        parameters.add(parameter);
        return parameter;
    }

    private Floats gaussian(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return backend.floats(values);
    }

    @Test
    void oneStepGivesWhatTwoGive() {
        compareOneStepWithTwo(network());
    }

    @Test
    void alsoWherePaddingDiffersOnOppositeSides() {
        compareOneStepWithTwo(shifted());
    }

    private void compareOneStepWithTwo(Network network) {
        List<Composite> composites = new ArrayList<>(
                Composites.names().stream().map(Composites::named).toList());
        composites.add(Composite.uniform(Rule.epsilon(1e-2f)));
        composites.add(Composite.uniform(Rule.gamma(0.3f)).withFirst(Rule.zBox(-4f, 4f)));
        composites.add(Composite.uniform(Rule.flat()));
        try (Tape tape = network.tape();
                Floats start = startingAt(network.pooled())) {
            for (Composite composite : composites) {
                try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite);
                        Floats expected = pass(lrp, network, start)
                                .recordedBy(RelevanceLedger.detailed())
                                .run()
                                .get(0);
                        Floats actual = pass(lrp, network, start).run().get(0)) {
                    assertClose(backend.toArray(expected), backend.toArray(actual), 1e-5, composite.toString());
                }
            }
        }
    }

    /**
     * Relevance of several maps; zero where the pooled activation is, so that the promise of
     * {@link RelevancePass#noRelevanceWithoutActivation} holds.
     */
    private Floats startingAt(Tensor pooled) {
        Floats start = gaussian(Math.toIntExact(MAPS * pooled.size()));
        backend.elementwise().multiply(start, pooled.data(), start);
        return start;
    }

    private static RelevancePass pass(LayerwiseRelevance lrp, Network network, Floats start) {
        return lrp.pass(network.tape())
                .from(network.pooled(), start)
                .noRelevanceWithoutActivation()
                .to(network.input());
    }

    @Test
    void itTakesTheRulesWhoseDenominatorsAreAtHandOrMadeTileByTile() {
        Known behindRelu = new Known(true, true);
        Known anything = Known.NOTHING;
        assertInOneStep(true, Rule.gamma(0.25f), behindRelu);
        assertInOneStep(true, Rule.epsilon(1e-6f), behindRelu);
        assertInOneStep(true, Rule.wSquare(), anything);
        assertInOneStep(true, Rule.flat(), anything);
        assertInOneStep(false, Rule.epsilon(1e-6f), anything); // relevance may arrive at what the ReLU has cut
        assertInOneStep(false, Rule.gamma(0.25f), anything); // has branches by the sign of the pre-activation
        assertInOneStep(false, Rule.zBox(-1f, 1f), behindRelu); // three terms
        assertInOneStep(false, Rule.pass(), behindRelu); // shares nothing out
    }

    private void assertInOneStep(boolean expected, Rule rule, Known known) {
        Network network = network();
        try (Tape tape = network.tape();
                TransformedWeights weights = new TransformedWeights(backend)) {
            ConvPoolRelevance relevance =
                    new ConvPoolRelevance((ConvPoolNode) tape.nodes().get(0), weights);
            assertEquals(expected, relevance.inOneStep(rule, known), rule + " " + known);
        }
    }
}
