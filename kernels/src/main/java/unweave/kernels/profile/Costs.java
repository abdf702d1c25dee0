package unweave.kernels.profile;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.RecurrentShape;

/**
 * The table of costs: a row for every operation of every group of {@link Backend}, for profiles and benchmarks alike. A
 * row says how many additions and multiplications a call needs. The bytes follow from the operands: each is read or
 * written once; the row adds those that are both read and written, or takes away what is not touched.
 */
public final class Costs {
    private static final Map<String, Row> ROWS = new HashMap<>();

    static {
        // Convolutions: the first operand is the shape.
        conv("convForward", a -> a.conv().flops());
        conv("convBackwardInput", a -> a.conv().flops());
        conv("convBackwardWeights", a -> a.conv().flops());
        row("gemm", a -> List.of(a.number(2), a.number(3), a.number(4)), Costs::gemm);
        // Pooling: an addition or a comparison for every value of every window.
        pool("maxPoolForward", a -> window(a.pool()));
        pool("maxPoolBackward", a -> a.pool().outputSize());
        pool("avgPoolForward", a -> window(a.pool()));
        pool("avgPoolBackward", a -> window(a.pool()));
        pool("lpPoolForward", a -> 2 * window(a.pool()));
        pool("lpPoolBackward", a -> 4 * window(a.pool()));
        // Fused: of the convolutions, and of what comes before or behind.
        conv("convReluMaxPool", a -> a.conv().flops() + window(a.pool()));
        conv(
                "convReluMaxPoolBackward",
                a -> (a.isNull(7) ? 0 : a.conv().flops())
                        + (a.isNull(8) ? 0 : a.conv().flops())
                        + a.pool().outputSize());
        conv("convActivate", a -> a.conv().flops() + 10.0 * a.size(6));
        conv("convDivide", a -> a.conv().flops() + 2.0 * a.size(6));
        conv("convBackwardInputProduct", a -> a.conv().flops() + (a.is(5) ? 3.0 : 2.0) * a.size(6))
                .alsoMoves(a -> a.is(5) ? a.size(6) : 0);
        conv("convMaxPoolDivide", a -> a.conv().flops() + 2.0 * a.size(8));
        conv(
                        "convMaxPoolBackwardInputProduct",
                        a -> a.conv().flops() + 2.0 * a.size(2) + (a.is(9) ? 3.0 : 2.0) * a.size(10))
                .alsoMoves(a -> a.is(9) ? a.size(10) : 0);
        // Elementwise
        perValue("relu", 1);
        perValue("reluBackward", 1);
        perValue("add", 1);
        perValue("addScaled", 2).alsoMoves(a -> a.size(2));
        perValue("multiply", 1);
        perValue("scale", 1);
        perValue("dropout", 1);
        row("gatherRows", a -> a.size(3), a -> 0)
                .alsoMoves(a -> Math.min(a.size(1), a.size(3)) - a.size(1)); // each row once, if that is less
        row("copyColumns", a -> a.size(1), a -> 0)
                .alsoMoves(a -> 2L * (a.size(1) / a.number(2)) * a.number(0) - a.size(1) - a.size(4));
        perValue("sumRows", 1);
        // Broadcasting
        perValue("combine", 1);
        perValue("sumAxis", 1);
        // Indexing: each row of x once, if that is less.
        row("gather", a -> a.size(5), a -> 0).alsoMoves(a -> Math.min(a.size(2), a.size(5)) - a.size(2));
        row("gatherBackward", a -> a.size(5), a -> a.size(2));
        // Recurrence: products with the hidden state, some ten operations for each gate.
        recurrent("recurrentForward", s -> s.gatesSize() * (2.0 * s.units() + 10));
        recurrent("recurrentBackward", s -> s.gatesSize() * (2.0 * s.units() + 10));
        row("recurrentRelevance", a -> a.get(0), a -> a.size(5) * (2.0 * ((RecurrentShape) a.get(0)).units() + 20));
        // Activations: an exponential counts as about ten.
        perValue("activate", 10);
        perValue("activationBackward", 12);
        // Normalization
        perValue("batchNormForward", 8).alsoMoves(a -> 2.0 * a.number(0)); // the running statistics are updated
        perValue("batchNormBackward", 10);
        perValue("batchNormInference", 4);
        perValue("layerNormForward", 8);
        perValue("layerNormBackward", 12);
        // Attention: an exponential counts as about ten.
        perValue("softmax", 12);
        perValue("softmaxBackward", 4);
        row("matmul", a -> List.of(a.number(2), a.number(3), a.number(4)), a -> 2.0 * a.size(7) * a.number(4));
        // Training
        perValue("softmaxCrossEntropy", 10);
        perValue("sgd", 6).alsoMoves(a -> 2.0 * a.size(5));
        perValue("adam", 14).alsoMoves(a -> 3.0 * a.size(8));
        // Propagation
        perValue("transformWeights", 2);
        perValue("positivePart", 1);
        perValue("negativePart", 1);
        perValue("stabilizedDivide", 2);
        perValue("clippedDenominator", 2);
        perValue("rmsDenominator", 4);
        perValue("selectiveDivide", 3);
        perValue("addProduct", 3).alsoMoves(a -> a.size(3));
        perValue("contextVectors", 1);
        // Subspaces: four products of all rows with U; about twenty products of matrices of the size of U.
        row("subspaceGradient", a -> List.of(a.number(0), a.number(1), a.number(3)), a -> 8.0 * a.number(1) * a.size(7))
                .alsoMoves(a -> a.number(0) - a.size(9)); // of all objectives, only those of this step
        row("orthogonalize", a -> List.of(a.number(1), a.number(2), a.number(2)), a -> 20.0 * a.number(2) * a.size(3))
                .alsoMoves(a -> a.size(3));
        row("projectRelevance", a -> List.of(a.number(0), a.number(1)), a -> 4.0 * a.number(0) * a.size(3));
        row("ascend", a -> a.get(0), Costs::ascent);
        // Transfers
        perValue("fill", 0);
        row("upload", a -> a.number(4), a -> 0).alsoMoves(a -> 2.0 * a.number(4) - a.moved());
        row("download", a -> a.number(4), a -> 0).alsoMoves(a -> 2.0 * a.number(4) - a.moved());
        row("copy", a -> a.number(4), a -> 0).alsoMoves(a -> 2.0 * a.number(4) - a.moved());
        row("synchronize", a -> null, a -> 0);
    }

    private Costs() {}

    /** One operation: what a profile prints as the shape of its operands, and what it costs. */
    private static final class Row {
        private final Function<Arguments, Object> shape;
        private final ToDoubleFunction<Arguments> flops;
        private ToDoubleFunction<Arguments> alsoMoved = a -> 0;

        Row(Function<Arguments, Object> shape, ToDoubleFunction<Arguments> flops) {
            this.shape = shape;
            this.flops = flops;
        }

        /** Values that move beside every operand once; less than 0 if not all of an operand moves. */
        void alsoMoves(ToDoubleFunction<Arguments> values) {
            alsoMoved = values;
        }
    }

    private static Row row(String operation, Function<Arguments, Object> shape, ToDoubleFunction<Arguments> flops) {
        Row row = new Row(shape, flops);
        ROWS.put(operation, row);
        return row;
    }

    private static Row conv(String operation, ToDoubleFunction<Arguments> flops) {
        return row(operation, Arguments::conv, flops);
    }

    private static Row pool(String operation, ToDoubleFunction<Arguments> flops) {
        return row(operation, Arguments::pool, flops);
    }

    /** So many additions and multiplications for every value of the largest operand. */
    private static Row perValue(String operation, double flops) {
        return row(operation, Arguments::largest, a -> flops * a.largest());
    }

    private static void recurrent(String operation, ToDoubleFunction<RecurrentShape> flops) {
        row(operation, a -> a.get(0), a -> flops.applyAsDouble((RecurrentShape) a.get(0)));
    }

    private static double window(PoolShape shape) {
        return (double) shape.outputSize() * shape.kernelHeight() * shape.kernelWidth();
    }

    private static double gemm(Arguments a) {
        return 2.0 * a.number(2) * a.number(3) * a.number(4);
    }

    /** As its steps: the gradient, the step, the orthogonalisation. */
    private static double ascent(Arguments a) {
        Ascent ascent = (Ascent) a.get(0);
        double u = a.size(4);
        return a.number(1) * u * (8.0 * ascent.rows() + 2 + 20.0 * ascent.dimensions());
    }

    /** Whether the table has a row for that operation. */
    static boolean knows(String operation) {
        return ROWS.containsKey(operation);
    }

    /**
     * What one call costs.
     *
     * @param arguments of the call, in the order of the method's parameters
     * @throws IllegalStateException if the table has no row for the operation
     */
    static Cost of(Method operation, Object[] arguments) {
        Row row = row(operation);
        Arguments given = new Arguments(arguments);
        double moved = given.moved() + row.alsoMoved.applyAsDouble(given);
        return new Cost(row.flops.applyAsDouble(given), Float.BYTES * moved);
    }

    /** The shape of the operands as profiles name it; null if the operation has none. */
    static Object shape(Method operation, Object[] arguments) {
        return row(operation).shape.apply(new Arguments(arguments));
    }

    private static Row row(Method operation) {
        Row row = ROWS.get(operation.getName());
        if (row == null) {
            throw new IllegalStateException(
                    "the table of costs has no row for " + operation.getName() + ": add it to Costs");
        }
        return row;
    }

    /**
     * What all operations together cost that {@code calls} makes. Nothing is computed, so any operands of the right
     * size will do.
     */
    public static Cost of(Consumer<Backend> calls) {
        Cost[] sum = {Cost.UNKNOWN};
        calls.accept(counting(Backend.class, sum));
        return sum[0];
    }

    private static <T> T counting(Class<T> type, Cost[] sum) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (Backend.GROUPS.contains(method.getReturnType())) {
                        return counting(method.getReturnType(), sum);
                    }
                    sum[0] = sum[0].plus(of(method, arguments));
                    return null;
                }));
    }

    /** The arguments of a call, numbered from 0. */
    private record Arguments(Object[] values) {
        Object get(int i) {
            return values[i];
        }

        boolean isNull(int i) {
            return values[i] == null;
        }

        boolean is(int i) {
            return (boolean) values[i];
        }

        long number(int i) {
            return ((Number) values[i]).longValue();
        }

        /** Number of values of an operand. */
        long size(int i) {
            return size(values[i]);
        }

        private static long size(Object argument) {
            if (argument instanceof Floats floats) {
                return floats.size();
            }
            return argument instanceof Ints ints ? ints.size() : 0;
        }

        /** Values of all operands. */
        double moved() {
            double sum = 0;
            for (Object value : values == null ? new Object[0] : values) {
                sum += size(value);
            }
            return sum;
        }

        /** Values of the largest operand. */
        long largest() {
            long largest = 0;
            for (Object value : values) {
                largest = Math.max(largest, size(value));
            }
            return largest;
        }

        ConvShape conv() {
            return (ConvShape) values[0];
        }

        PoolShape pool() {
            for (Object value : values) {
                if (value instanceof PoolShape shape) {
                    return shape;
                }
            }
            throw new IllegalStateException("no argument is the shape of a pooling");
        }
    }
}
