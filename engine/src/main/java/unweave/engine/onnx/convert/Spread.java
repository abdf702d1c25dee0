package unweave.engine.onnx.convert;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import unweave.engine.onnx.NdArray;

/** Constants over the height, width and channels of a layer's output; along an axis of length 1 they repeat. */
final class Spread {
    private final int[] lengths;
    private final double[] values;

    private Spread(int[] lengths, double[] values) {
        this.lengths = lengths;
        this.values = values;
    }

    /** One value everywhere. */
    static Spread of(double value) {
        return new Spread(new int[] {1, 1, 1}, new double[] {value});
    }

    /** A constant of the graph, broadcast to the view's axes, in the order in which the layer's output lies. */
    static Spread of(View view, NdArray constant) {
        double[] placed = new double[view.layer().shape().features()];
        double[] broadcast = broadcast(constant, view.dims());
        int[] positions = view.positions();
        for (int i = 0; i < placed.length; i++) {
            placed[positions[i]] = broadcast[i];
        }
        return new Spread(view.layer().lengths(), placed).collapsed();
    }

    /** The values of an array of these dims, repeated along new axes in front and along axes of length 1. */
    static double[] broadcast(NdArray array, int... dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int i = 1; i <= array.rank(); i++) {
            int length = array.dims()[array.rank() - i];
            if (length != 1) {
                if (i > dims.length || dims[dims.length - i] != length) {
                    throw new IllegalArgumentException(
                            "constants of " + Arrays.toString(array.dims()) + " for " + Arrays.toString(dims));
                }
                strides[dims.length - i] = stride;
            }
            stride *= length;
        }
        int[] from = {0};
        for (int axis = 0; axis < dims.length; axis++) {
            int[] longer = new int[from.length * dims[axis]];
            for (int i = 0; i < longer.length; i++) {
                longer[i] = from[i / dims[axis]] + i % dims[axis] * strides[axis];
            }
            from = longer;
        }
        double[] values = new double[from.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.number(from[i]);
        }
        return values;
    }

    /** Without the axes along which all values are equal. */
    private Spread collapsed() {
        Spread spread = this;
        for (int place = 0; place < 3; place++) {
            int[] shorter = spread.lengths.clone();
            shorter[place] = 1;
            double[] first = new double[shorter[0] * shorter[1] * shorter[2]];
            Spread one = new Spread(shorter, first);
            for (int i = 0; i < first.length; i++) {
                int[] at = one.place(i);
                first[i] = spread.at(at[0], at[1], at[2]);
            }
            boolean same = true;
            for (int i = 0; same && i < spread.values.length; i++) {
                int[] at = spread.place(i);
                same = Double.compare(spread.values[i], one.at(at[0], at[1], at[2])) == 0;
            }
            if (same) {
                spread = one;
            }
        }
        return spread;
    }

    private int[] place(int index) {
        return new int[] {index / (lengths[1] * lengths[2]), index / lengths[2] % lengths[1], index % lengths[2]};
    }

    private double at(int y, int x, int c) {
        return values[
                ((lengths[0] == 1 ? 0 : y) * lengths[1] + (lengths[1] == 1 ? 0 : x)) * lengths[2]
                        + (lengths[2] == 1 ? 0 : c)];
    }

    /** f of both, value by value. */
    Spread with(Spread other, DoubleBinaryOperator f) {
        int[] joint = new int[3];
        Arrays.setAll(joint, i -> Math.max(lengths[i], other.lengths[i]));
        double[] made = new double[joint[0] * joint[1] * joint[2]];
        Spread result = new Spread(joint, made);
        for (int i = 0; i < made.length; i++) {
            int[] at = result.place(i);
            made[i] = f.applyAsDouble(at(at[0], at[1], at[2]), other.at(at[0], at[1], at[2]));
        }
        return result;
    }

    /** f of every value. */
    Spread map(DoubleUnaryOperator f) {
        return new Spread(lengths, Arrays.stream(values).map(f).toArray());
    }

    boolean all(double value) {
        return Arrays.stream(values).allMatch(v -> v == value);
    }

    boolean isNumber() {
        return values.length == 1;
    }

    double number() {
        return values[0];
    }

    /** Whether the values differ at most between channels. */
    boolean perChannel() {
        return lengths[0] == 1 && lengths[1] == 1;
    }

    /** Whether the values differ along this place. */
    boolean along(int place) {
        return lengths[place] > 1;
    }

    /** As layers write it: [height, width, channels], or [features] for a vector. */
    int[] shape(boolean flat) {
        return flat ? new int[] {lengths[2]} : lengths.clone();
    }

    float[] floats() {
        return floats(lengths);
    }

    /** Repeated to these lengths. */
    float[] floats(int... full) {
        float[] floats = new float[full[0] * full[1] * full[2]];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) at(i / (full[1] * full[2]), i / full[2] % full[1], i % full[2]);
        }
        return floats;
    }
}
