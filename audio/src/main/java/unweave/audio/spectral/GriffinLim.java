package unweave.audio.spectral;

import unweave.audio.random.SeededRandom;

/**
 * Finds a signal for a magnitude spectrogram that has lost its phase (Griffin and Lim 1984), with the momentum of
 * Perraudin, Balazs and Sondergaard 2013:
 *
 * <pre>
 *   C_(n+1) = STFT(inverse STFT(A exp(i phase(Y_n)))),   Y_(n+1) = C_(n+1) + momentum (C_(n+1) - C_n)
 * </pre>
 *
 * A are the magnitudes. Without momentum the distance between A and the magnitudes of the signal's own transform never
 * grows; with momentum it usually ends up smaller.
 *
 * <p>Immutable; several threads may use one instance at the same time.
 */
public final class GriffinLim {
    private final Stft stft;
    private final int iterations;
    private final double momentum;

    /** The usual choice: 32 iterations, momentum 0.99. */
    public GriffinLim(Stft stft) {
        this(stft, 32, 0.99);
    }

    /**
     * @param iterations at least 0
     * @param momentum from 0 (the method of 1984) to below 1.5 or so
     * @throws IllegalArgumentException if either is negative
     */
    public GriffinLim(Stft stft, int iterations, double momentum) {
        if (iterations < 0 || !(momentum >= 0)) {
            throw new IllegalArgumentException("Griffin-Lim with " + iterations + " iterations and momentum " + momentum
                    + ": neither may be negative");
        }
        this.stft = stft;
        this.iterations = iterations;
        this.momentum = momentum;
    }

    /**
     * Starts from random phases, uniform over the circle.
     *
     * @param magnitude [frames][bins]. Not modified.
     * @param seed decides the phases
     * @return hop * (frames - 1) samples
     * @throws IllegalArgumentException if the size of {@code magnitude} is not a multiple of the bins, or the signal
     *     would be too short to be transformed
     */
    public float[] signal(float[] magnitude, long seed) {
        ComplexSpectrogram phases = new ComplexSpectrogram(magnitude.length / stft.bins(), stft.bins());
        SeededRandom random = new SeededRandom(seed);
        for (int i = 0; i < phases.re.length; i++) {
            double phase = random.uniform(0, 2 * Math.PI);
            phases.re[i] = (float) StrictMath.cos(phase);
            phases.im[i] = (float) StrictMath.sin(phase);
        }
        return signal(magnitude, phases);
    }

    /**
     * Starts from given phases.
     *
     * @param magnitude [frames][bins]. Not modified.
     * @param start complex numbers of any length, of which the phases are taken. Not modified.
     * @return hop * (frames - 1) samples
     */
    public float[] signal(float[] magnitude, ComplexSpectrogram start) {
        if (magnitude.length != start.re.length || start.bins != stft.bins()) {
            throw new IllegalArgumentException(magnitude.length + " magnitudes: " + start.frames + " frames x "
                    + stft.bins() + " bins are needed");
        }
        ComplexSpectrogram estimate = withPhases(magnitude, start, null);
        ComplexSpectrogram before = null;
        for (int n = 0; n < iterations; n++) {
            ComplexSpectrogram consistent = stft.forward(stft.inverse(estimate));
            estimate = withPhases(magnitude, consistent, before);
            before = consistent;
        }
        return stft.inverse(estimate);
    }

    /**
     * Magnitudes with the phases of the spectrogram, extrapolated by the momentum if there is one before it; zero has
     * phase 0.
     */
    private ComplexSpectrogram withPhases(float[] magnitude, ComplexSpectrogram phases, ComplexSpectrogram before) {
        ComplexSpectrogram result = new ComplexSpectrogram(phases.frames, phases.bins);
        for (int i = 0; i < magnitude.length; i++) {
            double re = phases.re[i];
            double im = phases.im[i];
            if (before != null) {
                re += momentum * (re - before.re[i]);
                im += momentum * (im - before.im[i]);
            }
            double length = Math.sqrt(re * re + im * im);
            result.re[i] = (float) (length > 0 ? magnitude[i] * re / length : magnitude[i]);
            result.im[i] = (float) (length > 0 ? magnitude[i] * im / length : 0);
        }
        return result;
    }
}
