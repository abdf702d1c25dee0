package unweave.audio.spectral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MelFilterBankTest {
    @Test
    void theScaleIsHtks() {
        assertEquals(0, MelFilterBank.hertzToMel(0));
        assertEquals(2595 * Math.log10(2), MelFilterBank.hertzToMel(700), 1e-9);
        assertEquals(999.9856, MelFilterBank.hertzToMel(1000), 1e-4);
        assertEquals(6300, MelFilterBank.melToHertz(2595), 1e-9);
    }

    @Test
    void threeFiltersWorkedOutByHand() {
        // Edges 0, 1, 3, 7 and 15 times 700 Hz are equally spaced: 1 + f/700 doubles each time.
        MelFilterBank bank = new MelFilterBank(31, 0, 15 * 700, 3, 2 * 15 * 700); // one bin every 350 Hz
        assertEquals(700, bank.centreHz()[0], 1e-9);
        assertEquals(2100, bank.centreHz()[1], 1e-9);
        assertEquals(4900, bank.centreHz()[2], 1e-9);
        assertEquals(0, bank.weight(0, 0), 1e-12);
        assertEquals(0.5, bank.weight(1, 0), 1e-12);
        assertEquals(1, bank.weight(2, 0), 1e-12);
        assertEquals(0.75, bank.weight(3, 0), 1e-12);
        assertEquals(0.25, bank.weight(3, 1), 1e-12);
        assertEquals(1, bank.weight(6, 1), 1e-12);
        assertEquals(0.125, bank.weight(7, 2), 1e-12);
        assertEquals(0.0625, bank.weight(29, 2), 1e-12); // 0.5 x 700 Hz below the end of a slope of 8 x 700 Hz
        assertEquals(0, bank.weight(30, 2), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({
        "201, 0, 8000, 64, 16000",
        "401, 0, 8000, 128, 16000",
        "129, 50, 3900, 40, 8000",
        "17, 0, 4000, 40, 8000"
    })
    void weightsAreTheDefinition(int bins, double low, double high, int mels, int sampleRate) {
        MelFilterBank bank = new MelFilterBank(bins, low, high, mels, sampleRate);
        double step = (MelFilterBank.hertzToMel(high) - MelFilterBank.hertzToMel(low)) / (mels + 1);
        for (int m = 0; m < mels; m++) {
            double from = MelFilterBank.melToHertz(MelFilterBank.hertzToMel(low) + m * step);
            double centre = MelFilterBank.melToHertz(MelFilterBank.hertzToMel(low) + (m + 1) * step);
            double to = MelFilterBank.melToHertz(MelFilterBank.hertzToMel(low) + (m + 2) * step);
            for (int b = 0; b < bins; b++) {
                double f = b * (sampleRate / 2.0) / (bins - 1);
                double expected = Math.max(0, Math.min((f - from) / (centre - from), (to - f) / (to - centre)));
                assertEquals(expected, bank.weight(b, m), 1e-9, "filter " + m + ", bin " + b);
            }
        }
    }

    @Test
    void theProductIsTheSumOverAllBins() {
        MelFilterBank bank = new MelFilterBank(129, 50, 3900, 40, 8000);
        double[] magnitude = new double[129];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = (i * 37) % 101;
        }
        double[] mel = new double[40];
        bank.apply(magnitude, mel);
        for (int m = 0; m < 40; m++) {
            double sum = 0;
            for (int b = 0; b < 129; b++) {
                sum += bank.weight(b, m) * magnitude[b];
            }
            assertEquals(sum, mel[m], 1e-9);
        }
    }

    @Test
    void filtersNarrowerThanTheBinsWeighNothing() {
        MelFilterBank bank = new MelFilterBank(17, 0, 4000, 40, 8000);
        double sum = 0;
        for (int b = 0; b < 17; b++) {
            sum += bank.weight(b, 0);
        }
        assertTrue(bank.centreHz()[0] < 250 && sum == 0);
    }

    @Test
    void weightsMayBeReplaced() {
        MelFilterBank bank = new MelFilterBank(3, 0, 4000, 3, 8000);
        MelFilterBank other = bank.withWeights(new float[] {0.5f, 0, 0, 0, 0.25f, 0.75f, 0, 0, 1});
        assertEquals(0.5, other.weight(0, 0));
        assertEquals(0, other.weight(1, 0));
        assertEquals(0.25, other.weight(1, 1));
        assertEquals(0.75, other.weight(1, 2));
        assertEquals(1, other.weight(2, 2));
        assertEquals(bank.centreHz()[1], other.centreHz()[1]);
    }

    @Test
    void refusesWhatIsNoFilterBank() {
        assertThrows(IllegalArgumentException.class, () -> new MelFilterBank(201, 0, 8001, 64, 16000));
        assertThrows(IllegalArgumentException.class, () -> new MelFilterBank(201, 500, 500, 64, 16000));
        assertThrows(IllegalArgumentException.class, () -> new MelFilterBank(201, 0, 8000, 0, 16000));
        MelFilterBank bank = new MelFilterBank(2, 0, 4000, 3, 8000);
        assertThrows(IllegalArgumentException.class, () -> bank.withWeights(new float[5]));
        assertThrows(IllegalArgumentException.class, () -> bank.withWeights(new float[] {1, 0, 1, 0, 0, 0}));
        assertThrows(IllegalArgumentException.class, () -> bank.withWeights(new float[] {0, 1, 0, 1, 0, 0}));
    }
}
