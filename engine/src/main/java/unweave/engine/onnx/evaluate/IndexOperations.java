package unweave.engine.onnx.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.onnx.NdArray;

/** Operators that pick, cut, join, pad and rearrange. */
final class IndexOperations {
    private IndexOperations() {}

    static void register(OperationTable table) {
        table.one("Gather", IndexOperations::gather);
        table.one("GatherElements", IndexOperations::gatherElements);
        table.one("GatherND", IndexOperations::gatherNd);
        table.one("Slice", IndexOperations::slice);
        table.many("Split", IndexOperations::split);
        table.one("Concat", IndexOperations::concat);
        table.one("Pad", IndexOperations::pad);
        table.one("DepthToSpace", IndexOperations::depthToSpace);
        table.one("SpaceToDepth", IndexOperations::spaceToDepth);
        table.one("Trilu", IndexOperations::triangle);
    }

    private static NdArray gather(Call call) {
        NdArray data = call.input(0);
        NdArray indices = call.input(1);
        int axis = call.axis(call.node().integer("axis", 0), data.rank());
        int[][] tables = Moves.everything(data.dims());
        tables[axis] = indices(call, indices, data.dims()[axis]);
        int[] dims = new int[data.rank() - 1 + indices.rank()];
        System.arraycopy(data.dims(), 0, dims, 0, axis);
        System.arraycopy(indices.dims(), 0, dims, axis, indices.rank());
        System.arraycopy(data.dims(), axis + 1, dims, axis + indices.rank(), data.rank() - axis - 1);
        NdArray.size(dims);
        return Moves.take(data, tables, null).reshape(dims);
    }

    private static int[] indices(Call call, NdArray indices, int length) {
        return Arrays.stream(Call.ints(indices))
                .map(i -> index(call, i, length))
                .toArray();
    }

    private static int index(Call call, long index, int length) {
        if (index < -length || index >= length) {
            throw call.refusal("its index " + index + " is not in an axis of length " + length);
        }
        return (int) (index < 0 ? index + length : index);
    }

    private static NdArray gatherElements(Call call) {
        NdArray data = call.input(0);
        NdArray indices = call.input(1);
        int axis = call.axis(call.node().integer("axis", 0), data.rank());
        call.require(
                indices.rank() == data.rank(), "its inputs have " + data.rank() + " and " + indices.rank() + " dims");
        int[] strides = Moves.strides(data.dims());
        int[] sources = new int[indices.size()];
        for (int i = 0; i < sources.length; i++) {
            int rest = i;
            for (int k = data.rank() - 1; k >= 0; k--) {
                int place = rest % indices.dims()[k];
                rest /= indices.dims()[k];
                sources[i] += strides[k]
                        * (k == axis
                                ? index(call, indices.integer(i), data.dims()[k])
                                : index(call, place, data.dims()[k]));
            }
        }
        return Moves.gather(data, indices.dims(), sources);
    }

    private static NdArray gatherNd(Call call) {
        NdArray data = call.input(0);
        NdArray indices = call.input(1);
        int batch = (int) call.node().integer("batch_dims", 0);
        int depth = indices.dims()[indices.rank() - 1];
        int outer = NdArray.size(Arrays.copyOf(data.dims(), batch));
        int rows = indices.size() / depth;
        int inner = NdArray.size(Arrays.copyOfRange(data.dims(), batch + depth, data.rank()));
        int[] strides = Moves.strides(data.dims());
        int[] sources = new int[NdArray.size(rows, inner)];
        for (int row = 0; row < rows; row++) {
            int start = row / (rows / outer) * (data.size() / outer);
            for (int k = 0; k < depth; k++) {
                start += strides[batch + k] * index(call, indices.integer(row * depth + k), data.dims()[batch + k]);
            }
            for (int i = 0; i < inner; i++) {
                sources[row * inner + i] = start + i;
            }
        }
        int[] dims = IntStream.concat(
                        Arrays.stream(indices.dims(), 0, indices.rank() - 1),
                        Arrays.stream(data.dims(), batch + depth, data.rank()))
                .toArray();
        return Moves.gather(data, dims, sources);
    }

    private static NdArray slice(Call call) {
        NdArray data = call.input(0);
        boolean attributes = call.opset() < 10;
        int[] starts = attributes ? call.node().integers("starts") : Call.ints(call.input(1));
        int[] ends = attributes ? call.node().integers("ends") : Call.ints(call.input(2));
        int[] given = call.settings("axes", 3, 10);
        int[] axes = call.axes(given == null ? Moves.identity(starts.length) : given, data.rank());
        NdArray steps = attributes ? null : call.optional(4);
        int[][] tables = Moves.everything(data.dims());
        for (int i = 0; i < axes.length; i++) {
            long step = steps == null ? 1 : steps.integer(i);
            call.require(step != 0, "its step is 0");
            tables[axes[i]] = places(starts[i], ends[i], step, data.dims()[axes[i]]);
        }
        return Moves.take(data, tables, null);
    }

    /** As slices of Python: negative ends count from the back, those out of range become the nearest. */
    private static int[] places(long start, long end, long step, int length) {
        long from = start < 0 ? start + length : start;
        long to = end < 0 ? end + length : end;
        if (step > 0) {
            from = Math.max(0, Math.min(length, from));
            to = Math.max(0, Math.min(length, to));
        } else {
            from = Math.max(-1, Math.min(length - 1, from));
            to = Math.max(-1, Math.min(length - 1, to));
        }
        long first = from;
        long count = Math.max(0, step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step);
        return IntStream.range(0, (int) count)
                .map(i -> (int) (first + i * step))
                .toArray();
    }

    private static List<NdArray> split(Call call) {
        NdArray data = call.input(0);
        int axis = call.axis(call.node().integer("axis", 0), data.rank());
        int length = data.dims()[axis];
        int[] parts = call.settings("split", 1, 13);
        int count = call.node().outputs().size();
        if (parts == null) {
            int each = (length + count - 1) / count;
            parts = IntStream.range(0, count)
                    .map(i -> Math.max(0, Math.min(each, length - i * each)))
                    .toArray();
        }
        call.require(
                Arrays.stream(parts).asLongStream().sum() == length
                        && Arrays.stream(parts).allMatch(part -> part >= 0),
                "its parts " + Arrays.toString(parts) + " are not an axis of length " + length);
        List<NdArray> outputs = new ArrayList<>();
        int start = 0;
        for (int part : parts) {
            int[][] tables = Moves.everything(data.dims());
            tables[axis] = IntStream.range(start, start + part).toArray();
            outputs.add(Moves.take(data, tables, null));
            start += part;
        }
        return outputs;
    }

    private static NdArray concat(Call call) {
        NdArray first = call.input(0);
        int axis = call.axis(call.node().integer("axis", 1), first.rank());
        int[] dims = first.dims().clone();
        for (int i = 1; i < call.inputs().size(); i++) {
            int[] other = call.input(i).dims().clone();
            call.require(
                    other.length == dims.length, "its inputs have " + dims.length + " and " + other.length + " dims");
            dims[axis] = Math.addExact(dims[axis], other[axis]);
            other[axis] = dims[axis];
            call.require(
                    Arrays.equals(dims, other),
                    "its inputs of dims " + Arrays.toString(first.dims()) + " and "
                            + Arrays.toString(call.input(i).dims()) + " differ in another axis than " + axis);
        }
        int outer = NdArray.size(Arrays.copyOf(dims, axis));
        int size = NdArray.size(dims);
        boolean real = first.type().isFloat();
        double[] numbers = new double[real ? size : 0];
        long[] integers = new long[real ? 0 : size];
        int at = 0;
        for (int row = 0; row < outer; row++) {
            for (NdArray input : call.inputs()) {
                int width = input.size() / outer;
                System.arraycopy(
                        real ? input.numbers() : input.integers(), row * width, real ? numbers : integers, at, width);
                at += width;
            }
        }
        return real ? NdArray.of(first.type(), dims, numbers) : NdArray.of(first.type(), dims, integers);
    }

    private static NdArray pad(Call call) {
        NdArray data = call.input(0);
        int[] pads = call.settings("pads", 1, 11);
        call.require(pads != null, "it has no pads");
        NdArray value =
                call.opset() < 11 ? NdArray.of(new double[] {call.node().number("value", 0)}) : call.optional(2);
        NdArray given = call.opset() < 18 ? null : call.optional(3);
        int[] axes = given == null ? Moves.identity(data.rank()) : call.axes(Call.ints(given), data.rank());
        call.require(pads.length == 2 * axes.length, "it has " + pads.length + " pads for " + axes.length + " axes");
        int[][] tables = Moves.everything(data.dims());
        String mode = call.node().text("mode", "constant");
        int[] dims = data.dims().clone();
        for (int i = 0; i < axes.length; i++) {
            dims[axes[i]] = Math.addExact(dims[axes[i]], Math.addExact(pads[i], pads[i + axes.length]));
            call.require(dims[axes[i]] >= 0, "it cuts more than there is");
        }
        NdArray.size(dims);
        for (int i = 0; i < axes.length; i++) {
            int before = pads[i];
            int length = data.dims()[axes[i]];
            tables[axes[i]] = IntStream.range(0, dims[axes[i]])
                    .map(k -> padded(call, mode, k - before, length))
                    .toArray();
        }
        return Moves.take(data, tables, value);
    }

    /** The place that a place outside is filled from, -1 for the constant. */
    private static int padded(Call call, String mode, int place, int length) {
        if (place >= 0 && place < length) {
            return place;
        }
        call.require(length > 0 || mode.equals("constant"), "it fills an empty axis by mode " + mode);
        return switch (mode) {
            case "constant" -> -1;
            case "edge" -> place < 0 ? 0 : length - 1;
            case "wrap" -> Math.floorMod(place, length);
            case "reflect" -> {
                int turn = length == 1 ? 0 : Math.floorMod(place, 2 * (length - 1));
                yield turn < length ? turn : 2 * (length - 1) - turn;
            }
            default -> throw call.refusal("its mode \"" + mode + "\" is none of constant, reflect, edge and wrap");
        };
    }

    private static NdArray depthToSpace(Call call) {
        NdArray x = call.input(0);
        int b = (int) call.node().integer("blocksize", 1);
        int[] d = x.dims();
        call.require(d.length == 4 && b > 0, "it reads an image of four dims");
        int c = d[1] / (b * b);
        boolean blocksLast = call.node().text("mode", "DCR").equals("CRD");
        NdArray parts = blocksLast ? x.reshape(d[0], c, b, b, d[2], d[3]) : x.reshape(d[0], b, b, c, d[2], d[3]);
        NdArray moved =
                blocksLast ? Moves.transpose(parts, 0, 1, 4, 2, 5, 3) : Moves.transpose(parts, 0, 3, 4, 1, 5, 2);
        return moved.reshape(d[0], c, d[2] * b, d[3] * b);
    }

    private static NdArray spaceToDepth(Call call) {
        NdArray x = call.input(0);
        int b = (int) call.node().integer("blocksize", 1);
        int[] d = x.dims();
        call.require(d.length == 4 && b > 0, "it reads an image of four dims");
        NdArray parts = x.reshape(d[0], d[1], d[2] / b, b, d[3] / b, b);
        return Moves.transpose(parts, 0, 3, 5, 1, 2, 4).reshape(d[0], d[1] * b * b, d[2] / b, d[3] / b);
    }

    private static NdArray triangle(Call call) {
        NdArray x = call.input(0);
        call.require(x.rank() >= 2, "it reads matrices");
        int rows = x.dims()[x.rank() - 2];
        int columns = x.dims()[x.rank() - 1];
        boolean upper = call.node().integer("upper", 1) != 0;
        long diagonal = call.optional(1) == null ? 0 : call.optional(1).integer(0);
        boolean real = x.type().isFloat();
        double[] numbers = real ? x.numbers().clone() : new double[0];
        long[] integers = real ? new long[0] : x.integers().clone();
        for (int i = 0; i < x.size(); i++) {
            long distance = i % columns - i / columns % rows - diagonal;
            if (upper ? distance < 0 : distance > 0) {
                if (real) {
                    numbers[i] = 0;
                } else {
                    integers[i] = 0;
                }
            }
        }
        return real ? NdArray.of(x.type(), x.dims(), numbers) : NdArray.of(x.type(), x.dims(), integers);
    }
}
