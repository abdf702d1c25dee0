package unweave.audio.synthetic;

import java.util.List;
import unweave.audio.random.SeededRandom;

/** The four sound objects of either class (Harck 2024, Table 4.1, D.1 and D.2). */
final class SoundObjects {
    private static final int N = Sinusoid.N;
    /** The part of a sawtooth's period that its jump takes: 10 ms of 500 ms. */
    private static final float JUMP = 0.02f;
    /** The offsets of the melody from its carrier's frequency in Hz, bump by bump. */
    private static final int[] MELODY = {0, 200, 400, 600, 400, 200};

    private static final int BUMPS = 12;
    /** Two periods of the sawtooths at the N positions of each. */
    private static final float[] RISING = new float[2 * N];

    private static final float[] FALLING = new float[2 * N];

    static {
        for (int i = 0; i < 2 * N; i++) {
            RISING[i] = rise(i % N / (float) N);
            FALLING[i] = 1 - RISING[i];
        }
    }

    static final List<List<SoundObject>> OF_CLASS = List.of(
            List.of(
                    new SoundObject("modulating bass", 100, 150, SoundObjects::modulatingBass),
                    new SoundObject("sawtooth up", 500, 600, SoundObjects::risingSawtooth),
                    new SoundObject("modulating sound", 800, 1000, SoundObjects::modulatingSound),
                    new SoundObject("full-wave sinusoid at 20 Hz", 3500, 4000, modulated(20, 20, 1))),
            List.of(
                    new SoundObject("half-wave sinusoid", 100, 150, modulated(4, 5, 0)),
                    new SoundObject("sawtooth down", 500, 600, SoundObjects::fallingSawtooth),
                    new SoundObject("melody", 800, 1000, SoundObjects::melody),
                    new SoundObject("full-wave sinusoid at 10 Hz", 4000, 4500, modulated(10, 10, 1))));

    private SoundObjects() {}

    /** Carrier x envelope (D.3) with k_a uniform in [lowest, highest] Hz, alpha uniform in [0.5, 1]. */
    private static SoundObject.Shape modulated(int lowest, int highest, float beta) {
        return (carrier, amplitude, x, random) -> {
            carrier.addTo(x, amplitude);
            modulate(x, lowest, highest, beta, random);
        };
    }

    /** Multiplies by an envelope (D.3) with k_a uniform in [lowest, highest] Hz, alpha uniform in [0.5, 1]. */
    private static void modulate(float[] x, int lowest, int highest, float beta, SeededRandom random) {
        Sinusoid envelope = Sinusoid.draw(lowest, highest, random);
        envelope.modulate(x, depth(random), beta);
    }

    /** alpha of an envelope. */
    static float depth(SeededRandom random) {
        return (float) random.uniform(0.5, 1);
    }

    /** D.4: 16 bumps a second, silent where a sine of 2 Hz at a random phase is not positive. */
    private static void modulatingBass(Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        modulate(x, 16, 16, 0, random);
        Sinusoid.atRandomPhase(2, random).gate(x);
    }

    /** D.6: the carrier and its first harmonic at half its amplitude, under one envelope. */
    private static void modulatingSound(Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        Sinusoid.atRandomPhase(2 * carrier.frequency(), random).addTo(x, amplitude / 2);
        modulate(x, 3, 6, 0.75f, random);
    }

    /**
     * D.5: rises from 0 to 1 twice a second and falls back within {@link #JUMP} of the period, so that the jump makes
     * no click.
     */
    private static void risingSawtooth(Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        Sinusoid.atRandomPhase(2, random).multiply(x, RISING);
    }

    /** D.5 in the other direction: 1 - rising. */
    private static void fallingSawtooth(Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        Sinusoid.atRandomPhase(2, random).multiply(x, FALLING);
    }

    /** The rising sawtooth at a position in its period, 0 to 1. */
    private static float rise(float position) {
        return position < 1 - JUMP ? position / (1 - JUMP) : (1 - position) / JUMP;
    }

    /**
     * D.2, object 3: the bumps of a half-wave envelope of 16 Hz, each at the next frequency of {@link #MELODY}. Twelve
     * whole consecutive bumps sound; which is the first is random among those that leave room for the others, so the
     * melody begins within the first 0.29 s.
     */
    private static void melody(Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        Sinusoid[] tones = new Sinusoid[4];
        for (int step = 0; step < tones.length; step++) {
            tones[step] = step == 0 ? carrier : Sinusoid.atRandomPhase(carrier.frequency() + 200 * step, random);
        }
        Sinusoid envelope = Sinusoid.atRandomPhase(16, random);
        float alpha = depth(random);
        // Bump m is the first half of period m. Bump 0 began before the signal; bump 16 ends within it at a late phase
        // only.
        int lastWhole = envelope.positionAt(0) < N / 2 ? 15 : 16;
        int first = random.integer(1, lastWhole - BUMPS + 1);
        for (int n = 0; n < N; n++) {
            int bump = envelope.periodAt(n) - first;
            if (bump >= 0 && bump < BUMPS) {
                Sinusoid tone = tones[MELODY[bump % MELODY.length] / 200];
                x[n] = amplitude * tone.at(n) * Math.max(0, alpha * envelope.at(n));
            }
        }
    }
}
