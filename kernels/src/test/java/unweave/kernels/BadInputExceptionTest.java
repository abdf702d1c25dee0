package unweave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BadInputExceptionTest {
    @Test
    void controlCharactersOfNamesAreShown() {
        assertEquals(
                "layer a\\u000ab\\u001b[31m is wrong",
                new BadInputException("layer a\nb\u001b[31m is wrong").getMessage());
        assertEquals("fl\u00f6te", new BadInputException("fl\u00f6te", null).getMessage());
    }
}
