package unweave.engine.layer;

import java.util.Arrays;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * Which part of the network's input each position of a layer can see. A window of size k, stride s, padding p and
 * dilation d at position y reads positions y s - p to y s - p + d (k - 1) of its input, as far as they exist; where a
 * layer reads several others (add, concat) the parts are united to the smallest box that holds them all. Rows and
 * columns do not depend on each other.
 */
public final class ReceptiveField {
    private final Intervals rows;
    private final Intervals columns;

    private ReceptiveField(Intervals rows, Intervals columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * A rectangle of the input; it is empty where a position sees nothing, as between the strides of a transposed
     * convolution.
     *
     * @param top first row
     * @param left first column
     * @param bottom row after the last
     * @param right column after the last
     */
    public record Box(int top, int left, int bottom, int right) {
        private static final Box EMPTY = new Box(0, 0, 0, 0);

        /** Whether a bin of the input lies inside. */
        public boolean contains(int row, int column) {
            return row >= top && row < bottom && column >= left && column < right;
        }
    }

    /** Every position of the network's input sees itself. */
    public static ReceptiveField ofInput(LayerShape input) {
        return new ReceptiveField(Intervals.identity(input.height()), Intervals.identity(input.width()));
    }

    /** No position of a layer of that size sees anything. */
    static ReceptiveField ofNothing(LayerShape image) {
        return new ReceptiveField(Intervals.nothing(image.height()), Intervals.nothing(image.width()));
    }

    /** What the position in this row and column of the layer can see. */
    public Box at(int row, int column) {
        boolean nothing = rows.last[row] < rows.first[row] || columns.last[column] < columns.first[column];
        return nothing
                ? Box.EMPTY
                : new Box(rows.first[row], columns.first[column], rows.last[row] + 1, columns.last[column] + 1);
    }

    /**
     * The smallest boxes that hold what this and another layer of the same size see; a layer with one row or column
     * serves all rows or columns of the other.
     */
    public ReceptiveField union(ReceptiveField other) {
        return new ReceptiveField(rows.union(other.rows), columns.union(other.columns));
    }

    /** Of a convolution that reads this. */
    ReceptiveField windows(ConvShape s) {
        return new ReceptiveField(
                rows.windows(s.outHeight(), s.kernelHeight(), s.strideY(), s.padY(), s.dilationY()),
                columns.windows(s.outWidth(), s.kernelWidth(), s.strideX(), s.padX(), s.dilationX()));
    }

    /** Of pooling that reads this. */
    ReceptiveField windows(PoolShape s) {
        return new ReceptiveField(
                rows.windows(s.outHeight(), s.kernelHeight(), s.strideY(), s.padY(), s.dilationY()),
                columns.windows(s.outWidth(), s.kernelWidth(), s.strideX(), s.padX(), s.dilationX()));
    }

    /** Of a transposed convolution that reads this; {@code s} is the convolution that reads its output. */
    ReceptiveField spread(ConvShape s) {
        return new ReceptiveField(
                rows.spread(s.inHeight(), s.kernelHeight(), s.strideY(), s.padY(), s.dilationY()),
                columns.spread(s.inWidth(), s.kernelWidth(), s.strideX(), s.padX(), s.dilationX()));
    }

    /**
     * Of values of this in other places.
     *
     * @param index for each value of the output, an image {@code to}, the value of the input, an image {@code from}, or
     *     -1 for none
     */
    ReceptiveField gathered(int[] index, LayerShape from, LayerShape to) {
        Intervals gatheredRows = Intervals.nothing(to.height());
        Intervals gatheredColumns = Intervals.nothing(to.width());
        for (int i = 0; i < index.length; i++) {
            if (index[i] >= 0) {
                int position = i / to.channels();
                int source = index[i] / from.channels();
                gatheredRows.include(position / to.width(), rows, source / from.width());
                gatheredColumns.include(position % to.width(), columns, source % from.width());
            }
        }
        return new ReceptiveField(gatheredRows, gatheredColumns);
    }

    /**
     * Of a recurrent layer, whose steps are columns.
     *
     * @param before whether a step sees those before it, as {@code behind}
     */
    ReceptiveField steps(boolean before, boolean behind) {
        Intervals steps = Intervals.nothing(columns.first.length);
        for (int to = 0; to < columns.first.length; to++) {
            for (int from = before ? 0 : to; from < (behind ? columns.first.length : to + 1); from++) {
                steps.include(to, columns, from);
            }
        }
        return new ReceptiveField(rows, steps);
    }

    /** Of values joined along the height or the width, this first. */
    ReceptiveField followedBy(ReceptiveField other, Axis axis) {
        return axis == Axis.HEIGHT
                ? new ReceptiveField(rows.followedBy(other.rows), columns.union(other.columns))
                : new ReceptiveField(rows.union(other.rows), columns.followedBy(other.columns));
    }

    /** Of a layer with one position that reads all of this. */
    ReceptiveField whole() {
        return new ReceptiveField(rows.all(1), columns.all(1));
    }

    /** Of a layer of this size of which every position reads all of this. */
    ReceptiveField everywhere(LayerShape size) {
        return size.flat() ? whole() : new ReceptiveField(rows.all(size.height()), columns.all(size.width()));
    }

    /**
     * For each position along one axis of a layer the first and the last position of the input that it sees; last is
     * below first where none.
     */
    private record Intervals(int[] first, int[] last) {
        static Intervals identity(int length) {
            int[] places = new int[length];
            Arrays.setAll(places, i -> i);
            return new Intervals(places, places);
        }

        static Intervals nothing(int length) {
            int[] first = new int[length];
            int[] last = new int[length];
            Arrays.fill(last, -1);
            return new Intervals(first, last);
        }

        /** Makes position {@code to} see what position {@code from} of another layer sees. */
        private void include(int to, Intervals other, int from) {
            if (other.last[from] < other.first[from]) {
                return;
            }
            boolean empty = last[to] < first[to];
            first[to] = empty ? other.first[from] : Math.min(first[to], other.first[from]);
            last[to] = empty ? other.last[from] : Math.max(last[to], other.last[from]);
        }

        Intervals windows(int outputs, int kernel, int stride, int padding, int dilation) {
            Intervals result = nothing(outputs);
            for (int y = 0; y < outputs; y++) {
                for (int tap = 0; tap < kernel; tap++) {
                    int source = y * stride - padding + tap * dilation;
                    if (source >= 0 && source < first.length) {
                        result.include(y, this, source);
                    }
                }
            }
            return result;
        }

        /**
         * Of a transposed convolution: position i of its input reaches positions i stride - padding + tap dilation of
         * its output.
         */
        Intervals spread(int outputs, int kernel, int stride, int padding, int dilation) {
            Intervals result = nothing(outputs);
            for (int i = 0; i < first.length; i++) {
                for (int tap = 0; tap < kernel; tap++) {
                    int y = i * stride - padding + tap * dilation;
                    if (y >= 0 && y < outputs) {
                        result.include(y, this, i);
                    }
                }
            }
            return result;
        }

        Intervals union(Intervals other) {
            Intervals result = nothing(Math.max(first.length, other.first.length));
            for (int i = 0; i < result.first.length; i++) {
                result.include(i, this, first.length == 1 ? 0 : i);
                result.include(i, other, other.first.length == 1 ? 0 : i);
            }
            return result;
        }

        Intervals followedBy(Intervals other) {
            Intervals result = nothing(first.length + other.first.length);
            for (int i = 0; i < result.first.length; i++) {
                boolean own = i < first.length;
                result.include(i, own ? this : other, own ? i : i - first.length);
            }
            return result;
        }

        Intervals all(int outputs) {
            Intervals result = nothing(outputs);
            for (int y = 0; y < outputs; y++) {
                for (int i = 0; i < first.length; i++) {
                    result.include(y, this, i);
                }
            }
            return result;
        }
    }
}
