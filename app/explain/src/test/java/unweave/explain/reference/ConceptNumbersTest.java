package unweave.explain.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConceptNumbersTest {
    @Test
    void readsNumbersAndRanges() {
        assertEquals(List.of(0, 1, 2, 6), ConceptNumbers.of("1-3,7", 8));
        assertEquals(List.of(1, 4), ConceptNumbers.of(" 5 , 2,5 - 5", 5));
    }

    @Test
    void showsTheFirstEightWhereNothingWasChosen() {
        assertEquals(List.of(0, 1, 2, 3), ConceptNumbers.of(null, 4));
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), ConceptNumbers.of(null, 128));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "5", "3-2", "1-5", "1,,2", "one", "1-", "-1", "99999999999"})
    void refusesEverythingElse(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> ConceptNumbers.of(text, 4))
                .getMessage();
        assertTrue(message.contains("--concepts " + text) && message.contains("from 1 to 4"), message);
    }
}
