package unweave.report.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;
import unweave.report.ReportPage;

class ResultTableTest {
    private static ResultTable table() {
        return new ResultTable("scores", "Scores.", List.of("method", "conv1", "n"))
                .row("DRSA", new Estimate(0.12345678901, 0.01, 10), 10)
                .row("a, \"b\"", Double.NaN, 2)
                .row("alone", new Estimate(-1, 0, 1), 1);
    }

    @Test
    void theTerminalAlignsTextsToTheLeftAndNumbersToTheRight() {
        assertEquals(
                List.of(
                        "Scores.",
                        "  method          conv1   n",
                        "  DRSA    0.123 \u00b1 0.010  10",
                        "  a, \"b\"              \u2013   2",
                        "  alone          \u22121.000   1"),
                table().lines());
    }

    @Test
    void aCsvFileHasAllDigitsAndAColumnForTheError() {
        assertEquals(
                """
        method,conv1,conv1 standard error,n
        DRSA,0.12345678901,0.01,10
        "a, ""b\""",,,2
        alone,-1,0,1
        """,
                table().csv());
    }

    @Test
    void thePageShowsTheSame() {
        ReportPage page = new ReportPage("t");
        table().addTo(page);
        assertTrue(page.toHtml().contains("0.123 \u00b1 0.010"));
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> table().row("one cell"));
    }
}
