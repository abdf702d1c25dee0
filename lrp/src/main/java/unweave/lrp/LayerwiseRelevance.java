package unweave.lrp;

import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;

/**
 * Explains decisions by layer-wise relevance propagation with one composite.
 *
 * <pre>{@code
 * try (LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.toy())) {
 *   Attribution attribution = lrp.attribute(model, inputs, n, classes);
 *   float[] firstMap = attribution.map(0);
 * }
 * }</pre>
 *
 * Transformed weights are computed once and kept until this object is closed, so it serves models whose weights stay as
 * they are ({@link #forgetWeights} after they changed), on one backend. It belongs to one thread at a time, as the
 * backend does.
 */
public final class LayerwiseRelevance implements Attributor, AutoCloseable {
    private final Composite composite;
    private TransformedWeights weights;
    private boolean detailedLedger;

    public LayerwiseRelevance(Composite composite) {
        this.composite = composite;
    }

    public Composite composite() {
        return composite;
    }

    /**
     * From now on ledgers also say what biases, stabilisers and dropped outputs took
     * ({@link RelevanceLedger#detailed}).
     */
    public LayerwiseRelevance withDetailedLedger() {
        detailedLedger = true;
        return this;
    }

    /** An empty ledger, with details if this object was asked for them. */
    public RelevanceLedger newLedger() {
        return detailedLedger ? RelevanceLedger.detailed() : new RelevanceLedger();
    }

    /**
     * The relevance of every input value for the logit of a class.
     *
     * @param inputs n x H x W x C; not modified
     * @param classes the class to attribute, for each input
     * @throws BadInputException before anything is computed, if a layer has no rule or a class does not exist
     */
    public Attribution attribute(Model model, float[] inputs, int n, int[] classes) {
        return attribute(model, inputs, n, Target.of(classes));
    }

    @Override
    public String name() {
        return "layer-wise relevance propagation, composite " + composite;
    }

    @Override
    public Attribution attribute(Model model, float[] inputs, int n, Target target) {
        Attributor.requireInputs(model, inputs, n, target);
        float[] relevance = new float[inputs.length];
        float[] logits = new float[n * model.description().classNames().size()];
        RelevanceLedger ledger = newLedger();
        int batch = model.inputsAtOnce();
        for (int first = 0; first < n; first += batch) {
            attributeBatch(
                    model, inputs, first, target.range(first, Math.min(n, first + batch)), relevance, logits, ledger);
        }
        Target decided = target.decidedBy(logits);
        float[] start = new float[n];
        for (int i = 0; i < n; i++) {
            start[i] = decided.value(logits, i);
        }
        return new Attribution(
                relevance, model.description().input().ofBatch(n), decided.classes(), start, logits, ledger.entries());
    }

    private void attributeBatch(
            Model model,
            float[] inputs,
            int first,
            Target target,
            float[] relevance,
            float[] logits,
            RelevanceLedger ledger) {
        Backend backend = model.backend();
        int count = target.count();
        int size = model.description().input().features();
        try (Tape tape = Tape.inference(backend)) {
            Tensor input = model.input(tape, inputs, first, count);
            Tensor output = model.forward(tape, input);
            float[] own = backend.toArray(output.data());
            System.arraycopy(own, 0, logits, first * output.channels(), own.length);
            try (Floats start = target.decidedBy(own).relevance(backend, output);
                    Floats map = pass(tape)
                            .from(output, start)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                backend.download(map, 0, relevance, first * size, count * size);
            }
        }
    }

    /**
     * Carries several relevance maps of the same inputs from one tensor to another.
     *
     * @param relevance maps x the size of {@code from}; not modified
     * @return maps x the size of {@code to}; belongs to the caller
     */
    public Floats propagate(Tape tape, Tensor from, Floats relevance, int maps, Tensor to) {
        if (relevance.size() != maps * from.size()) {
            throw new IllegalArgumentException(maps + " relevance maps of " + from + " hold " + maps * from.size()
                    + " values, not " + relevance.size());
        }
        return pass(tape).from(from, relevance).to(to).run().get(0);
    }

    /** A pass over the tape that starts, stops and records as it is told. */
    public RelevancePass pass(Tape tape) {
        if (weights == null) {
            weights = new TransformedWeights(tape.backend());
        } else if (weights.backend() != tape.backend()) {
            throw new IllegalArgumentException(
                    "the tape belongs to another backend than those before: explain the tapes of each backend "
                            + "with an object of their own");
        }
        return new RelevancePass(composite, weights, tape);
    }

    /** Frees what was computed from weights; to be called when these have changed. */
    public void forgetWeights() {
        if (weights != null) {
            weights.close();
            weights = null;
        }
    }

    @Override
    public void close() {
        forgetWeights();
    }
}
