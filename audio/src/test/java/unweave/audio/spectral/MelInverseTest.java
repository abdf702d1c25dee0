package unweave.audio.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MelInverseTest {
    private static final int FRAMES = 5;
    private final MelFilterBank bank = new MelFilterBank(201, 0, 8000, 64, 16000);
    private final MelInverse inverse = new MelInverse(bank);

    @Test
    void thePseudoInverseIsAppliedToEveryFrame() {
        float[] mel = melOfNoise();
        float[] magnitude = inverse.magnitude(mel, FRAMES, MelInverse.Method.PSEUDO_INVERSE);
        double[][] matrix = inverse.pseudoInverse();
        for (int t = 0; t < FRAMES; t++) {
            for (int b = 0; b < 201; b++) {
                double sum = 0;
                for (int m = 0; m < 64; m++) {
                    assertTrue(matrix[b][m] >= 0);
                    sum += matrix[b][m] * mel[m * FRAMES + t];
                }
                assertEquals(sum, magnitude[t * 201 + b], 1e-5 * (1 + sum));
            }
        }
    }

    @Test
    void aColumnOfThePseudoInverseSolvesTheProblemOfItsUnitVector() {
        MelFilterBank narrow = new MelFilterBank(129, 50, 3900, 40, 8000);
        double[][] weights = new double[40][129];
        for (int m = 0; m < 40; m++) {
            for (int b = 0; b < 129; b++) {
                weights[m][b] = narrow.weight(b, m);
            }
        }
        double[][] matrix = new MelInverse(narrow).pseudoInverse();
        for (int m = 0; m < 40; m++) {
            double[] unit = new double[40];
            unit[m] = 1;
            double[] expected = NonNegativeLeastSquares.solve(weights, unit);
            for (int b = 0; b < 129; b++) {
                assertEquals(expected[b], matrix[b][m], 1e-12, "column " + m + ", bin " + b);
            }
        }
    }

    @Test
    void leastSquaresReproducesTheMelSpectrogramOfAnySpectrum() {
        float[] mel = melOfNoise();
        float[] magnitude = inverse.magnitude(mel, FRAMES, MelInverse.Method.LEAST_SQUARES);
        assertEquals(0, distance(mel, magnitude), 1e-4);
        assertTrue(distance(mel, inverse.magnitude(mel, FRAMES, MelInverse.Method.PSEUDO_INVERSE)) > 1e-4);
    }

    @Test
    void silentFramesStaySilent() {
        for (MelInverse.Method method : MelInverse.Method.values()) {
            float[] mel = melOfNoise();
            for (int m = 0; m < 64; m++) {
                mel[m * FRAMES + 2] = 0;
            }
            float[] magnitude = inverse.magnitude(mel, FRAMES, method);
            for (int b = 0; b < 201; b++) {
                assertEquals(0, magnitude[2 * 201 + b]);
            }
            assertArrayEquals(new float[201 * FRAMES], inverse.magnitude(new float[64 * FRAMES], FRAMES, method));
        }
    }

    @Test
    void refusesOtherSizesAndWhatIsNoNumber() {
        assertThrows(
                IllegalArgumentException.class,
                () -> inverse.magnitude(new float[63 * FRAMES], FRAMES, MelInverse.Method.PSEUDO_INVERSE));
        float[] broken = melOfNoise();
        broken[0] = Float.NaN;
        assertThrows(
                IllegalArgumentException.class,
                () -> inverse.magnitude(broken, FRAMES, MelInverse.Method.LEAST_SQUARES));
    }

    private float[] melOfNoise() {
        Random random = new Random(3);
        float[] spectrum = new float[FRAMES * 201];
        for (int i = 0; i < spectrum.length; i++) {
            spectrum[i] = random.nextFloat();
        }
        return melOf(spectrum);
    }

    private float[] melOf(float[] magnitude) {
        float[] mel = new float[64 * FRAMES];
        double[] column = new double[64];
        double[] spectrum = new double[201];
        for (int t = 0; t < FRAMES; t++) {
            for (int b = 0; b < 201; b++) {
                spectrum[b] = magnitude[t * 201 + b];
            }
            bank.apply(spectrum, column);
            for (int m = 0; m < 64; m++) {
                mel[m * FRAMES + t] = (float) column[m];
            }
        }
        return mel;
    }

    private double distance(float[] mel, float[] magnitude) {
        float[] reached = melOf(magnitude);
        double sum = 0;
        for (int i = 0; i < mel.length; i++) {
            sum += Math.pow(mel[i] - reached[i], 2);
        }
        return Math.sqrt(sum);
    }
}
