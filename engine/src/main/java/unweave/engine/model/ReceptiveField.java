package unweave.engine.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * Which part of the input each position of a layer can see, found by going through the network's graph. A window of
 * size k, stride s, padding p and dilation d at position y reads positions y s - p to y s - p + d (k - 1) of its input,
 * as far as they exist; where a layer reads several others (add, concat) the parts are united to the smallest box that
 * holds them all. Rows and columns do not depend on each other.
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

    /**
     * The receptive fields of a layer. Vectors have one position, which sees what all of their features see.
     *
     * @throws IllegalArgumentException if there is no such layer; the message lists the layers
     */
    public static ReceptiveField of(ModelDescription description, String layer) {
        description.requireLayer(layer);
        LayerShape input = description.input();
        Map<String, ReceptiveField> fields = new HashMap<>();
        fields.put(
                Graph.INPUT, new ReceptiveField(Intervals.identity(input.height()), Intervals.identity(input.width())));
        for (LayerDescription one : description.layers()) {
            List<String> sources = description.graph().inputs(one.name());
            ReceptiveField field = fields.get(sources.get(0));
            for (String source : sources) {
                field = field.union(fields.get(source));
            }
            field = field.through(one, description.graph().shape(sources.get(0)));
            fields.put(one.name(), field);
            if (one.name().equals(layer)) {
                break;
            }
        }
        return fields.get(layer);
    }

    /** What the position in this row and column of the layer can see. */
    public Box at(int row, int column) {
        boolean nothing = rows.last[row] < rows.first[row] || columns.last[column] < columns.first[column];
        return nothing
                ? Box.EMPTY
                : new Box(rows.first[row], columns.first[column], rows.last[row] + 1, columns.last[column] + 1);
    }

    private ReceptiveField union(ReceptiveField other) {
        return new ReceptiveField(rows.union(other.rows), columns.union(other.columns));
    }

    private ReceptiveField through(LayerDescription layer, LayerShape input) {
        if (layer instanceof LayerDescription.Conv conv) {
            ConvShape shape = conv.shape(1, input);
            return new ReceptiveField(
                    rows.windows(
                            shape.outHeight(), shape.kernelHeight(), shape.strideY(), shape.padY(), shape.dilationY()),
                    columns.windows(
                            shape.outWidth(), shape.kernelWidth(), shape.strideX(), shape.padX(), shape.dilationX()));
        } else if (layer instanceof ConvTranspose conv) {
            ConvShape shape = conv.shape(1, input); // the convolution that reads this layer's output
            return new ReceptiveField(
                    rows.spread(shape.inHeight(), shape.kernelHeight(), shape.strideY(), shape.padY()),
                    columns.spread(shape.inWidth(), shape.kernelWidth(), shape.strideX(), shape.padX()));
        } else if (layer instanceof LayerDescription.MaxPool pool) {
            return pooled(pool.shape(1, input));
        } else if (layer instanceof LayerDescription.AvgPool pool) {
            return pooled(pool.shape(1, input));
        } else if (layer instanceof AdaptiveAvgPool pool) {
            return pooled(pool.shape(1, input));
        } else if (layer instanceof LayerDescription.GlobalAvgPool
                || layer instanceof GlobalMaxPool
                || layer instanceof LayerDescription.Flatten
                || layer instanceof LayerDescription.Dense) {
            return new ReceptiveField(rows.all(), columns.all());
        }
        return this; // all other kinds compute each position from the same position of their inputs
    }

    private ReceptiveField pooled(PoolShape shape) {
        return new ReceptiveField(
                rows.windows(shape.outHeight(), shape.kernelHeight(), shape.strideY(), shape.padY(), 1),
                columns.windows(shape.outWidth(), shape.kernelWidth(), shape.strideX(), shape.padX(), 1));
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
         * Of a transposed convolution: position i of its input reaches positions i stride - padding + tap of its
         * output.
         */
        Intervals spread(int outputs, int kernel, int stride, int padding) {
            Intervals result = nothing(outputs);
            for (int i = 0; i < first.length; i++) {
                for (int tap = 0; tap < kernel; tap++) {
                    int y = i * stride - padding + tap;
                    if (y >= 0 && y < outputs) {
                        result.include(y, this, i);
                    }
                }
            }
            return result;
        }

        Intervals union(Intervals other) {
            Intervals result = nothing(first.length);
            for (int i = 0; i < first.length; i++) {
                result.include(i, this, i);
                result.include(i, other, i);
            }
            return result;
        }

        Intervals all() {
            Intervals result = nothing(1);
            for (int i = 0; i < first.length; i++) {
                result.include(0, this, i);
            }
            return result;
        }
    }
}
