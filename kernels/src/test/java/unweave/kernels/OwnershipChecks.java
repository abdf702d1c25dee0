package unweave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.Operations;
import unweave.kernels.operations.PreparedOperation;

/** What a backend does for the wrong thread, or with another backend's memory: the same for all kinds. */
public final class OwnershipChecks {
    private OwnershipChecks() {}

    /** One case of each operation, called by a second thread. */
    public static void refusesOtherThreads(Backend backend) throws Exception {
        for (OperationCase operation : Operations.small()) {
            if (!operation.name().startsWith(operation.operation() + " ") || seenBefore(operation)) {
                continue;
            }
            try (PreparedOperation prepared = operation.prepare(backend)) {
                refuses(operation.name(), prepared::run);
            }
        }
        try (Floats x = backend.floats(new float[3]);
                Ints i = backend.ints(new int[3])) {
            refuses("floats", () -> backend.floats(3));
            refuses("ints", () -> backend.ints(3));
            refuses("upload", () -> backend.upload(new float[3], 0, x, 0, 3));
            refuses("upload ints", () -> backend.upload(new int[3], 0, i, 0, 3));
            refuses("download", () -> backend.download(x, 0, new float[3], 0, 3));
            refuses("download ints", () -> backend.download(i, 0, new int[3], 0, 3));
            refuses("copy", () -> backend.copy(x, 0, x, 1, 1));
            refuses("fill", () -> backend.fill(x, 1));
            refuses("synchronize", backend::synchronize);
            refuses("record", () -> backend.record(() -> backend.fill(x, 1)).play());
            refuses("measureCeilings", backend::measureCeilings);
            refuses("close of memory", x::close);
            refuses("close", backend::close);
        }
    }

    private static boolean seenBefore(OperationCase operation) {
        return Operations.small().stream()
                        .filter(other -> other.operation().equals(operation.operation()))
                        .findFirst()
                        .orElseThrow()
                != operation;
    }

    private static void refuses(String what, Runnable call) throws Exception {
        ExecutionException thrown = assertThrows(
                ExecutionException.class,
                () -> inThread(() -> {
                    call.run();
                    return null;
                }),
                what);
        assertEquals(IllegalStateException.class, thrown.getCause().getClass(), what + ": " + thrown.getCause());
        String message = thrown.getCause().getMessage();
        assertTrue(
                message.contains("\"" + Thread.currentThread().getName() + "\"")
                        && message.contains("\"second thread\"")
                        && message.contains("claim()"),
                message);
    }

    /** A thread that claims the backend computes on it and closes it; the first one is refused then. */
    public static void canBeHandedOver(Backend backend) throws Exception {
        Floats x = backend.floats(new float[] {-1, 2});
        float[] y = inThread(() -> {
            backend.claim();
            backend.elementwise().relu(x, x);
            return backend.toArray(x);
        });
        assertArrayEquals(new float[] {0, 2}, y);
        assertThrows(IllegalStateException.class, () -> backend.elementwise().relu(x, x));
        inThread(() -> {
            backend.claim();
            x.close();
            backend.close();
            return null;
        });
    }

    /** Memory of {@code other}, which may be of the same kind. */
    public static void refusesForeignMemory(Backend backend, Backend other) {
        try (Floats own = backend.floats(2);
                Floats foreign = other.floats(2);
                Ints foreignInts = other.ints(2)) {
            for (Runnable call : new Runnable[] {
                () -> backend.elementwise().relu(own, foreign),
                () -> backend.elementwise().relu(foreign, own),
                () -> backend.elementwise().gatherRows(1, own, foreignInts, own),
                () -> backend.fill(foreign, 0),
                () -> backend.copy(foreign, 0, own, 0, 1),
                () -> backend.upload(new int[2], 0, foreignInts, 0, 2),
                () -> backend.download(foreign, 0, new float[2], 0, 2)
            }) {
                String message =
                        assertThrows(IllegalArgumentException.class, call::run).getMessage();
                assertTrue(message.matches(".*backend \\d+ \\(.*backend \\d+ \\(.*"), message);
            }
        }
    }

    private static <T> T inThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "second thread");
        thread.setDaemon(true);
        thread.start();
        return task.get(30, TimeUnit.SECONDS);
    }
}
