package unweave.audio.memory;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Working memory of an object that several threads share. Each call borrows a piece that no other call holds and
 * returns it for later calls on any thread. There are as many pieces as calls that have overlapped in time. A borrowed
 * piece holds values of an earlier call, so results must not depend on its content.
 *
 * @param <T> a piece
 */
public final class WorkingMemory<T> {
    private final Supplier<T> maker;
    private final ConcurrentLinkedQueue<T> free = new ConcurrentLinkedQueue<>();

    /** @param maker makes a new piece when all are in use */
    public WorkingMemory(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Lends a piece to one call and returns the call's result. */
    public <R> R lend(Function<T, R> call) {
        T piece = free.poll();
        if (piece == null) {
            piece = maker.get();
        }
        try {
            return call.apply(piece);
        } finally {
            free.add(piece);
        }
    }

    /** Lends a piece to one call. */
    public void use(Consumer<T> call) {
        lend(piece -> {
            call.accept(piece);
            return null;
        });
    }
}
