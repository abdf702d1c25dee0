package unweave.explain.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.explain.data.InputSet;

class EvaluationInputsTest {
    /** 30 inputs of class 0, 10 of class 1, 3 of class 2; the only value of input i is i. */
    private static InputSet inputs() {
        int[] labels =
                IntStream.range(0, 43).map(i -> i < 30 ? 0 : i < 40 ? 1 : 2).toArray();
        float[][] values = IntStream.range(0, 43).mapToObj(i -> new float[] {i}).toArray(float[][]::new);
        return new InputSet(1, 1, values, labels, IntStream.range(0, 43).toArray());
    }

    @Test
    void everyClassGivesAsManyInputsOrAllItHas() {
        InputSet drawn = EvaluationInputs.draw(inputs(), List.of(0, 1, 2), 8, 1);
        assertEquals(8, drawn.ofClass(0).size());
        assertEquals(8, drawn.ofClass(1).size());
        assertEquals(3, drawn.ofClass(2).size());
        assertEquals(19, Arrays.stream(drawn.origins()).distinct().count(), "no input twice");
        assertArrayEquals(Arrays.stream(drawn.origins()).sorted().toArray(), drawn.origins());
    }

    @Test
    void theDrawDependsOnTheSeedAlone() {
        int[] drawn = EvaluationInputs.draw(inputs(), List.of(0), 8, 1).origins();
        assertArrayEquals(
                drawn, EvaluationInputs.draw(inputs(), List.of(0), 8, 1).origins());
        assertFalse(Arrays.equals(
                drawn, EvaluationInputs.draw(inputs(), List.of(0), 8, 2).origins()));
        assertArrayEquals(
                drawn,
                EvaluationInputs.draw(inputs(), List.of(0, 1), 8, 1).ofClass(0).origins(),
                "whatever the other classes");
    }

    @Test
    void onlyTheClassesAskedForAreThere() {
        assertArrayEquals(
                new int[] {2, 2, 2},
                EvaluationInputs.draw(inputs(), List.of(2), 8, 1).labels());
    }
}
