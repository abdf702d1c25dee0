package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SoundTimeTest {
    @ParameterizedTest
    @CsvSource({"90, 90", "12.5, 12.5", "1:30, 90", "90:00, 5400", "1:02:03.5, 3723.5", "0, 0"})
    void timesAreSecondsOrClockTimes(String text, double seconds) {
        assertEquals(seconds, new SoundTime().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1:60", "1:60:00", "1:2:3:4", "", "soon", "1e3", "NaN", "1.", "99999999999"})
    void anythingElseIsRefused(String text) {
        assertThrows(TypeConversionException.class, () -> new SoundTime().convert(text));
    }
}
