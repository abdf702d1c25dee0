package unweave.audio.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkingMemoryTest {
    private final AtomicInteger made = new AtomicInteger();
    private final WorkingMemory<int[]> memory = new WorkingMemory<>(() -> {
        made.incrementAndGet();
        return new int[1];
    });

    @Test
    void oneCallAfterTheOtherUsesTheSamePiece() {
        int[] first = memory.lend(piece -> piece);
        assertSame(first, memory.<int[]>lend(piece -> piece));
        assertThrows(
                IllegalStateException.class,
                () -> memory.use(piece -> {
                    throw new IllegalStateException();
                }));
        assertSame(first, memory.<int[]>lend(piece -> piece), "a call that failed gives its piece back");
        assertEquals(1, made.get());
    }

    @Test
    void callsThatOverlapUseDifferentPieces() {
        memory.use(outer -> memory.use(inner -> assertNotSame(outer, inner)));
        assertEquals(2, made.get());
        IntStream.range(0, 10_000)
                .parallel()
                .forEach(i -> memory.use(piece -> {
                    assertEquals(1, ++piece[0], "nobody else counts here");
                    piece[0]--;
                }));
    }
}
