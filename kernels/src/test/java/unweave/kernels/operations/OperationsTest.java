package unweave.kernels.operations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.cpu.Simd;

/**
 * The table of operations on the CPU backend, scalar and with SIMD (where the module is present), with one thread and
 * with two.
 */
class OperationsTest {
    private static Backend scalar;
    private static Backend oneThread;
    private static Backend twoThreads;

    @BeforeAll
    static void createBackends() {
        scalar = CpuBackend.create(1, Simd.SCALAR);
        twoThreads = CpuBackend.create(2);
        // With two threads as users have it, where small products do without SIMD; with one, SIMD for everything.
        oneThread = CpuBackend.create(1, twoThreads.description().contains("SIMD") ? Simd.VECTOR : Simd.AUTOMATIC);
    }

    @AfterAll
    static void closeBackends() {
        Stream.of(scalar, oneThread, twoThreads).forEach(Backend::close);
    }

    @TestFactory
    Stream<DynamicTest> theScalarKernelsAgreeWithTheDefinition() {
        return Operations.small().stream()
                .map(operation -> dynamicTest(operation.name(), () -> assertAgrees(operation, scalar)));
    }

    @Tag("vector-width")
    @TestFactory
    Stream<DynamicTest> theSimdKernelsAgreeWithTheDefinition() {
        return Operations.small().stream()
                .map(operation -> dynamicTest(operation.name(), () -> assertAgrees(operation, oneThread)));
    }

    @TestFactory
    Stream<DynamicTest> theNumberOfThreadsDoesNotChangeABit() {
        return Operations.small().stream()
                .map(operation -> dynamicTest(operation.name(), () -> {
                    float[][] expected = operation.run(oneThread);
                    float[][] actual = operation.run(twoThreads);
                    for (int output = 0; output < expected.length; output++) {
                        assertArrayEquals(
                                bits(expected[output]),
                                bits(actual[output]),
                                operation.outputNames().get(output));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> recordedAndPlayedOperationsDoNotDifferByABit() {
        return Operations.small().stream()
                .filter(OperationCase::isRecordable)
                .map(operation -> dynamicTest(operation.name(), () -> {
                    float[][] expected = operation.run(twoThreads);
                    float[][] actual = operation.runRecorded(twoThreads);
                    for (int output = 0; output < expected.length; output++) {
                        assertArrayEquals(
                                bits(expected[output]),
                                bits(actual[output]),
                                operation.outputNames().get(output));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> backwardPassesAreTheDerivativesOfTheForwardPasses() {
        return Operations.small().stream().flatMap(operation -> operation.gradients().stream()
                .map(gradient -> dynamicTest(operation.name() + ", " + gradient.derivative(), () -> {
                    GradientCheck check = GradientCheck.run(operation, gradient);
                    assertTrue(
                            check.ok(),
                            () -> gradient.derivative() + " is off by " + check.error() + " of its largest value");
                })));
    }

    @Test
    void everyOperationOfTheBackendHasAnEntry() {
        Set<String> called = new TreeSet<>();
        Backend recorder = noting(Backend.class, oneThread, called);
        Operations.small().forEach(operation -> operation.run(recorder));
        operations()
                .forEach(method -> assertTrue(
                        called.contains(method.getName()),
                        () -> "no entry calls " + method.getDeclaringClass().getSimpleName() + "." + method.getName()));
    }

    /** The operations of all groups. */
    private static Stream<Method> operations() {
        return Backend.GROUPS.stream()
                .flatMap(group -> Arrays.stream(group.getMethods()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    /** {@code real}, whose groups add the names of the methods that are called to {@code called}. */
    @SuppressWarnings("unchecked")
    private static <T> T noting(Class<T> type, T real, Set<String> called) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    called.add(method.getName());
                    Object result = invoke(method, real, arguments);
                    return Backend.GROUPS.contains(method.getReturnType())
                            ? noting((Class<Object>) method.getReturnType(), result, called)
                            : result;
                }));
    }

    @Test
    void namesAreUniqueAndBeginWithTheOperation() {
        Set<String> methods = operations().map(Method::getName).collect(Collectors.toSet());
        Operations.all().forEach(operation -> assertTrue(methods.contains(operation.operation()), operation.name()));
        assertEquals(
                Operations.all().size(),
                Operations.all().stream().map(OperationCase::name).distinct().count());
    }

    @Test
    void aWrongResultIsFound() {
        OperationCase wrong = new OperationCase("relu that adds one")
                .input("x", 5)
                .output("y", 5)
                .call((b, v) -> b.elementwise().relu(v.floats("x"), v.floats("y")))
                .definition(v -> Arrays.setAll(v.floats("y"), i -> Math.max(0, v.floats("x")[i]) + 1));
        OperationCheck check = OperationCheck.run(wrong, scalar);
        assertTrue(!check.ok() && check.error() > 0.1 && check.problem().startsWith("y is off by"), check::toString);
    }

    @Test
    void anUnwrittenOutputIsFound() {
        OperationCase lazy = new OperationCase("relu not called")
                .input("x", 5)
                .output("y", 5)
                .call((b, v) -> {})
                .definition(v -> Arrays.fill(v.floats("y"), 0));
        assertEquals(Double.POSITIVE_INFINITY, OperationCheck.run(lazy, scalar).error());
    }

    @Test
    void aModifiedInputIsFound() {
        OperationCase careless = new OperationCase("relu in place")
                .input("x", 5)
                .call((b, v) -> b.elementwise().relu(v.floats("x"), v.floats("x")))
                .definition(v -> {});
        assertEquals(
                "the input x was modified", OperationCheck.run(careless, scalar).problem());
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void assertAgrees(OperationCase operation, Backend backend) {
        OperationCheck check = OperationCheck.run(operation, backend);
        assertNull(check.problem(), () -> backend.description() + ": " + check.problem());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
