package unweave.kernels.operations;

import java.util.LinkedHashMap;
import java.util.Map;

/** Operands as the reference takes them: float64 and int arrays. */
public final class HostOperands implements Operands<double[], int[]> {
    private final Map<String, double[]> floats = new LinkedHashMap<>();
    private final Map<String, int[]> ints = new LinkedHashMap<>();

    void put(String name, double[] values) {
        floats.put(name, values);
    }

    void put(String name, int[] values) {
        ints.put(name, values);
    }

    @Override
    public double[] floats(String name) {
        return found(name, floats.get(name));
    }

    @Override
    public int[] ints(String name) {
        return found(name, ints.get(name));
    }

    boolean isFloats(String name) {
        return floats.containsKey(name);
    }

    private static <T> T found(String name, T values) {
        if (values == null) {
            throw new IllegalArgumentException("the operation has no operand " + name);
        }
        return values;
    }
}
