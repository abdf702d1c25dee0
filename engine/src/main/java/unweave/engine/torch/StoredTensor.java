package unweave.engine.torch;

import java.util.List;
import java.util.function.LongConsumer;

/**
 * A tensor: a view of a storage.
 *
 * @param offset of the first value
 * @param stride values from one index to the next, for every dimension
 */
record StoredTensor(Storage storage, long offset, List<Integer> shape, List<Long> stride) {
    private static final int MOST_DIMENSIONS = 64;

    /**
     * Checks that all values lie in the storage.
     *
     * @throws Malformed if not
     */
    StoredTensor {
        shape = List.copyOf(shape);
        stride = List.copyOf(stride);
        if (shape.size() > MOST_DIMENSIONS) {
            throw new Malformed("a tensor has " + shape.size() + " dimensions; PyTorch allows " + MOST_DIMENSIONS);
        }
        if (shape.size() != stride.size()) {
            throw new Malformed("a tensor of " + shape.size() + " dimensions has " + stride.size() + " strides");
        }
        long size = 1;
        long last = offset;
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i) < 0 || stride.get(i) < 0 || stride.get(i) > Integer.MAX_VALUE) {
                throw new Malformed("a tensor has the shape " + shape + " and the strides " + stride);
            }
            size *= shape.get(i);
            last += (shape.get(i) - 1L) * stride.get(i);
            if (size > Integer.MAX_VALUE) {
                throw new Malformed("a tensor of shape " + shape + " has more values than an array can hold");
            }
        }
        if (offset < 0 || (size > 0 && (last < 0 || last >= storage.count()))) {
            throw new Malformed(
                    "a tensor of shape " + shape + " reaches beyond its storage of " + storage.count() + " values");
        }
    }

    /** Number of values. */
    int size() {
        return shape.stream().reduce(1, (a, b) -> a * b);
    }

    /** Hands over the place of every value in the storage, in the order of the indices, the last running fastest. */
    void forEachPlace(LongConsumer consumer) {
        visit(0, offset, consumer);
    }

    private void visit(int dimension, long place, LongConsumer consumer) {
        if (dimension == shape.size()) {
            consumer.accept(place);
            return;
        }
        for (int i = 0; i < shape.get(dimension); i++) {
            visit(dimension + 1, place + i * stride.get(dimension), consumer);
        }
    }
}
