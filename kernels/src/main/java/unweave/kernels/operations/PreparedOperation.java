package unweave.kernels.operations;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/** A case whose operands are in the memory of a backend, ready to run once (to check it) or many times (to time it). */
public final class PreparedOperation implements Operands<Floats, Ints>, AutoCloseable {
    private final Backend backend;
    private final Consumer<Operands<Floats, Ints>> call;
    private final HostOperands host;
    private final Map<String, Floats> floats = new LinkedHashMap<>();
    private final Map<String, Ints> ints = new LinkedHashMap<>();

    PreparedOperation(OperationCase operation, Backend backend, Consumer<Operands<Floats, Ints>> call) {
        this.backend = backend;
        this.call = call;
        host = operation.hostOperands();
        for (OperationCase.Operand operand : operation.operands()) {
            if (operand.content() != null) {
                floats.put(operand.name(), backend.floats(operand.size()));
            } else {
                ints.put(operand.name(), backend.ints(operand.size()));
            }
        }
        restore();
    }

    /** Gives the operands their content before the operation. */
    void restore() {
        floats.forEach((name, memory) ->
                backend.upload(toFloats(host.floats(name)), 0, memory, 0, Math.toIntExact(memory.size())));
        ints.forEach((name, memory) -> backend.upload(host.ints(name), 0, memory, 0, Math.toIntExact(memory.size())));
    }

    /** Writes what an operation must not depend on: NaN, and zeros, which are valid indices. */
    void overwrite() {
        floats.values().forEach(memory -> backend.fill(memory, Float.NaN));
        ints.values()
                .forEach(memory -> backend.upload(
                        new int[Math.toIntExact(memory.size())], 0, memory, 0, Math.toIntExact(memory.size())));
    }

    /** Queues the operation. */
    public void run() {
        call.accept(this);
    }

    @Override
    public Floats floats(String name) {
        return floats.get(name);
    }

    @Override
    public Ints ints(String name) {
        return ints.get(name);
    }

    /** The present values of an operand; ints as numbers. */
    public float[] download(String name) {
        if (floats.containsKey(name)) {
            return backend.toArray(floats.get(name));
        }
        int[] values = backend.toArray(ints.get(name));
        float[] numbers = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            numbers[i] = values[i];
        }
        return numbers;
    }

    /** Frees the operands. */
    @Override
    public void close() {
        backend.synchronize();
        floats.values().forEach(Floats::close);
        ints.values().forEach(Ints::close);
    }

    static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
