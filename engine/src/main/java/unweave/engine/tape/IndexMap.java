package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/**
 * Which value of an input each value of an output shows: y[i] = x[index[i]] in every input of a batch, or a constant
 * where index[i] is -1. Neighbours that always move together, such as the channels of a pixel, move as one row. The
 * numbers go to the device when they are first needed and stay there until this object is closed, so that a recording
 * of passes needs no transfer.
 */
public final class IndexMap implements AutoCloseable {
    private final Backend backend;
    private final float fill;
    private final int width;
    /** Rows of one input. */
    private final int sources;
    /** For each row of the output the row of the input, or -1. */
    private final int[] rows;

    private Ints index;
    private Ints starts;
    private Ints places;

    /**
     * @param size values of one input
     * @param values for each value of the output the number of a value of the input, or -1; not modified
     * @param fill what values with -1 hold
     */
    public IndexMap(Backend backend, int size, int[] values, float fill) {
        this.backend = backend;
        this.fill = fill;
        width = width(size, values);
        sources = size / width;
        rows = new int[values.length / width];
        for (int i = 0; i < rows.length; i++) {
            int source = values[i * width];
            if (source < -1 || source >= size) {
                throw new IllegalArgumentException("value " + i * width + " shows value " + source + " of " + size);
            }
            rows[i] = source < 0 ? -1 : source / width;
        }
    }

    /** The greatest length of rows of both sides that stay together. */
    private static int width(int size, int[] values) {
        int width = divisor(size, values.length);
        for (int i = 0; i < values.length && width > 1; i++) {
            boolean goesOn = i > 0 && (values[i] < 0 ? values[i - 1] < 0 : values[i] == values[i - 1] + 1);
            if (!goesOn) {
                width = divisor(width, i);
                width = values[i] < 0 ? width : divisor(width, values[i]);
            }
        }
        return width;
    }

    /** The greatest common divisor; that of 0 and a number is the number. */
    private static int divisor(int a, int b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    /** Values of one output. */
    int outputSize() {
        return rows.length * width;
    }

    /** What values hold that show no value of the input. */
    public float fill() {
        return fill;
    }

    /** Whether there are such values. */
    public boolean fills() {
        for (int row : rows) {
            if (row < 0) {
                return true;
            }
        }
        return false;
    }

    /** A batch of inputs to outputs, in new memory. */
    Floats gather(Floats x) {
        return gather(x, fill);
    }

    /** As the forward pass, with another constant where nothing is shown; returns new memory. */
    public Floats gather(Floats x, float constant) {
        if (index == null) {
            index = backend.ints(rows);
        }
        Floats y = backend.floats(x.size() / sources * rows.length);
        backend.indexing().gather(width, sources, x, index, constant, y);
        return y;
    }

    /** The sums, over all values that show it, of every value of the input; takes any batch, returns new memory. */
    public Floats backward(Floats dy) {
        if (starts == null) {
            invert();
        }
        Floats dx = backend.floats(dy.size() / rows.length * sources);
        backend.indexing().gatherBackward(width, rows.length, dy, starts, places, dx);
        return dx;
    }

    private void invert() {
        int[] next = new int[sources + 1];
        for (int row : rows) {
            if (row >= 0) {
                next[row + 1]++;
            }
        }
        for (int j = 0; j < sources; j++) {
            next[j + 1] += next[j];
        }
        starts = backend.ints(next);
        int[] inOrder = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] >= 0) {
                inOrder[next[rows[i]]++] = i;
            }
        }
        places = backend.ints(inOrder);
    }

    @Override
    public void close() {
        for (Ints memory : new Ints[] {index, starts, places}) {
            if (memory != null) {
                memory.close();
            }
        }
        index = null;
        starts = null;
        places = null;
    }
}
