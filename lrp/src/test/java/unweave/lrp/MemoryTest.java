package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** Whatever a relevance pass allocates is given back, but for its result. */
class MemoryTest {
    private final Backend real = CpuBackend.create(1);
    private final List<Floats> allocated = new ArrayList<>();
    private final Backend backend = (Backend) Proxy.newProxyInstance(
            Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                try {
                    Object result = method.invoke(real, arguments);
                    if (result instanceof Floats floats) {
                        allocated.add(floats);
                    }
                    return result;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });

    @AfterEach
    void close() {
        real.close();
    }

    private long open() {
        return allocated.stream().filter(this::isOpen).count();
    }

    private boolean isOpen(Floats floats) {
        try {
            real.fill(floats, 0f);
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    private Tensor network(RandomLayers layers, Tape tape, Tensor input) {
        Tensor x = tape.relu("relu1", layers.conv(tape, "conv1", input, 4));
        x = tape.add("add", layers.conv(tape, "conv2", x, 4), x);
        x = layers.maxPool(tape, "pool1", layers.batchNorm(tape, "norm", x));
        return layers.dense(tape, "dense1", tape.flatten("flatten", x), 3);
    }

    @Test
    void everythingButTheResultsIsClosed() {
        Composite composite = Composite.named("all")
                .withFirst(Rule.zBox(-3, 3))
                .with(LayerKind.CONVOLUTION, Rule.gamma(0.5f))
                .with(LayerKind.DENSE, Rule.alphaBeta(2, 1));
        try (RandomLayers layers = new RandomLayers(backend, 1, true)) {
            try (Tape tape = Tape.inference(backend);
                    LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
                Tensor input = layers.input(tape, 2, 4, 4, 2);
                Tensor logits = network(layers, tape, input);
                allocated.clear();
                Floats start = TargetRelevance.logit(backend, logits, new int[] {0, 1}, new int[] {2, 2});
                List<Floats> maps = lrp.pass(tape)
                        .from(logits, start)
                        .to(input, tape.nodes().get(1).output())
                        .recordedBy(new RelevanceLedger())
                        .run();
                lrp.forgetWeights();
                assertEquals(3, open(), "the start and two results");
                maps.forEach(Floats::close);
                start.close();
                assertEquals(0, open());
            }
        }
    }

    @Test
    void aRefusedPassKeepsNothing() {
        try (RandomLayers layers = new RandomLayers(backend, 1, true);
                Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.named("empty"))) {
            Tensor input = layers.input(tape, 2, 4, 4, 2);
            Tensor logits = network(layers, tape, input);
            try (Floats start = TargetRelevance.one(backend, logits, new int[] {0, 1})) {
                allocated.clear();
                assertThrows(IllegalArgumentException.class, () -> lrp.propagate(tape, logits, start, 1, input));
                assertTrue(allocated.isEmpty());
            }
        }
    }
}
