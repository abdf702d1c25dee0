package unweave.kernels.profile;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Recording;
import unweave.kernels.Transfers;

/**
 * A backend that passes every operation on to another one, and writes down when it ran and what it costs by the table
 * of {@link Costs}. No operation is named here but the one that is seen in steps.
 */
public final class ProfilingBackend {
    private final Backend inner;
    private final Timeline timeline;
    /** If not, the device tells what it does, and only the host's part, the queueing, is seen here. */
    private final boolean computesAtOnce;

    private final Backend profiled;
    private final Map<Class<?>, Object> groups = new HashMap<>();

    private ProfilingBackend(Backend inner, Timeline timeline) {
        this.inner = inner;
        this.timeline = timeline;
        computesAtOnce = !inner.reportTo(timeline);
        profiled = proxy(Backend.class, this::onBackend);
    }

    /**
     * As {@code inner}, with a profile. Nothing is recorded ({@link Backend#record}), so that every operation can be
     * timed whenever a recording is played.
     *
     * @param inner closed together with the result
     */
    public static Backend of(Backend inner, Timeline timeline) {
        return new ProfilingBackend(inner, timeline).profiled;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object onBackend(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (Backend.GROUPS.contains(method.getReturnType())) {
            return groups.computeIfAbsent(method.getReturnType(), this::group);
        }
        if (method.getDeclaringClass() == Transfers.class && method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments); // its transfers are timed
        }
        if (method.getName().equals("record")) {
            return replay((Runnable) arguments[0]);
        }
        if (method.getName().equals("spans")) {
            return timeline;
        }
        if (method.getDeclaringClass() == Transfers.class && method.getReturnType() == void.class) {
            timed(inner, method, arguments);
            return null;
        }
        return invoke(inner, method, arguments);
    }

    /** The group of that type, with a profile. */
    private Object group(Class<?> type) {
        Object group = Backend.group(inner, type);
        return proxy(type, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return invoke(group, method, arguments);
            }
            if (method.getName().equals("ascend") && computesAtOnce) {
                ascendInSteps(arguments);
            } else {
                timed(group, method, arguments);
            }
            return null;
        });
    }

    /** Step by step where the steps can be timed; a device that has a better way shows its kernels itself. */
    private void ascendInSteps(Object[] arguments) {
        ((Ascent) arguments[0])
                .inSteps(
                        profiled,
                        (int) arguments[1],
                        (Floats) arguments[2],
                        (Floats) arguments[3],
                        (Floats) arguments[4],
                        (Floats) arguments[5],
                        (Floats) arguments[6],
                        (long) arguments[7]);
    }

    private void timed(Object target, Method method, Object[] arguments) {
        timeline.operation(
                method.getName(),
                Costs.shape(method, arguments),
                Costs.of(method, arguments),
                computesAtOnce,
                () -> invoke(target, method, arguments));
    }

    private static Recording replay(Runnable operations) {
        return new Recording() {
            @Override
            public void play() {
                operations.run();
            }

            @Override
            public void close() {
                // There is nothing to free.
            }
        };
    }

    /** Throws what the method throws; the methods of a backend declare no checked exceptions. */
    private static Object invoke(Object target, Method method, Object[] arguments) {
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
