package unweave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> COMMANDS = List.of("train", "explain", "evaluate", "import");

    @Test
    void slipsArePointedOut() {
        assertEquals(" (did you mean train?)", Spelling.hint("trian", COMMANDS));
        assertEquals(" (did you mean explain?)", Spelling.hint("explian", COMMANDS));
        assertEquals(" (did you mean explain?)", Spelling.hint("EXPLAIN", COMMANDS));
        assertEquals(" (did you mean evaluate?)", Spelling.hint("evaluat", COMMANDS));
    }

    @Test
    void anythingElseIsNot() {
        assertEquals("", Spelling.hint("dance", COMMANDS));
        assertEquals("", Spelling.hint("", COMMANDS));
        assertEquals("", Spelling.hint("x", List.of("y")));
        assertEquals("", Spelling.hint("train", List.of()));
        assertEquals("", Spelling.hint("x".repeat(100_000), List.of("x".repeat(100_001))));
    }

    @Test
    void aDistanceCountsChangesAndSwaps() {
        assertEquals(0, Spelling.distance("rock", "rock"));
        assertEquals(1, Spelling.distance("rock", "rcok"));
        assertEquals(1, Spelling.distance("rock", "rocks"));
        assertEquals(3, Spelling.distance("kitten", "sitting"));
        assertEquals(4, Spelling.distance("", "rock"));
    }
}
