package unweave.kernels.reference;

import java.util.Arrays;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Transfers;

/** Memory in float64 arrays, left to the garbage collector. What is uploaded has the precision of float32. */
final class DoubleMemory implements Transfers {
    private static final class Doubles implements Floats {
        private double[] array;
        private final int size;

        Doubles(int size) {
            this.array = new double[size];
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void close() {
            array = null;
        }
    }

    private static final class Numbers implements Ints {
        private int[] array;
        private final int size;

        Numbers(int size) {
            this.array = new int[size];
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void close() {
            array = null;
        }
    }

    static double[] array(Floats values) {
        if (!(values instanceof Doubles doubles)) {
            throw new IllegalArgumentException("memory of another backend was handed to the reference: " + values);
        }
        return requireOpen(doubles.array);
    }

    static int[] array(Ints values) {
        if (!(values instanceof Numbers numbers)) {
            throw new IllegalArgumentException("memory of another backend was handed to the reference: " + values);
        }
        return requireOpen(numbers.array);
    }

    private static <T> T requireOpen(T array) {
        if (array == null) {
            throw new IllegalStateException("values are used after they were closed");
        }
        return array;
    }

    @Override
    public Floats floats(long size) {
        return new Doubles(Math.toIntExact(size));
    }

    @Override
    public Ints ints(long size) {
        return new Numbers(Math.toIntExact(size));
    }

    @Override
    public void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length) {
        double[] values = array(target);
        for (int i = 0; i < length; i++) {
            values[(int) targetOffset + i] = source[sourceOffset + i];
        }
    }

    @Override
    public void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length) {
        System.arraycopy(source, sourceOffset, array(target), (int) targetOffset, length);
    }

    @Override
    public void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length) {
        double[] values = array(source);
        for (int i = 0; i < length; i++) {
            target[targetOffset + i] = (float) values[(int) sourceOffset + i];
        }
    }

    @Override
    public void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length) {
        System.arraycopy(array(source), (int) sourceOffset, target, targetOffset, length);
    }

    @Override
    public void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length) {
        System.arraycopy(array(source), (int) sourceOffset, array(target), (int) targetOffset, (int) length);
    }

    @Override
    public void fill(Floats x, float value) {
        Arrays.fill(array(x), value);
    }

    @Override
    public void synchronize() {
        // Every operation is done when its call returns.
    }
}
