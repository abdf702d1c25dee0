package unweave.audio.synthetic;

import unweave.audio.random.SeededRandom;

/**
 * Sines (thesis Eq. 2.20) and envelopes over one second of N = 16000 samples, where a frequency of k Hz is k whole
 * periods (thesis Eq. 4.2, D.2):
 *
 * <pre>
 *   sine:     sin(2 pi (k n + p) / N)                              (thesis Eq. 4.1, D.1)
 *   envelope: max(0, alpha sin(2 pi (k n + p) / N) + beta) / (beta + 1)  (thesis Eq. D.3)
 * </pre>
 *
 * k and p are integers: p / N is the phase in turns, drawn in steps of 1/16000. So every value is one of the N values
 * of one period, and a table makes them exact, fast and the same everywhere.
 */
final class Sinusoid {
    /** Samples of a signal, and its sample rate in Hz. */
    static final int N = 16000;

    /** Samples that are computed with the same {@link #steps}. */
    private static final int BLOCK = 400;
    /** Two periods, so that a position in a block plus a step within it needs no remainder. */
    private static final float[] PERIOD = new float[2 * N];

    static {
        for (int i = 0; i < N; i++) {
            PERIOD[i] = (float) StrictMath.sin(2 * Math.PI * i / N);
            PERIOD[N + i] = PERIOD[i];
        }
    }

    private final int frequency;
    private final int phase;
    /** How far in its period the sine has moved on after 0, 1, 2 ... samples of a block. */
    private final int[] steps = new int[BLOCK];

    /**
     * @param frequency k in Hz, 0 to N - 1
     * @param phase p in 1/N turns, 0 to N - 1
     */
    Sinusoid(int frequency, int phase) {
        this.frequency = frequency;
        this.phase = phase;
        for (int i = 1; i < BLOCK; i++) {
            int step = steps[i - 1] + frequency;
            steps[i] = step < N ? step : step - N;
        }
    }

    /** A sine of the given frequency at a uniformly random phase. */
    static Sinusoid atRandomPhase(int frequency, SeededRandom random) {
        return new Sinusoid(frequency, random.integer(0, N - 1));
    }

    /** A sine whose frequency is uniform in [lowest, highest] Hz, at a uniformly random phase. */
    static Sinusoid draw(int lowest, int highest, SeededRandom random) {
        int frequency = random.integer(lowest, highest);
        return atRandomPhase(frequency, random);
    }

    /** k in Hz. */
    int frequency() {
        return frequency;
    }

    /** Adds amplitude x sine to the signal of N samples. */
    void addTo(float[] signal, float amplitude) {
        for (int first = 0; first < N; first += BLOCK) {
            int position = positionAt(first);
            for (int i = 0; i < BLOCK; i++) {
                signal[first + i] += amplitude * PERIOD[position + steps[i]];
            }
        }
    }

    /** Adds amplitude x sine x envelope to the signal of N samples. */
    void addTo(float[] signal, float amplitude, Sinusoid envelope, float alpha, float beta) {
        float scale = 1 / (beta + 1);
        for (int first = 0; first < N; first += BLOCK) {
            int position = positionAt(first);
            int slow = envelope.positionAt(first);
            for (int i = 0; i < BLOCK; i++) {
                float height = alpha * PERIOD[slow + envelope.steps[i]] + beta;
                signal[first + i] += amplitude * PERIOD[position + steps[i]] * ((height > 0 ? height : 0) * scale);
            }
        }
    }

    /** Multiplies the signal of N samples by the envelope of this sine. */
    void modulate(float[] signal, float alpha, float beta) {
        float scale = 1 / (beta + 1);
        for (int first = 0; first < N; first += BLOCK) {
            int position = positionAt(first);
            for (int i = 0; i < BLOCK; i++) {
                float height = alpha * PERIOD[position + steps[i]] + beta;
                signal[first + i] *= (height > 0 ? height : 0) * scale;
            }
        }
    }

    /** Silences the signal of N samples where this sine is not positive. */
    void gate(float[] signal) {
        for (int first = 0; first < N; first += BLOCK) {
            int position = positionAt(first);
            for (int i = 0; i < BLOCK; i++) {
                if (PERIOD[position + steps[i]] <= 0) {
                    signal[first + i] = 0;
                }
            }
        }
    }

    /**
     * Multiplies the signal of N samples by another periodic shape, of this sine's frequency and phase.
     *
     * @param period [2 N], the shape's values over two periods, the same in both
     */
    void multiply(float[] signal, float[] period) {
        for (int first = 0; first < N; first += BLOCK) {
            int position = positionAt(first);
            for (int i = 0; i < BLOCK; i++) {
                signal[first + i] *= period[position + steps[i]];
            }
        }
    }

    /** The sine at sample n. */
    float at(int n) {
        return PERIOD[positionAt(n)];
    }

    /** Where in its period this sine is at sample n, in [0, N); the periods before it are {@link #periodAt}. */
    int positionAt(int n) {
        return (frequency * n + phase) % N;
    }

    /** How many periods have begun and ended before sample n, counted from the one that n = 0 lies in. */
    int periodAt(int n) {
        return (frequency * n + phase) / N;
    }
}
