package unweave.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * How the values of two images meet where one repeats along some axes. Neighbouring axes along which the operands do
 * the same are one, so that what is left are at most five axes, and rows as long as possible.
 */
public final class Broadcast {
    /** The number of axes; the last is the innermost, and the first may have length 1. */
    public static final int AXES = 5;

    private record Axis(int length, boolean repeatsA, boolean repeatsB) {
        boolean isLike(Axis other) {
            return repeatsA == other.repeatsA && repeatsB == other.repeatsB;
        }
    }

    private final ImageShape shape;
    private final int[] lengths = new int[AXES];
    private int repeatsA;
    private int repeatsB;

    /** @throws IllegalArgumentException if lengths differ and none is 1, or one batch does not divide the other */
    public Broadcast(ImageShape a, ImageShape b) {
        shape = shape(a, b);
        List<Axis> axes = new ArrayList<>();
        int repeated = Math.min(a.batch(), b.batch());
        add(axes, new Axis(shape.batch() / repeated, a.batch() == repeated, b.batch() == repeated));
        add(axes, new Axis(repeated, false, false));
        add(axes, axis(a.height(), b.height()));
        add(axes, axis(a.width(), b.width()));
        add(axes, axis(a.channels(), b.channels()));
        for (int d = 0; d < AXES; d++) {
            int place = d - (AXES - axes.size());
            Axis axis = place < 0 ? new Axis(1, false, false) : axes.get(place);
            lengths[d] = axis.length();
            repeatsA |= axis.repeatsA() ? 1 << d : 0;
            repeatsB |= axis.repeatsB() ? 1 << d : 0;
        }
    }

    /**
     * The shape of what two images of these shapes become together.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public static ImageShape shape(ImageShape a, ImageShape b) {
        int batch = Math.max(a.batch(), b.batch());
        if (batch % Math.min(a.batch(), b.batch()) != 0
                || !fit(a.height(), b.height())
                || !fit(a.width(), b.width())
                || !fit(a.channels(), b.channels())) {
            throw new IllegalArgumentException(
                    a + " and " + b + " do not fit together: lengths must be equal, or one of them 1");
        }
        return new ImageShape(
                batch,
                Math.max(a.height(), b.height()),
                Math.max(a.width(), b.width()),
                Math.max(a.channels(), b.channels()));
    }

    private static boolean fit(int a, int b) {
        return a == b || a == 1 || b == 1;
    }

    private static Axis axis(int a, int b) {
        return new Axis(Math.max(a, b), a < b, b < a);
    }

    private static void add(List<Axis> axes, Axis axis) {
        int last = axes.size() - 1;
        if (axis.length() == 1) {
            return;
        }
        if (last >= 0 && axes.get(last).isLike(axis)) {
            int length = Math.multiplyExact(axes.get(last).length(), axis.length());
            axes.set(last, new Axis(length, axis.repeatsA(), axis.repeatsB()));
        } else {
            axes.add(axis);
        }
    }

    /** The shape of the result. */
    public ImageShape shape() {
        return shape;
    }

    /** The length of an axis of the result. */
    public int length(int axis) {
        return lengths[axis];
    }

    /** Bit d is set where the first operand repeats along axis d. */
    public int repeatsA() {
        return repeatsA;
    }

    /** Bit d is set where the second operand repeats along axis d. */
    public int repeatsB() {
        return repeatsB;
    }

    /**
     * Where the value of an operand lies that row {@code row} of the result begins with; rows run along the last axis.
     *
     * @param repeats {@link #repeatsA} or {@link #repeatsB}
     */
    public int rowStart(int repeats, int row) {
        int stride = (repeats >> (AXES - 1) & 1) == 1 ? 1 : lengths[AXES - 1];
        int start = 0;
        int rest = row;
        for (int d = AXES - 2; d >= 0; d--) {
            if ((repeats >> d & 1) == 0) {
                start += rest % lengths[d] * stride;
                stride *= lengths[d];
            }
            rest /= lengths[d];
        }
        return start;
    }
}
