package unweave.audio.file;

/** How samples are stored when a sound is written. Integer formats round to the nearest step and clip at full scale. */
public enum SampleFormat {
    PCM_8(8, false),
    PCM_16(16, false),
    PCM_24(24, false),
    PCM_32(32, false),
    FLOAT_32(32, true),
    FLOAT_64(64, true);

    private final int bits;
    private final boolean floatingPoint;

    SampleFormat(int bits, boolean floatingPoint) {
        this.bits = bits;
        this.floatingPoint = floatingPoint;
    }

    /** Bits per sample. */
    public int bits() {
        return bits;
    }

    /** Whether samples are IEEE 754 numbers, which keep values beyond full scale. */
    public boolean isFloatingPoint() {
        return floatingPoint;
    }
}
