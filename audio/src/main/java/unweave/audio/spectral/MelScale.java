package unweave.audio.spectral;

/** From hertz to mel and back. Only ratios of mel matter to filters, so constant factors do not. */
public enum MelScale {
    /** 2595 log10(1 + f / 700), also written 1127 ln(1 + f / 700): HTK, Kaldi, TensorFlow (Harck 2024, Eq. 2.26). */
    HTK {
        @Override
        public double mel(double hertz) {
            return MelFilterBank.hertzToMel(hertz);
        }

        @Override
        public double hertz(double mel) {
            return MelFilterBank.melToHertz(mel);
        }
    },
    /**
     * 3 f / 200 below 1000 Hz and 15 + 27 log(f / 1000) / log(6.4) above: Slaney's Auditory Toolbox (1998), librosa's
     * default.
     */
    SLANEY {
        @Override
        public double mel(double hertz) {
            return hertz < BREAK_HERTZ ? hertz / HERTZ_PER_MEL : BREAK_MEL + Math.log(hertz / BREAK_HERTZ) / STEP;
        }

        @Override
        public double hertz(double mel) {
            return mel < BREAK_MEL ? mel * HERTZ_PER_MEL : BREAK_HERTZ * Math.exp(STEP * (mel - BREAK_MEL));
        }
    };

    private static final double HERTZ_PER_MEL = 200.0 / 3;
    private static final double BREAK_HERTZ = 1000;
    private static final double BREAK_MEL = 15;
    private static final double STEP = Math.log(6.4) / 27;

    /** Frequency in Hz to mel. */
    public abstract double mel(double hertz);

    /** Mel to frequency in Hz. */
    public abstract double hertz(double mel);
}
