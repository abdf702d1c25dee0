package unweave.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * The books of a relevance pass: how much arrived at each layer, how much its inputs received and, in a
 * {@link #detailed} ledger, what became of the rest. Relevance is conserved up to what biases and the stabiliser absorb
 * and what no input can be given; the ledger says where it went. One ledger may watch several passes, whose samples it
 * lists one after the other.
 */
public final class RelevanceLedger {

    /**
     * One layer that a rule was applied to. All arrays hold one value for each sample of each pass.
     *
     * @param arrived the sum of the relevance of the output
     * @param passedOn the sum of the relevance of the inputs
     * @param absorbed empty in a ledger without details
     */
    public record Entry(String layer, Rule rule, float[] arrived, float[] passedOn, Optional<Absorbed> absorbed) {
        /** The largest |passedOn - arrived| of all samples. */
        public double largestLoss() {
            double largest = 0;
            for (int i = 0; i < arrived.length; i++) {
                largest = Math.max(largest, Math.abs((double) passedOn[i] - arrived[i]));
            }
            return largest;
        }

        /**
         * What the books do not explain: the largest |arrived - passedOn - bias - stabiliser - dropped| of all samples,
         * as part of its magnitude. Rounding only, if everything is right.
         *
         * @throws IllegalStateException in a ledger without details
         */
        public double imbalance() {
            Absorbed rest = absorbed.orElseThrow(
                    () -> new IllegalStateException("the ledger has no details: keep a RelevanceLedger.detailed()"));
            double largest = 0;
            for (int i = 0; i < arrived.length; i++) {
                double open = (double) arrived[i] - passedOn[i] - rest.bias[i] - rest.stabilizer[i] - rest.dropped[i];
                largest = Math.max(largest, open == 0 ? 0 : Math.abs(open) / rest.magnitude[i]);
            }
            return largest;
        }

        private Entry followedBy(Entry later) {
            return new Entry(
                    layer,
                    rule,
                    concatenate(arrived, later.arrived),
                    concatenate(passedOn, later.passedOn),
                    absorbed.flatMap(a -> later.absorbed.map(a::followedBy)));
        }
    }

    /**
     * What the inputs of a layer did not receive: one value for each sample.
     *
     * @param magnitude the sum of |relevance| of the output or of the inputs, whichever is larger: what rounding errors
     *     are measured by
     */
    public record Absorbed(float[] bias, float[] stabilizer, float[] dropped, float[] magnitude) {
        private Absorbed followedBy(Absorbed later) {
            return new Absorbed(
                    concatenate(bias, later.bias),
                    concatenate(stabilizer, later.stabilizer),
                    concatenate(dropped, later.dropped),
                    concatenate(magnitude, later.magnitude));
        }
    }

    /**
     * One layer's sums per sample, on the device. The absolute sums, of the output first, are there in a detailed
     * ledger only.
     */
    private record Pending(
            Assignment assignment,
            Floats arrived,
            List<Floats> passedOn,
            List<Floats> absolute,
            Optional<Absorption> absorption)
            implements AutoCloseable {
        Stream<Floats> memory() {
            return Stream.of(
                            Stream.of(arrived),
                            passedOn.stream(),
                            absolute.stream(),
                            absorption.stream().flatMap(a -> Stream.of(a.bias(), a.stabilizer(), a.dropped())))
                    .flatMap(runs -> runs);
        }

        @Override
        public void close() {
            arrived.close();
            passedOn.forEach(Floats::close);
            absolute.forEach(Floats::close);
            absorption.ifPresent(Absorption::close);
        }
    }

    private final boolean detailed;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    /** The sums of what layers passed on, by what they passed on: the next layer usually receives just that. */
    private final IdentityHashMap<Floats, Floats> sumsPassedOn = new IdentityHashMap<>();

    /** A ledger of what arrived and what was passed on. */
    public RelevanceLedger() {
        this(false);
    }

    private RelevanceLedger(boolean detailed) {
        this.detailed = detailed;
    }

    /**
     * A ledger that also says what biases, stabilisers and dropped outputs took; it costs about as much as the rules
     * themselves.
     */
    public static RelevanceLedger detailed() {
        return new RelevanceLedger(true);
    }

    /** Whether {@link Entry#absorbed} is there. */
    public boolean isDetailed() {
        return detailed;
    }

    /** The layers in the order in which relevance reached them, output first. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /**
     * Queues the sums of one layer, and takes {@code absorption} over; nothing waits for them before {@link #settle}.
     */
    void record(
            Backend backend,
            Assignment assignment,
            Tensor output,
            Arrivals.Arrival arrived,
            List<Tensor> inputs,
            List<Floats> passedOn,
            Optional<Absorption> absorption) {
        Floats known = arrived.isMerged() ? null : sumsPassedOn.get(arrived.relevance());
        Floats outputSums = known == null ? sums(backend, output, arrived.relevance()) : known;
        List<Floats> inputSums = new ArrayList<>();
        List<Floats> absolute = new ArrayList<>();
        if (detailed) {
            absolute.add(absoluteSums(backend, output, arrived.relevance()));
        }
        for (int i = 0; i < inputs.size(); i++) {
            inputSums.add(sums(backend, inputs.get(i), passedOn.get(i)));
            sumsPassedOn.put(passedOn.get(i), inputSums.get(i));
            if (detailed) {
                absolute.add(absoluteSums(backend, inputs.get(i), passedOn.get(i)));
            }
        }
        pending.add(new Pending(assignment, outputSums, inputSums, absolute, absorption));
    }

    /**
     * Fetches what was recorded since the last call, all at once: every transfer makes the host wait for the device.
     */
    void settle(Backend backend) {
        FetchedTogether fetched = new FetchedTogether(
                backend, pending.stream().flatMap(Pending::memory).distinct().toList());
        for (Pending sums : pending) {
            float[] arrived = fetched.values(sums.arrived());
            float[] passedOn = total(fetched, sums.passedOn(), arrived.length);
            Optional<Absorbed> absorbed = sums.absorption()
                    .map(a -> new Absorbed(
                            fetched.values(a.bias()),
                            fetched.values(a.stabilizer()),
                            fetched.values(a.dropped()),
                            magnitude(fetched, sums.absolute())));
            Entry entry = new Entry(sums.assignment().layer(), sums.assignment().rule(), arrived, passedOn, absorbed);
            entries.merge(entry.layer(), entry, Entry::followedBy);
        }
        discard();
    }

    private static float[] magnitude(FetchedTogether fetched, List<Floats> absolute) {
        float[] output = fetched.values(absolute.get(0));
        float[] inputs = total(fetched, absolute.subList(1, absolute.size()), output.length);
        for (int i = 0; i < output.length; i++) {
            output[i] = Math.max(output[i], inputs[i]);
        }
        return output;
    }

    private static float[] total(FetchedTogether fetched, List<Floats> summands, int length) {
        float[] total = new float[length];
        for (Floats summand : summands) {
            float[] values = fetched.values(summand);
            for (int i = 0; i < length; i++) {
                total[i] += values[i];
            }
        }
        return total;
    }

    /** Frees what was recorded and not settled. */
    void discard() {
        pending.forEach(Pending::close);
        pending.clear();
        sumsPassedOn.clear();
    }

    private static Floats sums(Backend backend, Tensor tensor, Floats relevance) {
        int width = Math.toIntExact(tensor.size() / tensor.batch());
        Floats sums = backend.floats(relevance.size() / width);
        backend.elementwise().sumRows(width, relevance, sums);
        return sums;
    }

    /** The sums of |r| = max(r, 0) + max(-r, 0). */
    private static Floats absoluteSums(Backend backend, Tensor tensor, Floats relevance) {
        try (Floats part = backend.floats(relevance.size())) {
            backend.propagation().positivePart(relevance, part);
            Floats sums = sums(backend, tensor, part);
            backend.propagation().negativePart(relevance, part);
            try (Floats negative = sums(backend, tensor, part)) {
                backend.elementwise().addScaled(-1f, negative, sums);
            }
            return sums;
        }
    }

    private static float[] concatenate(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
