package unweave.audio.sonify;

import unweave.audio.memory.WorkingMemory;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.GriffinLim;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelInverse;

/**
 * Makes the relevant parts of a sound audible (Harck 2024, section 3.3):
 *
 * <pre>
 *   M_k = mask(R_k) * M            the mel spectrogram of the relevant parts (Eq. 3.13)
 *   |X_k| = W+ M_k                 its magnitudes (Eq. 3.15), see {@link MelInverse}
 *   X_k = |X_k| X / |X|            with the original's phases (Eq. 3.16)
 *   x_k = inverse STFT of X_k      by overlap-add (Eq. 3.17)
 * </pre>
 *
 * The loudness (root mean square, Eq. 3.19) is then set to the original's, and peaks are clamped to the original's
 * largest value.
 *
 * <p>Immutable; several threads may use one instance at the same time.
 */
public final class Sonification implements RelevanceSound {
    private final LogMel frontEnd;
    private final RelevanceMask mask;
    private final MelInverse inverse;
    private final MelInverse.Method method;
    private final WorkingMemory<Memory> memory;

    /** The arrays of one call. */
    private final class Memory {
        private final int mels = frontEnd.settings().mels();
        private final int frames = frontEnd.settings().frames();
        /** The mask, then the mel spectrogram of the relevant parts. */
        private final float[] mel = new float[mels * frames];

        private final double[] blurred = new double[mels * frames];
        private final float[] magnitude = new float[frontEnd.stft().bins()];
        private final PhaseTransfer phases = new PhaseTransfer(magnitude.length);
        private final MelInverse.FrameInverse frameInverse = inverse.frameInverse(method);
    }

    /** The thesis' mask, and the pseudo-inverse. */
    public Sonification(LogMel frontEnd) {
        this(frontEnd, new RelevanceMask(), new MelInverse(frontEnd.filterBank()), MelInverse.Method.PSEUDO_INVERSE);
    }

    /**
     * @param frontEnd the front end that made the network's input
     * @param inverse of the front end's filter bank
     */
    public Sonification(LogMel frontEnd, RelevanceMask mask, MelInverse inverse, MelInverse.Method method) {
        this.frontEnd = frontEnd;
        this.mask = mask;
        this.inverse = inverse;
        this.method = method;
        this.memory = new WorkingMemory<>(Memory::new);
    }

    /**
     * Makes a relevance map audible.
     *
     * @param original the sound that was explained. Not modified.
     * @param relevance [mels][frames]. Not modified.
     * @return hop * (frames - 1) samples at the front end's sample rate, relative to the normalised original; silence
     *     if nothing in the map is positive
     * @throws IllegalArgumentException if the map's size does not fit, or a value is not finite
     */
    @Override
    public float[] sound(FrontEnd.Analysis original, float[] relevance) {
        float[] sound = memory.lend(own -> {
            writeRelevantMel(original.mel(), relevance, own);
            int samples = frontEnd.settings().hop() * (own.frames - 1);
            return frontEnd.stft().inverse(own.frames, samples, (t, re, im) -> {
                own.frameInverse.magnitude(own.mel, own.frames, t, own.magnitude, 0);
                own.phases.apply(own.magnitude, original.spectrogram(), t, re, im);
            });
        });
        Loudness.match(sound, original.signal());
        return sound;
    }

    /**
     * Makes a relevance map audible when only the mel spectrogram is known: the phases are guessed, and the peak is set
     * to 1.
     *
     * @param mel magnitudes, [mels][frames]. Not modified.
     * @param relevance [mels][frames]. Not modified.
     * @param phases on the front end's STFT
     * @param seed decides the phases to start from
     * @return hop * (frames - 1) samples; silence if nothing in the map is positive
     */
    public float[] soundWithoutPhases(float[] mel, float[] relevance, GriffinLim phases, long seed) {
        float[] magnitude = memory.lend(own -> {
            writeRelevantMel(mel, relevance, own);
            return inverse.magnitude(own.mel, own.frames, method);
        });
        float[] sound = phases.signal(magnitude, seed);
        float peak = Loudness.peak(sound);
        for (int s = 0; s < sound.length && peak > 0; s++) {
            sound[s] /= peak;
        }
        return sound;
    }

    /** mask(R) * M. */
    private void writeRelevantMel(float[] mel, float[] relevance, Memory own) {
        mask.of(relevance, own.mels, own.frames, own.mel, own.blurred);
        if (mel.length != own.mel.length) {
            throw new IllegalArgumentException(
                    "mel spectrogram of " + mel.length + " values: the relevance map has " + own.mel.length);
        }
        for (int i = 0; i < mel.length; i++) {
            own.mel[i] *= mel[i];
        }
    }
}
