package unweave.cli.selftest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import unweave.audio.augment.PhaseVocoder;
import unweave.audio.resample.Resampler;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.sonify.RelevanceMask;
import unweave.audio.sonify.Sonification;
import unweave.audio.spectral.ComplexSpectrogram;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelFilterBank;
import unweave.audio.spectral.MelInverse;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Stft;
import unweave.audio.spectral.Window;
import unweave.engine.file.SafeTensors;

/**
 * The file {@code audio.safetensors}: torchaudio's transforms, SciPy's non-negative least squares, explanation sounds.
 */
final class GoldenAudio {
    private static final double SPECTRUM = 1e-4;
    private static final double WAVE = 1e-5;
    private static final double INVERSE = 1e-6;
    private static final double DECIBELS_60 = 1e-3;
    private static final double DECIBELS_40 = 1e-2;
    private static final double COMPARED_UP_TO_HZ = 7000;

    private final SafeTensors golden;
    private final List<Check> checks = new ArrayList<>();

    private GoldenAudio(SafeTensors golden) {
        this.golden = golden;
    }

    static List<Check> run(SafeTensors golden) throws IOException {
        GoldenAudio audio = new GoldenAudio(golden);
        audio.resampling();
        for (Window window : Window.values()) {
            audio.excerpt(
                    "synth", golden.contains("synth/wave") ? "synth/wave" : null, SpectrogramSettings.toy(), window);
            audio.excerpt(
                    "clip",
                    golden.contains("clip/wave_3s") ? "clip/wave_3s" : null,
                    SpectrogramSettings.gtzan(),
                    window);
        }
        audio.stretching();
        return audio.checks;
    }

    private void resampling() throws IOException {
        if (!golden.contains("clip/wave_22050") || !golden.contains("clip/wave_16000")) {
            return;
        }
        float[] expected = golden.floats("clip/wave_16000");
        float[] actual =
                new Resampler(22050, 16000, ResamplingFilter.TORCHAUDIO).resample(golden.floats("clip/wave_22050"));
        if (actual.length != expected.length) {
            checks.add(
                    new Check("audio clip/wave_16000: length " + actual.length, Double.POSITIVE_INFINITY, DECIBELS_40));
            return;
        }
        float[] difference = new float[expected.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = actual[i] - expected[i];
        }
        checks.add(new Check(
                "audio clip/wave_16000, rms below 7 kHz",
                Math.sqrt(energy(difference) / energy(expected)),
                DECIBELS_40));
    }

    private static double energy(float[] signal) {
        ComplexSpectrogram spectrogram = new Stft(1024, 256, Window.HANN).forward(signal);
        int bins = (int) (COMPARED_UP_TO_HZ / 16000 * 1024);
        double energy = 0;
        for (int frame = 0; frame < spectrogram.frames; frame++) {
            for (int bin = 0; bin < bins; bin++) {
                int i = frame * spectrogram.bins + bin;
                energy += spectrogram.re[i] * spectrogram.re[i] + spectrogram.im[i] * spectrogram.im[i];
            }
        }
        return energy;
    }

    /** Everything that was computed from one excerpt with one window. */
    private void excerpt(String tag, String waveName, SpectrogramSettings preset, Window window) throws IOException {
        String key = tag + "/" + window.name().toLowerCase(java.util.Locale.ROOT);
        if (waveName == null || !golden.contains(key + "/stft_re")) {
            return;
        }
        float[] wave = golden.floats(waveName);
        SpectrogramSettings settings = new SpectrogramSettings(
                preset.sampleRate(),
                wave.length,
                preset.fftLength(),
                preset.hop(),
                window,
                preset.mels(),
                preset.lowHz(),
                preset.highHz(),
                preset.frames(),
                preset.logOffset(),
                preset.floor(),
                ResamplingFilter.STANDARD);
        LogMel frontEnd = new LogMel(settings);
        spectra(key, wave, frontEnd);
        filterBank(tag, frontEnd, window);
        if (golden.contains(key + "/mask")) {
            float[] mask =
                    new RelevanceMask().of(golden.floats(key + "/relevance"), settings.mels(), settings.frames());
            checks.add(Check.largest("audio " + key + "/mask", golden.doubles(key + "/mask"), mask, SPECTRUM));
        }
        if (golden.contains(key + "/audio")) {
            float[] sound = new Sonification(frontEnd).sound(frontEnd.analyse(wave), golden.floats(key + "/relevance"));
            checks.add(Check.rootMeanSquare(
                    "audio " + key + "/audio, rms", golden.doubles(key + "/audio"), sound, DECIBELS_60));
        }
    }

    private void spectra(String key, float[] wave, LogMel frontEnd) throws IOException {
        ComplexSpectrogram spectrogram = frontEnd.stft().forward(wave);
        double[] expected = concatenated(golden.doubles(key + "/stft_re"), golden.doubles(key + "/stft_im"));
        double[] actual = concatenated(binMajor(spectrogram, spectrogram.re), binMajor(spectrogram, spectrogram.im));
        checks.add(Check.largest("audio " + key + "/stft", expected, actual, SPECTRUM));
        if (golden.contains(key + "/mel")) {
            checks.add(Check.largest(
                    "audio " + key + "/mel",
                    firstFrames(key + "/mel", frontEnd.settings().frames()),
                    frontEnd.mel(spectrogram),
                    SPECTRUM));
        }
        if (golden.contains(key + "/logmel")) {
            checks.add(Check.largest(
                    "audio " + key + "/logmel",
                    golden.doubles(key + "/logmel"),
                    frontEnd.logMel(spectrogram),
                    SPECTRUM));
        }
        if (golden.contains(key + "/istft")) {
            checks.add(Check.largest(
                    "audio " + key + "/istft",
                    golden.doubles(key + "/istft"),
                    frontEnd.stft().inverse(spectrogram, wave.length),
                    WAVE));
        }
    }

    /** The filters and their pseudo-inverse do not depend on the window: they are checked with the first. */
    private void filterBank(String tag, LogMel frontEnd, Window window) throws IOException {
        if (window != Window.values()[0]) {
            return;
        }
        MelFilterBank bank = frontEnd.filterBank();
        if (golden.contains(tag + "/mel_filterbank")) {
            double[] weights = new double[bank.bins() * bank.mels()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = bank.weight(i / bank.mels(), i % bank.mels());
            }
            checks.add(Check.largest(
                    "audio " + tag + "/mel_filterbank", golden.doubles(tag + "/mel_filterbank"), weights, SPECTRUM));
        }
        if (golden.contains(tag + "/nnls_pinv")) {
            // torchaudio computes the filters in float32; which bins are zero in the inverse hangs on their last bits,
            // so it starts from them
            MelFilterBank same = bank.withWeights(golden.floats(tag + "/mel_filterbank"));
            double[][] inverse = new MelInverse(same).pseudoInverse();
            double[] flat = new double[bank.bins() * bank.mels()];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = inverse[i / bank.mels()][i % bank.mels()];
            }
            checks.add(Check.largest("audio " + tag + "/nnls_pinv", golden.doubles(tag + "/nnls_pinv"), flat, INVERSE));
        }
    }

    private void stretching() throws IOException {
        for (String name : golden.names()) {
            if (!name.startsWith("stretch/") || !name.endsWith("_re")) {
                continue;
            }
            String key = name.substring(0, name.length() - 3);
            double rate = Double.parseDouble(key.substring("stretch/".length()));
            Stft stft = new Stft(800, 360, Window.HAMMING);
            ComplexSpectrogram stretched = PhaseVocoder.stretch(stft.forward(golden.floats("clip/wave_3s")), rate);
            checks.add(Check.largest(
                    "audio " + key,
                    concatenated(golden.doubles(name), golden.doubles(key + "_im")),
                    concatenated(binMajor(stretched, stretched.re), binMajor(stretched, stretched.im)),
                    1e-2));
        }
    }

    /** [frames][bins] as the golden files have it: [bins][frames]. */
    private static double[] binMajor(ComplexSpectrogram spectrogram, float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[(i % spectrogram.bins) * spectrogram.frames + i / spectrogram.bins] = values[i];
        }
        return result;
    }

    private double[] firstFrames(String name, int frames) throws IOException {
        double[] all = golden.doubles(name);
        int rows = golden.shape(name).get(0);
        int columns = golden.shape(name).get(1);
        double[] first = new double[rows * frames];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(all, row * columns, first, row * frames, frames);
        }
        return first;
    }

    private static double[] concatenated(double[] a, double[] b) {
        double[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
