package unweave.engine.onnx.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.onnx.ElementType;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxAttribute;

/** Operators of shapes and constants. */
final class ShapeOperations {
    private ShapeOperations() {}

    static void register(OperationTable table) {
        table.one("Constant", ShapeOperations::constant);
        table.one("ConstantOfShape", ShapeOperations::constantOfShape);
        table.one("Shape", ShapeOperations::shape);
        table.one("Size", call -> NdArray.ofIntegers(new long[] {call.input(0).size()}));
        table.one("Range", ShapeOperations::range);
        table.one("EyeLike", ShapeOperations::eyeLike);
        table.one("Reshape", ShapeOperations::reshape);
        table.one("Flatten", ShapeOperations::flatten);
        table.one("Squeeze", ShapeOperations::squeeze);
        table.one("Unsqueeze", ShapeOperations::unsqueeze);
        table.one("Transpose", ShapeOperations::transpose);
        table.one("Expand", ShapeOperations::expand);
        table.one("Tile", ShapeOperations::tile);
    }

    private static NdArray constant(Call call) {
        for (OnnxAttribute attribute : call.node().attributes().values()) {
            switch (attribute.name()) {
                case "value" -> {
                    return call.node().tensor("value").values();
                }
                case "value_float" -> {
                    return NdArray.of(new double[] {call.node().number("value_float", 0)});
                }
                case "value_int" -> {
                    return NdArray.ofIntegers(new long[] {call.node().integer("value_int", 0)});
                }
                case "value_floats" -> {
                    float[] values = call.node().numbers("value_floats");
                    return NdArray.of(
                            IntStream.range(0, values.length)
                                    .mapToDouble(i -> values[i])
                                    .toArray(),
                            values.length);
                }
                case "value_ints" -> {
                    int[] values = call.node().integers("value_ints");
                    return NdArray.ofIntegers(
                            Arrays.stream(values).asLongStream().toArray(), values.length);
                }
                default -> {}
            }
        }
        throw call.refusal("its value is not a tensor of numbers");
    }

    private static NdArray constantOfShape(Call call) {
        int[] dims = Call.ints(call.input(0));
        NdArray value = call.node().has("value") ? call.node().tensor("value").values() : NdArray.of(new double[1], 1);
        NdArray.size(dims);
        return Moves.broadcast(value.reshape(), dims);
    }

    /** Axes {@code start} to {@code end}, which opset 15 added. */
    private static NdArray shape(Call call) {
        int[] dims = call.input(0).dims();
        int start = clamp(call.node().integer("start", 0), dims.length);
        int end = Math.max(start, clamp(call.node().integer("end", dims.length), dims.length));
        long[] part = Arrays.stream(dims, start, end).asLongStream().toArray();
        return NdArray.ofIntegers(part, part.length);
    }

    private static int clamp(long axis, int rank) {
        return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    private static NdArray range(Call call) {
        NdArray start = call.input(0);
        NdArray delta = call.input(2);
        double count = Math.ceil((call.input(1).number(0) - start.number(0)) / delta.number(0));
        call.require(!Double.isNaN(count) && delta.number(0) != 0, "its step is 0");
        int length = NdArray.size((int) Math.max(0, Math.min(Integer.MAX_VALUE, count)));
        if (start.type().isFloat()) {
            double[] values = new double[length];
            Arrays.setAll(values, i -> start.number(0) + i * delta.number(0));
            return NdArray.of(start.type(), new int[] {length}, values);
        }
        long[] values = new long[length];
        Arrays.setAll(values, i -> start.integer(0) + i * delta.integer(0));
        return NdArray.of(start.type(), new int[] {length}, values);
    }

    private static NdArray eyeLike(Call call) {
        int[] dims = call.input(0).dims();
        call.require(dims.length == 2, "it reads a matrix, not an array of " + dims.length + " dims");
        long diagonal = call.node().integer("k", 0);
        double[] values = new double[NdArray.size(dims)];
        for (int row = 0; row < dims[0]; row++) {
            long column = row + diagonal;
            if (column >= 0 && column < dims[1]) {
                values[row * dims[1] + (int) column] = 1;
            }
        }
        long type = call.node().integer("dtype", call.input(0).type().ordinal());
        call.require(ElementType.known(type), "it makes values of an unknown type " + type);
        return Cast.to(NdArray.of(values, dims), ElementType.of(type));
    }

    /** 0 keeps the length of the axis unless {@code allowzero} is set; -1 is what is left. */
    private static NdArray reshape(Call call) {
        NdArray input = call.input(0);
        int[] dims = Call.ints(call.input(1)).clone();
        boolean zeroIsZero = call.node().integer("allowzero", 0) != 0;
        int open = -1;
        long known = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0 && !zeroIsZero) {
                dims[i] = input.dims()[i];
            }
            if (dims[i] == -1) {
                call.require(open < 0, "its shape " + Arrays.toString(dims) + " has two lengths of -1");
                open = i;
            } else {
                known *= dims[i];
            }
        }
        if (open >= 0) {
            dims[open] = known == 0 ? 0 : (int) (input.size() / known);
        }
        call.require(
                Arrays.stream(dims).allMatch(dim -> dim >= 0) && NdArray.size(dims) == input.size(),
                "its input of dims " + Arrays.toString(input.dims()) + " does not fill the shape "
                        + Arrays.toString(Call.ints(call.input(1))));
        return input.reshape(dims);
    }

    private static NdArray flatten(Call call) {
        NdArray input = call.input(0);
        long given = call.node().integer("axis", 1);
        int axis = (int) (given < 0 ? given + input.rank() : given);
        call.require(axis >= 0 && axis <= input.rank(), "axis " + given + " of an array of " + input.rank() + " dims");
        int rows = NdArray.size(Arrays.copyOf(input.dims(), axis));
        return input.reshape(rows, NdArray.size(Arrays.copyOfRange(input.dims(), axis, input.rank())));
    }

    private static NdArray squeeze(Call call) {
        NdArray input = call.input(0);
        int[] dims = input.dims();
        int[] given = call.settings("axes", 1, 13);
        boolean[] removed = new boolean[dims.length];
        if (given == null) {
            for (int i = 0; i < dims.length; i++) {
                removed[i] = dims[i] == 1;
            }
        } else {
            for (int axis : call.axes(given, dims.length)) {
                call.require(dims[axis] == 1, "axis " + axis + " of length " + dims[axis] + " is not 1");
                removed[axis] = true;
            }
        }
        return input.reshape(IntStream.range(0, dims.length)
                .filter(i -> !removed[i])
                .map(i -> dims[i])
                .toArray());
    }

    private static NdArray unsqueeze(Call call) {
        NdArray input = call.input(0);
        int[] given = call.settings("axes", 1, 13);
        call.require(given != null, "it has no axes");
        int rank = input.rank() + given.length;
        List<Integer> dims = new ArrayList<>();
        Arrays.stream(input.dims()).forEach(dims::add);
        for (int axis : Arrays.stream(call.axes(given, rank)).sorted().toArray()) {
            dims.add(axis, 1);
        }
        return input.reshape(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    private static NdArray transpose(Call call) {
        NdArray input = call.input(0);
        int rank = input.rank();
        int[] order = call.node()
                .integers(
                        "perm", IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
        call.require(
                Arrays.equals(Arrays.stream(order).sorted().toArray(), Moves.identity(rank)),
                "its order " + Arrays.toString(order) + " is none of " + rank + " axes");
        return Moves.transpose(input, order);
    }

    private static NdArray expand(Call call) {
        NdArray input = call.input(0);
        int[] shape = Call.ints(call.input(1));
        int[] dims = Moves.broadcastDims(input.dims(), shape);
        call.require(
                dims != null && Arrays.stream(shape).allMatch(dim -> dim >= 0),
                "its input of dims " + Arrays.toString(input.dims()) + " does not repeat to " + Arrays.toString(shape));
        NdArray.size(dims);
        return Moves.broadcast(input, dims);
    }

    private static NdArray tile(Call call) {
        NdArray input = call.input(0);
        int[] repeats = Call.ints(call.input(1));
        call.require(repeats.length == input.rank(), "it repeats " + repeats.length + " of " + input.rank() + " axes");
        int[] dims = input.dims();
        int[] tiled = new int[dims.length];
        Arrays.setAll(tiled, i -> Math.multiplyExact(dims[i], repeats[i]));
        NdArray.size(tiled);
        int[][] tables = new int[dims.length][];
        Arrays.setAll(
                tables, i -> IntStream.range(0, tiled[i]).map(k -> k % dims[i]).toArray());
        return Moves.take(input, tables, null);
    }
}
