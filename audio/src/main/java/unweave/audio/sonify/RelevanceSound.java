package unweave.audio.sonify;

import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelInverse;
import unweave.audio.spectral.SpectralFrontEnd;
import unweave.audio.spectral.WaveformFrontEnd;

/** Makes the relevant parts of a sound audible. Implementations are immutable and may be shared by threads. */
public interface RelevanceSound {
    /**
     * Makes a relevance map audible.
     *
     * @param original the sound that was explained. Not modified.
     * @param relevance [rows][columns]. Not modified.
     * @return a signal at the front end's sample rate, as loud as the original (root mean square); silence if nothing
     *     in the map is positive
     * @throws IllegalArgumentException if the map's size does not fit, or a value is not finite
     */
    float[] sound(FrontEnd.Analysis original, float[] relevance);

    /**
     * The way that suits a front end: {@link Sonification}, {@link BandSonification} or {@link WaveformSonification}.
     *
     * @param method how {@link Sonification} finds magnitudes; the others need none
     */
    static RelevanceSound of(FrontEnd frontEnd, MelInverse.Method method) {
        if (frontEnd instanceof LogMel logMel) {
            return new Sonification(logMel, new RelevanceMask(), new MelInverse(logMel.filterBank()), method);
        }
        if (frontEnd instanceof SpectralFrontEnd spectral) {
            return new BandSonification(spectral);
        }
        if (frontEnd instanceof WaveformFrontEnd) {
            return new WaveformSonification(frontEnd.sampleRate());
        }
        throw new IllegalArgumentException("no sounds of relevance for " + frontEnd.getClass());
    }
}
