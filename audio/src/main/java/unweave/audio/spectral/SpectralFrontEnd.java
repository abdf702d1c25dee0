package unweave.audio.spectral;

import java.util.Arrays;
import java.util.Optional;
import unweave.audio.memory.WorkingMemory;
import unweave.audio.resample.ResamplingFilter;

/**
 * Spectrograms as other tools make them, described by data:
 *
 * <pre>
 *   {@link SignalSettings}   cut, padded, divided by its size
 *   {@link FramingSettings}  X = STFT
 *   {@link BandSettings}     M = W |X|^power, or the bins themselves
 *   {@link Levels}           logarithm, floor, mean and deviation
 * </pre>
 *
 * The first frames are kept; frames that the signal does not reach have a value of their own, before mean and
 * deviation.
 */
public final class SpectralFrontEnd implements FrontEnd {
    private final Settings settings;
    private final Stft stft;
    /** Null where bins are kept. */
    private final MelFilterBank filterBank;
    /** The lowest bin that is kept. */
    private final int firstBin;

    private final int rows;
    private final int framesMade;
    private final WorkingMemory<Memory> memory;
    private final float silence;

    /**
     * All that describes a front end.
     *
     * @param frames kept, from the first on
     * @param missingFrames value of frames that the signal does not reach, before mean and deviation; NaN where there
     *     must be none
     * @param dct that the network's first layer makes of the bands
     */
    public record Settings(
            SignalSettings signal,
            FramingSettings framing,
            BandSettings bands,
            Levels levels,
            int frames,
            double missingFrames,
            Optional<Dct> dct) {}

    /** The arrays of one call. */
    private final class Memory {
        private final double[] power = new double[stft.bins()];
        private final double[] bands = new double[rows];
    }

    /** @throws IllegalArgumentException if the parts do not fit together */
    public SpectralFrontEnd(Settings settings) {
        SignalSettings signal = settings.signal();
        FramingSettings framing = settings.framing();
        BandSettings bands = settings.bands();
        this.stft = framing.stft();
        this.filterBank = bands.filterBank(stft.bins(), signal.sampleRate());
        double hertzPerBin = (double) signal.sampleRate() / framing.fftLength();
        this.firstBin = (int) Math.ceil(bands.lowHz() / hertzPerBin - 1e-9);
        int lastBin = Math.min(stft.bins() - 1, (int) Math.floor(bands.highHz() / hertzPerBin + 1e-9));
        this.rows = filterBank != null ? filterBank.mels() : lastBin - firstBin + 1;
        if (rows < 2) {
            throw new IllegalArgumentException(
                    rows + " bands from " + bands.lowHz() + " to " + bands.highHz() + " Hz: at least 2 are needed");
        }
        int available = framing.frames(signal.samples());
        requireFrames(settings, available);
        Limits.require(
                settings.frames() + " frames of " + framing.fftLength() + " samples",
                settings.frames(),
                Math.max(rows, framing.fftLength()));
        this.framesMade = Math.min(settings.frames(), available);
        Levels levels = settings.levels();
        Levels.perBin("mean", levels.mean(), rows, "rows");
        Levels.deviations(levels.deviation(), rows, "rows");
        requireDct(settings.dct(), rows);
        this.settings = settings;
        this.memory = new WorkingMemory<>(Memory::new);
        this.silence = mean(levels(new double[rows * framesMade])); // the bands of zeros are zeros
    }

    private static void requireFrames(Settings settings, int available) {
        int samples = settings.signal().samples();
        FramingSettings framing = settings.framing();
        if (framing.edges() == Edges.REFLECT && samples <= framing.fftLength() / 2) {
            throw new IllegalArgumentException(samples + " samples: reflection at the edges needs more than "
                    + framing.fftLength() / 2 + ", half the FFT length");
        }
        if (settings.frames() < 1
                || available < 1
                || (settings.frames() > available && Double.isNaN(settings.missingFrames()))) {
            throw new IllegalArgumentException(settings.frames() + " frames: " + samples + " samples with hop "
                    + framing.hop() + " give " + available
                    + "; more need a value for missing frames");
        }
    }

    private static void requireDct(Optional<Dct> dct, int rows) {
        if (dct.isPresent() && dct.get().mels() != rows) {
            throw new IllegalArgumentException("a DCT of " + dct.get().mels() + " bands: the front end makes " + rows);
        }
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return (float) (sum / values.length);
    }

    /** What this front end was made from. */
    public Settings settings() {
        return settings;
    }

    /** The transform between signal and complex spectrogram, without what is done to frames before the window. */
    public Stft stft() {
        return stft;
    }

    /** The filters between spectrum and mel bands; empty where bins are kept. */
    public Optional<MelFilterBank> filterBank() {
        return Optional.ofNullable(filterBank);
    }

    /** The window among the zeros that fill the frame, [fftLength]. */
    public float[] window() {
        return settings.framing().taper();
    }

    /**
     * Carries gains of rows over to the bins of a spectrum: through the filter bank, or one to one where bins are kept;
     * 0 for bins that no row sees.
     *
     * @param gains [rows]. Not modified.
     * @param ofBins [bins]. Overwritten.
     */
    public void toBins(float[] gains, float[] ofBins) {
        if (filterBank != null) {
            filterBank.toBins(gains, ofBins);
            return;
        }
        Arrays.fill(ofBins, 0);
        System.arraycopy(gains, 0, ofBins, firstBin, rows);
    }

    @Override
    public int sampleRate() {
        return settings.signal().sampleRate();
    }

    @Override
    public int samples() {
        return settings.signal().samples();
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return settings.frames();
    }

    @Override
    public double[] centreHz() {
        if (filterBank != null) {
            return filterBank.centreHz();
        }
        double[] hertz = new double[rows];
        for (int r = 0; r < rows; r++) {
            hertz[r] =
                    (double) (firstBin + r) * sampleRate() / settings.framing().fftLength();
        }
        return hertz;
    }

    @Override
    public double secondsPerColumn() {
        return (double) settings.framing().hop() / sampleRate();
    }

    @Override
    public double firstSeconds() {
        return settings.framing().firstCentre() / sampleRate();
    }

    @Override
    public float[] input(float[] signal) {
        return levels(bands(settings.signal().signal(signal, false)));
    }

    @Override
    public float[] inputAtItsSize(float[] signal) {
        return levels(bands(settings.signal().signal(signal, true)));
    }

    @Override
    public Analysis analyse(float[] signal) {
        float[] prepared = settings.signal().signal(signal, false);
        double[] bands = bands(prepared);
        float[] mel = new float[rows * columns()];
        for (int r = 0; r < rows; r++) {
            for (int t = 0; t < framesMade; t++) {
                mel[r * columns() + t] = (float) bands[r * framesMade + t];
            }
        }
        return new Analysis(prepared, settings.signal().peak(signal), stft.forward(prepared), mel, levels(bands));
    }

    /** Band values of the frames that are kept and that the signal reaches, [rows][frames made]. */
    private double[] bands(float[] signal) {
        double[] all = new double[rows * framesMade];
        BandSettings bands = settings.bands();
        double gain = settings.signal().factor() * settings.signal().factor();
        memory.use(own -> stft.powers(signal, framesMade, settings.framing()::prepare, own.power, t -> {
            for (int b = 0; b < own.power.length; b++) {
                own.power[b] = bands.power() == 2 ? gain * own.power[b] : Math.sqrt(gain * own.power[b]);
            }
            if (filterBank != null) {
                filterBank.apply(own.power, own.bands);
            } else {
                System.arraycopy(own.power, firstBin, own.bands, 0, rows);
            }
            for (int r = 0; r < rows; r++) {
                all[r * framesMade + t] = own.bands[r];
            }
        }));
        return all;
    }

    /** @param bands [rows][frames made], modified */
    private float[] levels(double[] bands) {
        Levels levels = settings.levels();
        levels.logarithm(bands, settings.bands().power());
        int columns = columns();
        double[] values = new double[rows * columns];
        Arrays.fill(values, settings.missingFrames());
        for (int r = 0; r < rows; r++) {
            System.arraycopy(bands, r * framesMade, values, r * columns, framesMade);
        }
        levels.standardise(values, rows, columns);
        float[] input = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            input[i] = (float) values[i];
        }
        return input;
    }

    @Override
    public boolean hears(float[] sound) {
        return settings.signal().hears(sound);
    }

    @Override
    public boolean acceptsSilence() {
        return settings.signal().acceptsSilence();
    }

    @Override
    public float silence() {
        return silence;
    }

    @Override
    public String unit() {
        Levels levels = settings.levels();
        if (levels.mean().length + levels.deviation().length > 0
                || levels.standardisation() != Levels.Standardisation.NONE) {
            return "input value";
        }
        String of = settings.bands().power() == 2 ? "power" : "magnitude";
        return switch (levels.log()) {
            case NONE -> of;
            case LN -> "ln " + of;
            case LOG10 -> "log_{10} " + of;
            case DB -> "dB";
            case LOG1P -> "ln (1 + " + of + ")";
        };
    }

    @Override
    public Optional<Dct> dct() {
        return settings.dct();
    }

    @Override
    public ResamplingFilter resampling() {
        return settings.signal().resampling();
    }
}
