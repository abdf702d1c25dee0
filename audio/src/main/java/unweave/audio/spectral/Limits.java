package unweave.audio.spectral;

import unweave.audio.file.SoundStream;

/** Bounds what a front end may ask for: its numbers come from files, and a wrong one would take all memory or hours. */
final class Limits {
    /**
     * Values that one input, one table or the frames of one input may hold together, 128 MB as float32. Far from what
     * networks read: 30 s as 3,000 frames of 400 samples (Whisper) are 1.2 million.
     */
    private static final long MOST_VALUES = 1L << 25;
    /** Values of the tables and buffers of a Fourier transform for each sample of it. */
    private static final int PER_FFT_SAMPLE = 16;

    private Limits() {}

    /**
     * Bounds a product of sizes.
     *
     * @param what the numbers, such as "2000000000 samples"
     * @throws IllegalArgumentException if it is larger than any front end needs
     */
    static void require(String what, int... sizes) {
        double values = 1;
        for (int size : sizes) {
            values *= size;
        }
        if (values > MOST_VALUES) {
            throw new IllegalArgumentException(
                    what + ": more than a front end may ask for, " + MOST_VALUES + " values");
        }
    }

    /** @param hertz sample rate, no higher than that of any converter */
    static void requireRate(int hertz) {
        if (hertz > SoundStream.HIGHEST_RATE) {
            throw new IllegalArgumentException(
                    "sample rate " + hertz + " Hz: at most " + SoundStream.HIGHEST_RATE + " Hz are possible");
        }
    }

    static void requireFft(int length) {
        require("FFT length " + length, length, PER_FFT_SAMPLE);
    }
}
