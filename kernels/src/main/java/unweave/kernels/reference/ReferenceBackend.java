package unweave.kernels.reference;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Normalization;
import unweave.kernels.Transfers;

/**
 * A backend that computes in float64 by the definitions, for checking whole networks: slow, on one thread, nothing is
 * recorded. An operation of the group Pooling is the static method of the same name and arguments in ReferencePooling,
 * and so on, with {@code double[]} for {@link Floats}, {@code int[]} for {@link Ints} and {@code double} for
 * {@code float}; where there is none, it throws an {@link UnsupportedOperationException} that names it.
 */
public final class ReferenceBackend {
    private final DoubleMemory memory = new DoubleMemory();
    private final Map<Class<?>, Object> groups = new HashMap<>();

    private ReferenceBackend() {}

    /** A backend; its memory is the garbage collector's. */
    public static Backend create() {
        return proxy(Backend.class, new ReferenceBackend()::onBackend);
    }

    /**
     * The values in float64, as they were computed; not a copy.
     *
     * @param values memory of a backend that {@link #create} made
     */
    public static double[] values(Floats values) {
        return DoubleMemory.array(values);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object onBackend(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (Backend.GROUPS.contains(method.getReturnType())) {
            return groups.computeIfAbsent(method.getReturnType(), ReferenceBackend::group);
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        if (method.getDeclaringClass() == Transfers.class) {
            return invoke(method, memory, arguments);
        }
        return switch (method.getName()) {
            case "claim", "close" -> null;
            case "description", "toString" -> "float64 by the definitions of the operations";
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> throw new UnsupportedOperationException("the reference backend offers no " + method.getName());
        };
    }

    private static Object group(Class<?> type) {
        Map<Method, Optional<Method>> found = new HashMap<>();
        return proxy(type, (proxy, method, arguments) -> {
            Method definition = found.computeIfAbsent(method, ReferenceBackend::definition)
                    .orElseThrow(() ->
                            new UnsupportedOperationException("the reference backend offers no " + method.getName()));
            return invoke(definition, null, unwrapped(arguments));
        });
    }

    /** The definition of an operation of a group; empty if none has its name and arguments. */
    static Optional<Method> definition(Method operation) {
        Class<?>[] wanted = Arrays.stream(operation.getParameterTypes())
                .map(ReferenceBackend::inFloat64)
                .toArray(Class<?>[]::new);
        return Arrays.stream(definitions(operation.getDeclaringClass()).getDeclaredMethods())
                .filter(method -> method.getName().equals(operation.getName())
                        && Modifier.isStatic(method.getModifiers())
                        && Arrays.equals(method.getParameterTypes(), wanted))
                .findFirst();
    }

    /** Normalisation stands among what training needs; all other groups have a class of their own. */
    private static Class<?> definitions(Class<?> group) {
        String name = group == Normalization.class ? "Training" : group.getSimpleName();
        try {
            return Class.forName(ReferenceBackend.class.getPackageName() + ".Reference" + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the operations of " + group + " are defined nowhere", e);
        }
    }

    private static Class<?> inFloat64(Class<?> type) {
        if (type == Floats.class) {
            return double[].class;
        }
        if (type == float.class) {
            return double.class;
        }
        return type == Ints.class ? int[].class : type;
    }

    private static Object[] unwrapped(Object[] arguments) {
        Object[] values = arguments.clone();
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Floats floats) {
                values[i] = DoubleMemory.array(floats);
            } else if (values[i] instanceof Ints ints) {
                values[i] = DoubleMemory.array(ints);
            } else if (values[i] instanceof Float number) {
                values[i] = number.doubleValue();
            }
        }
        return values;
    }

    /** Throws what the method throws; neither operations nor transfers declare checked exceptions. */
    private static Object invoke(Method method, Object target, Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
