package unweave.experiments.synthetic;

import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.synthetic.SyntheticSample;
import unweave.explain.TimeFrequencyAxes;
import unweave.figure.ColourRange;
import unweave.figure.MapPanel;

/**
 * Pictures of a synthetic sample and of each object that it is made of, alone (thesis Fig. 4.1, 4.2, 4.4, C.2): log-mel
 * spectrograms with one colour scale, the objects as loud as they are in the sample.
 */
public final class SamplePictures {
    private final LogMel frontEnd;
    private final TimeFrequencyAxes axes;

    public SamplePictures(SpectrogramSettings spectrogram) {
        frontEnd = new LogMel(spectrogram);
        axes = TimeFrequencyAxes.of(frontEnd);
    }

    /** The whole sample. */
    public MapPanel sample(SyntheticSample sample, String title) {
        return panel(title, logMel(sample.signal()), sample);
    }

    /** One object of the sample. */
    public MapPanel object(SyntheticSample sample, int index, String title) {
        return panel(title, logMel(sample.objects()[index]), sample);
    }

    private MapPanel panel(String title, float[] logMel, SyntheticSample sample) {
        float loudest = (float) frontEnd.settings().floor();
        for (float value : logMel(sample.signal())) {
            loudest = Math.max(loudest, value);
        }
        return MapPanel.spectrogram(title, axes.rows(logMel), axes)
                .range(ColourRange.sequential(frontEnd.settings().floor(), loudest, MapPanel.LOG_MAGNITUDE));
    }

    /** Not scaled to a peak of 1, as a network's input would be. */
    private float[] logMel(float[] signal) {
        return frontEnd.logMel(frontEnd.stft().forward(signal));
    }
}
