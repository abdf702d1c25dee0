package unweave.audio.spectral;

/**
 * What becomes of the bins of a spectrum.
 *
 * @param power 1 for magnitudes, 2 for their squares
 * @param mels number of mel bands; 0 keeps the bins themselves
 * @param scale of the bands
 * @param areaNorm whether filters have the area of 1 Hz, a height of 2 / width (Slaney); height 1 otherwise
 * @param straightInMel whether the slopes of filters are straight lines in mel, as in Kaldi, TensorFlow and VGGish; in
 *     hertz otherwise, as in torchaudio and librosa
 * @param lowHz where the first filter begins, or the lowest bin that is kept, in Hz
 * @param highHz where the last filter ends, or the highest bin that is kept, in Hz
 */
public record BandSettings(
        int power, int mels, MelScale scale, boolean areaNorm, boolean straightInMel, double lowHz, double highHz) {
    /** @throws IllegalArgumentException if a number is out of range */
    public BandSettings {
        if (power != 1 && power != 2) {
            throw new IllegalArgumentException("power " + power + ": 1 (magnitude) or 2 is needed");
        }
        if (mels < 0) {
            throw new IllegalArgumentException(mels + " mel bands: at least 1 is needed, or 0 for linear bins");
        }
    }

    /** The filters over the bins of a spectrum, or null where bins are kept. */
    MelFilterBank filterBank(int bins, int sampleRate) {
        return mels == 0
                ? null
                : new MelFilterBank(bins, lowHz, highHz, mels, sampleRate, scale, areaNorm, straightInMel);
    }
}
