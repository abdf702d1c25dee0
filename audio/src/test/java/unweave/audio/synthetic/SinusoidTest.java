package unweave.audio.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The table agrees with the formulas. */
class SinusoidTest {
    private static final int N = Sinusoid.N;

    private static double sine(int k, int p, int n) {
        return Math.sin(2 * Math.PI * ((double) k * n + p) / N);
    }

    @Test
    void sinesAreThoseOfTheFormulaAtAnyFrequencyAndPhase() {
        for (int k : new int[] {0, 1, 2, 16, 137, 999, 4500, 8000, 15999}) {
            float[] signal = new float[N];
            Sinusoid sinusoid = new Sinusoid(k, 12345);
            sinusoid.addTo(signal, 0.7f);
            for (int n = 0; n < N; n++) {
                assertEquals(0.7 * sine(k, 12345, n), signal[n], 1e-6);
                assertEquals(sine(k, 12345, n), sinusoid.at(n), 1e-6);
            }
        }
    }

    @Test
    void envelopesAreThoseOfTheFormula() {
        for (float beta : new float[] {0, 0.75f, 1, 2}) {
            float[] signal = new float[N];
            Arrays.fill(signal, 3);
            new Sinusoid(16, 777).modulate(signal, 0.8f, beta);
            for (int n = 0; n < N; n++) {
                assertEquals(3 * Math.max(0, 0.8 * sine(16, 777, n) + beta) / (beta + 1), signal[n], 2e-6);
            }
        }
    }

    @Test
    void aSineUnderAnEnvelopeIsTheSineThenTheEnvelope() {
        Sinusoid sine = new Sinusoid(4321, 15999);
        Sinusoid envelope = new Sinusoid(16, 777);
        for (float beta : new float[] {0, 2}) {
            float[] expected = new float[N];
            float[] actual = new float[N];
            sine.addTo(expected, 0.7f);
            envelope.modulate(expected, 0.8f, beta);
            sine.addTo(actual, 0.7f, envelope, 0.8f, beta);
            for (int n = 0; n < N; n++) {
                assertEquals(0f + expected[n], actual[n], "sample " + n);
            }
        }
    }

    @Test
    void aShapeIsReadAtTheSinesPositions() {
        float[] period = new float[2 * N];
        for (int i = 0; i < 2 * N; i++) {
            period[i] = i % N;
        }
        float[] signal = new float[N];
        Arrays.fill(signal, 2);
        Sinusoid sinusoid = new Sinusoid(3, 15000);
        sinusoid.multiply(signal, period);
        for (int n = 0; n < N; n++) {
            assertEquals(2 * ((3 * n + 15000) % N), signal[n]);
            assertEquals(sinusoid.positionAt(n), (3 * n + 15000) % N);
        }
    }

    @Test
    void gatesSilenceTheOtherHalfOfEachPeriod() {
        float[] signal = new float[N];
        Arrays.fill(signal, 1);
        new Sinusoid(2, 4000).gate(signal);
        for (int n = 0; n < N; n++) {
            if (Math.abs(sine(2, 4000, n)) > 1e-9) {
                assertEquals(sine(2, 4000, n) > 0 ? 1 : 0, signal[n]);
            }
        }
    }
}
