package unweave.drsa;

import java.util.Arrays;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Spans;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.RelevanceLedger;
import unweave.lrp.RelevancePass;
import unweave.lrp.Target;
import unweave.lrp.TargetRelevance;

/**
 * Explanations split by subspace (thesis 3.2.3, Fig. 2.3): from the output to the concepts (thesis Eq. 2.13), and from
 * each concept to the input (thesis Eq. 2.14). The relevance of the class logit is propagated to layer L, divided among
 * the subspaces there,
 *
 * <pre>
 * c_j = R_j / a_j (0 where a_j = 0),   R_jk = a_j (U_k U_k^T c)_j   at every position,
 * </pre>
 *
 * and each part is propagated on to the input. Since U U^T = I, sum over k of U_k U_k^T a = a (thesis Eq. 2.17), sum
 * over k of R_jk = R_j, and the K concept maps add up to the standard map. The formula equals two epsilon steps around
 * a virtual layer h = U^T a (thesis Eq. 3.10), but does not divide by projections close to zero. One forward pass and
 * one upper pass serve all maps of an input; the K + 1 maps go through the lower layers as one batch.
 */
public final class TwoStepAttribution {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final Subspaces subspaces;
    private final Backend backend;

    /**
     * An attribution through given subspaces.
     *
     * @throws IllegalArgumentException if the subspaces do not fit their layer of the model
     */
    public TwoStepAttribution(Model model, LayerwiseRelevance relevance, Subspaces subspaces) {
        subspaces.requireFitting(model.description());
        this.model = model;
        this.relevance = relevance;
        this.subspaces = subspaces;
        this.backend = model.backend();
    }

    /**
     * Explains inputs.
     *
     * @param inputs at least classes.length x H x W x C values; not modified
     * @param classes the class to attribute for every input; it need not be the one whose subspaces these are
     * @throws IllegalArgumentException if a class does not exist or there are too few values
     */
    public ConceptMaps attribute(float[] inputs, int... classes) {
        LayerShape shape = model.description().input();
        int count = classes.length;
        if (inputs.length < (long) count * shape.features()) {
            throw new IllegalArgumentException(
                    count + " inputs of " + shape + " cannot be taken from " + inputs.length + " values");
        }
        ConceptMaps maps = newMaps(classes);
        int batch = BatchSize.of(model, subspaces.count() + 1);
        try (Floats basis = backend.floats(subspaces.basis())) {
            for (int start = 0; start < count; start += batch) {
                int size = Math.min(batch, count - start);
                try (Spans.Span span = backend.spans()
                                .open(
                                        "two-step attribution",
                                        subspaces.provenance().layer());
                        Tape tape = Tape.inference(backend)) {
                    Tensor input = model.input(tape, inputs, start, size);
                    Tensor logits =
                            model.forward(tape, input, subspaces.provenance().layer());
                    attributeBatch(tape, input, logits, basis, start, maps);
                }
            }
        }
        return maps;
    }

    /**
     * Explains inputs that the network has run on already.
     *
     * @param input what the network read on {@code tape}
     * @param logits what it gave; the layer of the subspaces is one of those that were kept ({@link Model#forward})
     * @param classes the class to attribute for every input of the tape
     * @throws IllegalArgumentException if there are more or fewer classes than inputs, or a class does not exist
     */
    public ConceptMaps attribute(Tape tape, Tensor input, Tensor logits, int... classes) {
        if (classes.length != input.batch()) {
            throw new IllegalArgumentException(classes.length + " classes for " + input.batch() + " inputs");
        }
        ConceptMaps maps = newMaps(classes);
        try (Floats basis = backend.floats(subspaces.basis())) {
            attributeBatch(tape, input, logits, basis, 0, maps);
        }
        return maps;
    }

    /**
     * Explains the class that a model decides for through its subspaces; one forward pass decides and explains.
     *
     * @param input H x W x C; not modified
     * @throws BadInputException if the set has no subspaces of that class
     */
    public static ConceptMaps attributeDecision(
            Model model, LayerwiseRelevance relevance, SubspaceSet set, float[] input) {
        Backend backend = model.backend();
        LayerShape shape = model.description().input();
        Floats x = backend.floats(shape.features());
        backend.upload(input, 0, x, 0, shape.features());
        try (Spans.Span span = backend.spans().open("two-step attribution", set.layer());
                Tape tape = Tape.inference(backend)) {
            Tensor image = tape.input(x, shape.ofBatch(1));
            Tensor logits = model.forward(tape, image, set.layer());
            int decision = Target.decision(backend.toArray(logits.data()), 0, logits.channels());
            return new TwoStepAttribution(model, relevance, set.ofClass(decision))
                    .attribute(tape, image, logits, decision);
        }
    }

    private ConceptMaps newMaps(int... classes) {
        LayerShape shape = model.description().input();
        int count = classes.length;
        return new ConceptMaps(
                shape.height(),
                shape.width(),
                classes.clone(),
                new float[count][],
                new float[count],
                new float[count][],
                new float[count][subspaces.count()][],
                relevance.newLedger());
    }

    private void attributeBatch(Tape tape, Tensor input, Tensor logits, Floats basis, int start, ConceptMaps maps) {
        int size = input.batch();
        Tensor activation = model.activation(tape, subspaces.provenance().layer());
        int[] classes = Arrays.copyOfRange(maps.classes(), start, start + size);
        try (Floats target = TargetRelevance.logit(backend, logits, classes);
                Floats upper = relevance
                        .pass(tape)
                        .from(logits, target)
                        .to(activation)
                        .recordedBy(maps.ledger())
                        .run()
                        .get(0);
                Floats split = split(activation, upper, basis);
                Floats lower = toInput(tape, input, activation, upper, split, maps.ledger());
                Floats heat = backend.floats(lower.size() / input.channels());
                Floats layerSums = backend.floats(size)) {
            backend.elementwise().sumRows(input.channels(), lower, heat);
            backend.elementwise().sumRows(Math.toIntExact(activation.size() / size), upper, layerSums);
            store(start, size, backend.toArray(logits.data()), backend.toArray(layerSums), backend.toArray(heat), maps);
        }
    }

    /** The relevance at the layer, (K + 1) x its size: all of it, then the part of each subspace. */
    private Floats split(Tensor activation, Floats upper, Floats basis) {
        int count = subspaces.count();
        int dimensions = subspaces.dimensions();
        Floats all = backend.floats((count + 1) * activation.size());
        try (Floats context = backend.floats(activation.size());
                Floats parts = backend.floats(count * activation.size())) {
            backend.propagation().contextVectors(upper, activation.data(), context);
            backend.subspaces()
                    .projectRelevance(
                            Math.toIntExact(activation.size() / dimensions),
                            dimensions,
                            count,
                            basis,
                            activation.data(),
                            context,
                            parts);
            backend.copy(upper, 0, all, 0, upper.size());
            backend.copy(parts, 0, all, upper.size(), parts.size());
        }
        return all;
    }

    private Floats toInput(
            Tape tape, Tensor input, Tensor activation, Floats upper, Floats split, RelevanceLedger ledger) {
        RelevancePass pass =
                relevance.pass(tape).from(activation, split).to(input).recordedBy(ledger);
        if (noRelevanceWithoutActivation(activation, upper)) {
            pass.noRelevanceWithoutActivation();
        }
        return pass.run().get(0);
    }

    /**
     * Whether relevance is 0 wherever the activation is not positive. For the parts of the subspaces this follows from
     * their formula; for the whole it holds for rules in proportion to the activation, but not for w^2 or flat.
     */
    private boolean noRelevanceWithoutActivation(Tensor activation, Floats upper) {
        int size = activation.batch();
        try (Floats rest = backend.floats(upper.size());
                Floats sums = backend.floats(size)) {
            backend.elementwise().reluBackward(activation.data(), upper, rest);
            backend.elementwise().addScaled(-1f, upper, rest);
            backend.elementwise().multiply(rest, rest, rest);
            backend.elementwise().sumRows(Math.toIntExact(upper.size() / size), rest, sums);
            for (float sum : backend.toArray(sums)) {
                if (sum != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Sorts a batch into the result; {@code heat} is (K + 1) x size x (height x width). */
    private void store(int start, int size, float[] logits, float[] layerSums, float[] heat, ConceptMaps maps) {
        int pixels = maps.height() * maps.width();
        int classes = logits.length / size;
        for (int i = 0; i < size; i++) {
            maps.logits()[start + i] = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
            maps.layerRelevance()[start + i] = layerSums[i];
            maps.standard()[start + i] = Arrays.copyOfRange(heat, i * pixels, (i + 1) * pixels);
            for (int k = 0; k < subspaces.count(); k++) {
                int offset = ((k + 1) * size + i) * pixels;
                maps.concepts()[start + i][k] = Arrays.copyOfRange(heat, offset, offset + pixels);
            }
        }
    }
}
