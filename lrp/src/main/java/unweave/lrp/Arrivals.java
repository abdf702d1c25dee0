package unweave.lrp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * The relevance that has arrived at tensors and was not passed on yet, and copies of what is wanted in the end. Owns
 * its memory.
 */
final class Arrivals implements AutoCloseable {
    private final Backend backend;
    private final List<Tensor> wanted;
    private final IdentityHashMap<Tensor, Arrival> pending = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, Floats> copies = new IdentityHashMap<>();
    private final Set<Floats> merged = Collections.newSetFromMap(new IdentityHashMap<>());

    Arrivals(Backend backend, List<Tensor> wanted) {
        this.backend = backend;
        this.wanted = wanted;
    }

    /**
     * Relevance that has arrived at the output of a node. It is freed when the node is done, unless the node keeps it
     * to pass it on unchanged.
     */
    static final class Arrival implements AutoCloseable {
        private final Floats relevance;
        private boolean onlyAtActivations;
        private boolean merged;
        private boolean kept; // or closed

        Arrival(Floats relevance, boolean onlyAtActivations) {
            this.relevance = relevance;
            this.onlyAtActivations = onlyAtActivations;
        }

        Floats relevance() {
            return relevance;
        }

        /** Whether the relevance is zero wherever its tensor is zero or below. */
        boolean onlyAtActivations() {
            return onlyAtActivations;
        }

        /**
         * Whether the memory was written once more after a node had passed it on, since several nodes pass relevance to
         * one tensor.
         */
        boolean isMerged() {
            return merged;
        }

        /** The relevance, which then belongs to the caller. */
        Floats keep() {
            kept = true;
            return relevance;
        }

        @Override
        public void close() {
            if (!kept) {
                kept = true;
                relevance.close();
            }
        }
    }

    /** Adds to what has arrived at a tensor; takes {@code relevance} over. */
    void add(Tensor tensor, Floats relevance, boolean onlyAtActivations) {
        Arrival earlier = pending.putIfAbsent(tensor, new Arrival(relevance, onlyAtActivations));
        if (earlier != null) {
            backend.elementwise().addScaled(1f, relevance, earlier.relevance);
            earlier.onlyAtActivations &= onlyAtActivations;
            merged.add(earlier.relevance);
            relevance.close();
        }
    }

    /** Removes what has arrived at a tensor, for the node that produced it; null if nothing has. */
    Arrival take(Tensor tensor) {
        Arrival arrived = pending.remove(tensor);
        if (arrived == null) {
            return null;
        }
        arrived.merged = merged.contains(arrived.relevance);
        if (wanted.contains(tensor)) {
            copies.put(tensor, copy(arrived.relevance));
        }
        return arrived;
    }

    /**
     * The relevance of the wanted tensors, in their order; belongs to the caller.
     *
     * @param maps of each input, for tensors that nothing has arrived at
     */
    List<Floats> takeWanted(long maps) {
        List<Floats> relevances = new ArrayList<>();
        for (Tensor tensor : wanted) {
            Floats copied = copies.remove(tensor);
            Arrival last = copied == null ? pending.remove(tensor) : null;
            relevances.add(copied != null ? copied : last != null ? last.keep() : zeros(maps * tensor.size()));
        }
        return relevances;
    }

    private Floats zeros(long size) {
        Floats zeros = backend.floats(size);
        backend.fill(zeros, 0f);
        return zeros;
    }

    private Floats copy(Floats values) {
        Floats copy = backend.floats(values.size());
        backend.copy(values, 0, copy, 0, values.size());
        return copy;
    }

    @Override
    public void close() {
        pending.values().forEach(Arrival::close);
        copies.values().forEach(Floats::close);
    }
}
