package unweave.engine.onnx.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operators by name. */
final class OperationTable {
    private final Map<String, Operation> operations = new HashMap<>();

    void one(String op, Operation.One operation) {
        many(op, call -> List.of(operation.apply(call)));
    }

    void many(String op, Operation operation) {
        if (operations.put(op, operation) != null) {
            throw new IllegalStateException("two definitions of " + op);
        }
    }

    Operation get(String op) {
        return operations.get(op);
    }
}
