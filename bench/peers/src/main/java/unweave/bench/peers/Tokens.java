package unweave.bench.peers;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.Layer;
import unweave.engine.layer.MatMul;
import unweave.engine.layer.Rearrange;
import unweave.engine.model.ModelDescription;

/** Which layers of a transformer give tokens, whose tensors are N H W C in other libraries too. */
final class Tokens {
    private Tokens() {}

    /** The names of the layers whose outputs are tokens: those that rearrange, and all that read them as they are. */
    static Set<String> of(ModelDescription description) {
        Set<String> tokens = new HashSet<>();
        String previous = Layer.INPUT;
        for (Layer layer : description.layers()) {
            List<String> reads = layer.inputs().isEmpty() ? List.of(previous) : layer.inputs();
            boolean arranged = layer instanceof Rearrange || layer instanceof MatMul;
            if (arranged || (!(layer instanceof Flatten) && reads.stream().anyMatch(tokens::contains))) {
                tokens.add(layer.name());
            }
            previous = layer.name();
        }
        return tokens;
    }

    /** Whether no value of a rearrangement moves in memory. */
    static boolean keepsOrder(Rearrange layer) {
        return layer.order()
                .equals(IntStream.range(0, layer.order().size()).boxed().toList());
    }

    /** The lengths of a batch: N, then those of one input. */
    static long[] ofBatch(long batch, List<Integer> lengths) {
        long[] all = new long[lengths.size() + 1];
        all[0] = batch;
        for (int i = 0; i < lengths.size(); i++) {
            all[i + 1] = lengths.get(i);
        }
        return all;
    }

    /** An order of axes behind the batch, which stays first. */
    static long[] permutation(List<Integer> order) {
        return ofBatch(0, order.stream().map(axis -> axis + 1).toList());
    }
}
