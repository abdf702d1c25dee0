package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Recording;
import unweave.kernels.Subspaces;
import unweave.kernels.profile.Cost;
import unweave.kernels.profile.Costs;

/**
 * One operation at one shape: its operands, the call on a backend, the definition in float64. Operands are made from
 * the name of the case, so every run of a case sees the same values. Outputs start as NaN, which shows whether all of
 * them are written.
 */
public final class OperationCase {
    private final String name;
    private final List<Operand> operands = new ArrayList<>();
    private final List<Gradient> gradients = new ArrayList<>();
    private BiConsumer<Backend, Operands<Floats, Ints>> call;
    private Consumer<Operands<double[], int[]>> definition;
    private double terms = 1;
    private boolean benchmarkSize;

    /** What the operation does with an operand. */
    enum Role {
        INPUT,
        UPDATED,
        OUTPUT
    }

    /** Exactly one of the two contents is present. */
    record Operand(String name, int size, Role role, Content content, IntContent intContent) {
        boolean isWritten() {
            return role != Role.INPUT;
        }
    }

    /**
     * Claims that the output {@code derivative} is the derivative of {@code loss} with respect to the input
     * {@code variable}.
     */
    public record Gradient(String variable, String derivative, ToDoubleFunction<Operands<double[], int[]>> loss) {}

    /** @param name the backend's method, then the shape: "convForward 3x3 s2 p1" */
    OperationCase(String name) {
        this.name = name;
    }

    // Declarations, in the order of the operation's arguments.

    OperationCase input(String operand, long size, Content content) {
        return declare(new Operand(operand, Math.toIntExact(size), Role.INPUT, content, null));
    }

    OperationCase input(String operand, long size) {
        return input(operand, size, Content.gaussian());
    }

    OperationCase inputInts(String operand, long size, IntContent content) {
        return declare(new Operand(operand, Math.toIntExact(size), Role.INPUT, null, content));
    }

    /** An operand that is read and written. */
    OperationCase updated(String operand, long size, Content content) {
        return declare(new Operand(operand, Math.toIntExact(size), Role.UPDATED, content, null));
    }

    OperationCase output(String operand, long size) {
        return declare(new Operand(operand, Math.toIntExact(size), Role.OUTPUT, Content.constant(Float.NaN), null));
    }

    OperationCase outputInts(String operand, long size) {
        return declare(
                new Operand(operand, Math.toIntExact(size), Role.OUTPUT, null, (n, random, before) -> new int[n]));
    }

    private OperationCase declare(Operand operand) {
        operands.add(operand);
        return this;
    }

    OperationCase call(BiConsumer<Backend, Operands<Floats, Ints>> onBackend) {
        call = onBackend;
        return this;
    }

    OperationCase definition(Consumer<Operands<double[], int[]>> onReference) {
        definition = onReference;
        return this;
    }

    /** How many float32 products one output sums. */
    OperationCase terms(double count) {
        terms = count;
        return this;
    }

    OperationCase gradient(String variable, String derivative, ToDoubleFunction<Operands<double[], int[]>> loss) {
        gradients.add(new Gradient(variable, derivative, loss));
        return this;
    }

    /** Marks a shape of the thesis' models: worth timing, too slow for the reference in a quick test. */
    OperationCase benchmarkSize() {
        benchmarkSize = true;
        return this;
    }

    // What users of the table ask.

    public String name() {
        return name;
    }

    /** The method of {@link Backend}: the first word of the name. */
    public String operation() {
        return name.split(" ", 2)[0];
    }

    public boolean isBenchmarkSize() {
        return benchmarkSize;
    }

    /** What the table of costs says of the call. */
    public Cost cost() {
        return Costs.of(backend -> call.accept(backend, new Sizes()));
    }

    /** Operands of the right size without content. */
    private final class Sizes implements Operands<Floats, Ints> {
        private record Values(long size) implements Floats, Ints {
            @Override
            public void close() {
                // There is nothing to free.
            }
        }

        private Values named(String operand) {
            return operands.stream()
                    .filter(declared -> declared.name().equals(operand))
                    .map(declared -> new Values(declared.size()))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Floats floats(String operand) {
            return named(operand);
        }

        @Override
        public Ints ints(String operand) {
            return named(operand);
        }
    }

    /**
     * Largest permitted difference from the definition, as part of the output's largest value: 1e-5, or what rounding
     * does to long float32 sums.
     */
    public double tolerance() {
        return Math.max(1e-5, 1e-6 * Math.sqrt(terms));
    }

    public List<Gradient> gradients() {
        return List.copyOf(gradients);
    }

    /** Names of the operands that the operation writes, in the order of {@link #run} and {@link #reference}. */
    public List<String> outputNames() {
        return operands.stream().filter(Operand::isWritten).map(Operand::name).toList();
    }

    List<Operand> operands() {
        return operands;
    }

    @Override
    public String toString() {
        return name;
    }

    /** The operands before the operation, rounded to float32 and then held as float64. */
    public HostOperands hostOperands() {
        HostOperands host = new HostOperands();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            SplittableRandom random = new SplittableRandom(31L * name.hashCode() + i);
            if (operand.content() != null) {
                host.put(operand.name(), toDoubles(operand.content().make(operand.size(), random, host)));
            } else {
                host.put(operand.name(), operand.intContent().make(operand.size(), random, host));
            }
        }
        return host;
    }

    /** The outputs by definition; ints as numbers. */
    public double[][] reference() {
        HostOperands host = hostOperands();
        define(host);
        return outputNames().stream()
                .map(output -> host.isFloats(output)
                        ? host.floats(output)
                        : Arrays.stream(host.ints(output)).asDoubleStream().toArray())
                .toArray(double[][]::new);
    }

    /** Applies the definition to {@code host}. */
    void define(HostOperands host) {
        definition.accept(host);
    }

    /**
     * As {@link #run}, but from a recording that was made while the operands held something else, and at its second
     * play: nothing may have been computed before, and nothing may be left over.
     */
    public float[][] runRecorded(Backend backend) {
        try (PreparedOperation prepared = prepare(backend)) {
            prepared.run();
            prepared.overwrite();
            try (Recording recording = backend.record(prepared::run)) {
                for (int play = 0; play < 2; play++) {
                    prepared.restore();
                    recording.play();
                }
                return outputNames().stream().map(prepared::download).toArray(float[][]::new);
            }
        }
    }

    /** Whether {@link Backend#record} may be asked to record the operation. */
    public boolean isRecordable() {
        return Arrays.stream(Subspaces.class.getMethods())
                .noneMatch(method -> method.getName().equals(operation()));
    }

    /** Puts the operands on a backend. */
    public PreparedOperation prepare(Backend backend) {
        return new PreparedOperation(this, backend, operandsOn -> call.accept(backend, operandsOn));
    }

    /** The outputs as {@code backend} computes them; ints as numbers. */
    public float[][] run(Backend backend) {
        try (PreparedOperation prepared = prepare(backend)) {
            prepared.run();
            return outputNames().stream().map(prepared::download).toArray(float[][]::new);
        }
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
