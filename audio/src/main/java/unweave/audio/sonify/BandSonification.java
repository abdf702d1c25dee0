package unweave.audio.sonify;

import unweave.audio.spectral.ComplexSpectrogram;
import unweave.audio.spectral.Edges;
import unweave.audio.spectral.FramingSettings;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.SpectralFrontEnd;

/**
 * Makes relevance audible behind any spectrogram, by a mask on the original's short-time Fourier transform X:
 *
 * <pre>
 *   g[t, b] = (sum over m of W[m, b] mask(R)[m, t]) / (sum over m of W[m, b])
 *   x_k = inverse STFT of g X
 * </pre>
 *
 * W is the filter bank; where the front end keeps bins, g is the mask itself. Bins that no filter reaches are silent.
 * The network's powers, logarithm, means and pre-emphasis play no part, so that the sound is that of the original.
 */
public final class BandSonification implements RelevanceSound {
    private static final RelevanceMask USUAL = new RelevanceMask();
    /** For maps that are too small to be blurred. */
    private static final RelevanceMask SHARP = new RelevanceMask(USUAL.percentile(), 1, 1);

    private final SpectralFrontEnd frontEnd;

    public BandSonification(SpectralFrontEnd frontEnd) {
        this.frontEnd = frontEnd;
    }

    @Override
    public float[] sound(FrontEnd.Analysis original, float[] relevance) {
        int rows = frontEnd.rows();
        int columns = frontEnd.columns();
        RelevanceMask kind = Math.min(rows, columns) > USUAL.blurLength() / 2 ? USUAL : SHARP;
        float[] mask = kind.of(relevance, rows, columns);
        ComplexSpectrogram spectrogram = original.spectrogram();
        int frames = Math.min(columns, spectrogram.frames);
        float[] gains = new float[rows];
        float[] ofBins = new float[spectrogram.bins];
        float[] sound = frontEnd.stft().inverse(frames, length(frames), (t, re, im) -> {
            for (int r = 0; r < rows; r++) {
                gains[r] = mask[r * columns + t];
            }
            frontEnd.toBins(gains, ofBins);
            for (int b = 0; b < ofBins.length; b++) {
                re[b] = ofBins[b] * spectrogram.re[t * ofBins.length + b];
                im[b] = ofBins[b] * spectrogram.im[t * ofBins.length + b];
            }
        });
        Loudness.match(sound, original.signal());
        return sound;
    }

    /** Up to the centre of the last frame, or to its end where frames are not centred; at least one hop. */
    private int length(int frames) {
        FramingSettings framing = frontEnd.settings().framing();
        int covered = framing.edges() == Edges.NONE ? framing.samples(frames) : framing.hop() * (frames - 1);
        return Math.min(frontEnd.samples(), Math.max(framing.hop(), covered));
    }
}
