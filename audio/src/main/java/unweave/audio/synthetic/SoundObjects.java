package unweave.audio.synthetic;

import java.util.List;
import unweave.audio.random.SeededRandom;

/**
 * The four sound objects of either class (Harck 2024, Table 4.1, D.1 and D.2), as the thesis' text has them or as its
 * published code makes them. The code differs in three ways: its envelopes have alpha = 1; the modulating bass is cut
 * between its bumps, not through them; and the modulating sound has a third partial.
 */
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

    private static final SoundObjects TEXT = new SoundObjects(false);
    private static final SoundObjects CODE = new SoundObjects(true);

    private final boolean code;
    private final List<List<SoundObject>> classes;

    private SoundObjects(boolean code) {
        this.code = code;
        this.classes = List.of(
                List.of(
                        new SoundObject("modulating bass", 100, 150, 16, 16, this::modulatingBass),
                        new SoundObject("sawtooth up", 500, 600, 2, 2, SoundObjects::risingSawtooth),
                        new SoundObject("modulating sound", 800, 1000, 3, 6, this::modulatingSound),
                        new SoundObject("full-wave sinusoid at 20 Hz", 3500, 4000, 20, 20, modulated(1))),
                List.of(
                        new SoundObject("half-wave sinusoid", 100, 150, 4, 5, modulated(0)),
                        new SoundObject("sawtooth down", 500, 600, 2, 2, SoundObjects::fallingSawtooth),
                        new SoundObject("melody", 800, 1000, 16, 16, this::melody),
                        new SoundObject("full-wave sinusoid at 10 Hz", 4000, 4500, 10, 10, modulated(1))));
    }

    /** The objects of either class, by class index. */
    static List<List<SoundObject>> of(SyntheticParameters.Objects source) {
        return (source == SyntheticParameters.Objects.OF_CODE ? CODE : TEXT).classes;
    }

    /** Carrier x envelope (D.3). */
    private SoundObject.Shape modulated(float beta) {
        return (kind, carrier, amplitude, x, random) -> {
            carrier.addTo(x, amplitude);
            modulate(kind, x, beta, random);
        };
    }

    /** Multiplies by an envelope (D.3) with k_a uniform in the range of the kind, and returns it. */
    private Sinusoid modulate(SoundObject kind, float[] x, float beta, SeededRandom random) {
        Sinusoid envelope = Sinusoid.draw(kind.slowest(), kind.fastest(), random);
        envelope.modulate(x, alpha(random), beta);
        return envelope;
    }

    /** alpha of an object's envelope. */
    private float alpha(SeededRandom random) {
        return code ? 1 : depth(random);
    }

    /** alpha of an envelope as the text draws it: uniform in [0.5, 1]. */
    static float depth(SeededRandom random) {
        return (float) random.uniform(0.5, 1);
    }

    /**
     * Thesis Eq. D.4: 16 bumps a second, silent where a sine of 2 Hz is not positive. Its phase is random in the text;
     * the code lets it rise where one of six bumps begins, so that always four whole bumps sound and four are silent.
     */
    private void modulatingBass(SoundObject kind, Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        Sinusoid bumps = modulate(kind, x, 0, random);
        Sinusoid gate = code
                ? new Sinusoid(2, (bumps.positionAt(0) + N * random.integer(1, 6) + 7) / 8)
                : Sinusoid.atRandomPhase(2, random);
        gate.gate(x);
    }

    /**
     * Thesis Eq. D.6: the carrier and its first harmonic at half its amplitude, under one envelope. The code counts the
     * carrier as a harmonic, too: it adds the carrier's frequency at half the amplitude and its double at a quarter,
     * each at a phase of its own, so that the carrier's line varies between 1/2 and 3/2 of the amplitude drawn.
     */
    private void modulatingSound(SoundObject kind, Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        if (code) {
            Sinusoid.atRandomPhase(carrier.frequency(), random).addTo(x, amplitude / 2);
        }
        Sinusoid.atRandomPhase(2 * carrier.frequency(), random).addTo(x, code ? amplitude / 4 : amplitude / 2);
        modulate(kind, x, 0.75f, random);
    }

    /**
     * Thesis Eq. D.5: rises from 0 to 1 twice a second and falls back within {@link #JUMP} of the period, so that the
     * jump makes no click.
     */
    private static void risingSawtooth(
            SoundObject kind, Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        Sinusoid.atRandomPhase(kind.slowest(), random).multiply(x, RISING);
    }

    /** Thesis Eq. D.5 in the other direction: 1 - rising. */
    private static void fallingSawtooth(
            SoundObject kind, Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        carrier.addTo(x, amplitude);
        Sinusoid.atRandomPhase(kind.slowest(), random).multiply(x, FALLING);
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
    private void melody(SoundObject kind, Sinusoid carrier, float amplitude, float[] x, SeededRandom random) {
        Sinusoid[] tones = new Sinusoid[4];
        for (int step = 0; step < tones.length; step++) {
            tones[step] = step == 0 ? carrier : Sinusoid.atRandomPhase(carrier.frequency() + 200 * step, random);
        }
        Sinusoid envelope = Sinusoid.atRandomPhase(kind.slowest(), random);
        float alpha = alpha(random);
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
