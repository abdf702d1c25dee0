package unweave.audio.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NonNegativeLeastSquaresTest {
    @Test
    void aVariableThatWouldBeNegativeIsZero() {
        // Unconstrained, x = (2, -1). On x2 = 0 the minimum is at x1 = (1, 1) . (1, 2) / 2.
        double[] x = NonNegativeLeastSquares.solve(new double[][] {{1, 1}, {1, 0}}, new double[] {1, 2});
        assertArrayEquals(new double[] {1.5, 0}, x, 1e-14);
    }

    @Test
    void aRightHandSideThatPointsAwayGivesZero() {
        assertArrayEquals(
                new double[] {0, 0},
                NonNegativeLeastSquares.solve(new double[][] {{1, 2}, {3, 4}}, new double[] {-1, -1}));
        assertArrayEquals(
                new double[] {0, 0},
                NonNegativeLeastSquares.solve(new double[][] {{1, 2}, {3, 4}}, new double[] {0, 0}));
    }

    @ParameterizedTest
    @CsvSource({"8, 5", "20, 20", "12, 40", "1, 6", "6, 1"})
    void theConditionsForTheMinimumHold(int rows, int columns) {
        Random random = new Random(rows * 100 + columns);
        for (int trial = 0; trial < 200; trial++) {
            double[][] a = new double[rows][columns];
            double[] b = random.doubles(rows, -1, 2).toArray();
            for (double[] row : a) {
                Arrays.setAll(row, j -> random.nextDouble() < 0.3 ? 0 : random.nextGaussian());
            }
            if (columns > 3) {
                for (double[] row : a) {
                    row[3] = 2 * row[1]; // dependent columns
                    row[2] = 0;
                }
            }
            assertMinimum(a, b, NonNegativeLeastSquares.solve(a, b));
        }
    }

    @Test
    void theBestOfAllPassiveSetsIsFound() {
        Random random = new Random(7);
        for (int trial = 0; trial < 50; trial++) {
            double[][] a = new double[6][2];
            double[] b = random.doubles(6, -1, 1).toArray();
            for (double[] row : a) {
                Arrays.setAll(row, j -> random.nextGaussian());
            }
            double actual = distance(a, b, NonNegativeLeastSquares.solve(a, b));
            for (double x1 = 0; x1 < 2; x1 += 0.02) {
                for (double x2 = 0; x2 < 2; x2 += 0.02) {
                    assertTrue(actual <= distance(a, b, new double[] {x1, x2}) + 1e-12);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"201, 64, 16000", "401, 128, 16000", "33, 40, 8000", "65, 1, 8000", "65, 3, 8000"})
    void theFastTwinForMelFilterBanksFindsTheSameMinimum(int bins, int mels, int sampleRate) {
        MelFilterBank bank = new MelFilterBank(bins, 0, sampleRate / 2.0, mels, sampleRate);
        double[][] a = matrix(bank);
        MelLeastSquares fast = new MelLeastSquares(bank);
        Random random = new Random(bins);
        double[] actual = new double[bins];
        for (int trial = 0; trial < 12; trial++) {
            double[] b = new double[mels];
            double density = trial % 3 / 2.0;
            Arrays.setAll(
                    b,
                    m -> random.nextDouble() < density ? Math.pow(10, random.nextInt(4) - 2) * random.nextDouble() : 0);
            b[random.nextInt(mels)] = 1;
            fast.solve(b, actual);
            assertMinimum(a, b, actual);
            assertEquals(distance(a, b, NonNegativeLeastSquares.solve(a, b)), distance(a, b, actual), 1e-11);
        }
    }

    @Test
    void theTwinsChooseTheSameOfManyMinima() {
        MelFilterBank bank = new MelFilterBank(201, 0, 8000, 64, 16000);
        double[][] a = matrix(bank);
        MelLeastSquares fast = new MelLeastSquares(bank);
        double[] actual = new double[201];
        for (int m = 0; m < 64; m++) {
            double[] unit = new double[64];
            unit[m] = 1;
            fast.solve(unit, actual);
            assertArrayEquals(NonNegativeLeastSquares.solve(a, unit), actual, 1e-12, "column " + m);
        }
    }

    /**
     * Few bands leave many short chains of linked bins, all bands one long one; spectra of sounds are fitted exactly,
     * noise is not.
     */
    @ParameterizedTest
    @CsvSource({
        "201, 64, 16000, 0.1",
        "201, 64, 16000, 0.4",
        "201, 64, 16000, 1",
        "129, 40, 8000, 0.7",
        "401, 128, 16000, 1"
    })
    void theTwinsChooseTheSameForRandomFrames(int bins, int mels, int sampleRate, double density) {
        MelFilterBank bank = new MelFilterBank(bins, 0, sampleRate / 2.0, mels, sampleRate);
        double[][] a = matrix(bank);
        MelLeastSquares fast = new MelLeastSquares(bank);
        Random random = new Random(11);
        double[] actual = new double[bins];
        for (int trial = 0; trial < 24; trial++) {
            double[] b = new double[mels];
            if (trial % 2 == 0) {
                Arrays.setAll(b, m -> random.nextDouble() < density ? Math.exp(2 * random.nextGaussian()) : 0);
            } else {
                bank.apply(
                        random.doubles(bins)
                                .map(value -> random.nextDouble() < density ? value : 0)
                                .toArray(),
                        b);
            }
            fast.solve(b, actual);
            assertArrayEquals(NonNegativeLeastSquares.solve(a, b), actual, 1e-9, "trial " + trial);
            assertMinimum(a, b, actual);
        }
    }

    @Test
    void whatWasSolvedBeforeLeavesNoTrace() {
        MelFilterBank bank = new MelFilterBank(201, 0, 8000, 64, 16000);
        MelLeastSquares used = new MelLeastSquares(bank);
        Random random = new Random(12);
        double[] expected = new double[201];
        double[] actual = new double[201];
        for (int trial = 0; trial < 20; trial++) {
            double[] b = random.doubles(64).toArray();
            used.solve(b, actual);
            new MelLeastSquares(bank).solve(b, expected);
            assertArrayEquals(expected, actual);
        }
    }

    @Test
    void refusesShapesThatDisagreeAndWhatIsNoNumber() {
        assertThrows(
                IllegalArgumentException.class, () -> NonNegativeLeastSquares.solve(new double[2][2], new double[3]));
        assertThrows(
                IllegalArgumentException.class, () -> NonNegativeLeastSquares.solve(new double[0][2], new double[0]));
        assertThrows(
                IllegalArgumentException.class,
                () -> NonNegativeLeastSquares.solve(new double[][] {{1, 2}, {1}}, new double[2]));
        assertThrows(
                IllegalArgumentException.class,
                () -> NonNegativeLeastSquares.solve(new double[][] {{1}, {Double.NaN}}, new double[2]));
    }

    private static double[][] matrix(MelFilterBank bank) {
        double[][] a = new double[bank.mels()][bank.bins()];
        for (int m = 0; m < bank.mels(); m++) {
            for (int b = 0; b < bank.bins(); b++) {
                a[m][b] = bank.weight(b, m);
            }
        }
        return a;
    }

    /** Karush-Kuhn-Tucker: x >= 0, no column outside could lower the residual, none inside has a gradient left. */
    private static void assertMinimum(double[][] a, double[] b, double[] x) {
        double[] residual = residual(a, b, x);
        for (int j = 0; j < x.length; j++) {
            double gradient = 0;
            for (int i = 0; i < b.length; i++) {
                gradient += a[i][j] * residual[i];
            }
            assertTrue(x[j] >= 0, "x " + j + " is " + x[j]);
            assertTrue(gradient <= 1e-11, "gradient " + j + " is " + gradient);
            if (x[j] > 0) {
                assertEquals(0, gradient, 1e-11, "gradient of passive column " + j);
            }
        }
    }

    private static double distance(double[][] a, double[] b, double[] x) {
        return Math.sqrt(Arrays.stream(residual(a, b, x)).map(r -> r * r).sum());
    }

    private static double[] residual(double[][] a, double[] b, double[] x) {
        double[] residual = b.clone();
        for (int i = 0; i < b.length; i++) {
            for (int j = 0; j < x.length; j++) {
                residual[i] -= a[i][j] * x[j];
            }
        }
        return residual;
    }
}
