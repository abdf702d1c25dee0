package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.RecurrentShape;
import unweave.kernels.RecurrentShape.Cell;
import unweave.kernels.reference.ReferenceRecurrence;

/** Entries of the table for {@link unweave.kernels.Recurrence}. */
final class RecurrenceCases {
    private RecurrenceCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (Cell cell : Cell.values()) {
            addAll(cases, new RecurrentShape(cell, 1, 1, 1, false), 1);
            addAll(cases, new RecurrentShape(cell, 2, 5, 7, false), 3);
            addAll(cases, new RecurrentShape(cell, 3, 4, 33, true), 1);
            addAll(cases, new RecurrentShape(cell, 1, 3, 130, false), 2);
        }
        int first = cases.size();
        addAll(cases, new RecurrentShape(Cell.LSTM, 16, 64, 128, false), 1);
        addAll(cases, new RecurrentShape(Cell.GRU, 16, 64, 128, true), 1);
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        return cases;
    }

    private static void addAll(List<OperationCase> cases, RecurrentShape shape, int maps) {
        cases.add(forward(shape));
        cases.add(backward(shape));
        cases.add(relevance(shape, maps));
    }

    /** What the forward pass reads; weights small enough that a series does not run away. */
    private static OperationCase operands(String name, RecurrentShape shape) {
        float bound = (float) (1 / Math.sqrt(shape.units()));
        return new OperationCase(name)
                .input("projected", shape.gatesSize())
                .input("weight", shape.weightSize(), Content.uniform(-bound, bound))
                .input("bias", (long) shape.cell().gates() * shape.units(), Content.uniform(-0.5, 0.5));
    }

    private static OperationCase forward(RecurrentShape shape) {
        return operands("recurrentForward " + shape, shape)
                .output("h", shape.size())
                .output("saved", shape.savedSize())
                .terms(shape.units())
                .call((b, v) -> b.recurrence()
                        .recurrentForward(
                                shape,
                                v.floats("projected"),
                                v.floats("weight"),
                                v.floats("bias"),
                                v.floats("h"),
                                v.floats("saved")))
                .definition(v -> ReferenceRecurrence.recurrentForward(
                        shape,
                        v.floats("projected"),
                        v.floats("weight"),
                        v.floats("bias"),
                        v.floats("h"),
                        v.floats("saved")));
    }

    private static OperationCase recorded(String name, RecurrentShape shape) {
        return operands(name, shape)
                .input("h", shape.size(), (size, random, before) -> pass(shape, before, false))
                .input("saved", shape.savedSize(), (size, random, before) -> pass(shape, before, true));
    }

    private static float[] pass(RecurrentShape shape, Operands<double[], int[]> v, boolean saved) {
        double[] h = new double[Math.toIntExact(shape.size())];
        double[] kept = new double[Math.toIntExact(shape.savedSize())];
        ReferenceRecurrence.recurrentForward(
                shape, v.floats("projected"), v.floats("weight"), v.floats("bias"), h, kept);
        double[] wanted = saved ? kept : h;
        float[] values = new float[wanted.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wanted[i];
        }
        return values;
    }

    private static OperationCase backward(RecurrentShape shape) {
        return recorded("recurrentBackward " + shape, shape)
                .input("dh", shape.size())
                .output("dProjected", shape.gatesSize())
                .output("dHidden", shape.gatesSize())
                .terms(shape.units())
                .call((b, v) -> b.recurrence()
                        .recurrentBackward(
                                shape,
                                v.floats("weight"),
                                v.floats("h"),
                                v.floats("saved"),
                                v.floats("dh"),
                                v.floats("dProjected"),
                                v.floats("dHidden")))
                .definition(v -> ReferenceRecurrence.recurrentBackward(
                        shape,
                        v.floats("weight"),
                        v.floats("h"),
                        v.floats("saved"),
                        v.floats("dh"),
                        v.floats("dProjected"),
                        v.floats("dHidden")))
                .gradient("projected", "dProjected", v -> {
                    double[] h = new double[Math.toIntExact(shape.size())];
                    double[] saved = new double[Math.toIntExact(shape.savedSize())];
                    ReferenceRecurrence.recurrentForward(
                            shape, v.floats("projected"), v.floats("weight"), v.floats("bias"), h, saved);
                    return Losses.weightedSum(v.floats("dh"), h);
                });
    }

    private static OperationCase relevance(RecurrentShape shape, int maps) {
        return recorded("recurrentRelevance " + shape + (maps == 1 ? "" : " for " + maps + " maps"), shape)
                .input("relevance", maps * shape.size())
                .output("quotient", maps * shape.size())
                .output("lost", maps * shape.size())
                .terms(shape.units())
                .call((b, v) -> b.recurrence()
                        .recurrentRelevance(
                                shape,
                                0.1f,
                                v.floats("weight"),
                                v.floats("h"),
                                v.floats("saved"),
                                v.floats("relevance"),
                                v.floats("quotient"),
                                v.floats("lost")))
                .definition(v -> ReferenceRecurrence.recurrentRelevance(
                        shape,
                        0.1f,
                        v.floats("weight"),
                        v.floats("h"),
                        v.floats("saved"),
                        v.floats("relevance"),
                        v.floats("quotient"),
                        v.floats("lost")));
    }
}
