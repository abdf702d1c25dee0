package unweave.audio.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One sample as it lies in a file. A b-bit integer s stands for s / 2^(b-1), so full scale is -1 to 1 - 2^(1-b);
 * writing is round(x 2^(b-1)), clipped to what b bits hold. Byte order is that of the buffer.
 */
enum SampleEncoding {
    UNSIGNED_8(1, "8-bit PCM") {
        @Override
        float read(ByteBuffer in) {
            return ((in.get() & 0xFF) - 128) / 128f;
        }

        @Override
        void write(float sample, ByteBuffer out) {
            out.put((byte) (quantize(sample, 8) + 128));
        }
    },
    PCM_8(1, "8-bit PCM") {
        @Override
        float read(ByteBuffer in) {
            return in.get() / 128f;
        }

        @Override
        void write(float sample, ByteBuffer out) {
            out.put((byte) quantize(sample, 8));
        }
    },
    PCM_16(2, "16-bit PCM") {
        @Override
        float read(ByteBuffer in) {
            return in.getShort() / 32768f;
        }

        @Override
        void write(float sample, ByteBuffer out) {
            out.putShort((short) quantize(sample, 16));
        }
    },
    PCM_24(3, "24-bit PCM") {
        @Override
        float read(ByteBuffer in) {
            int first = in.get() & 0xFF;
            int middle = in.get() & 0xFF;
            int last = in.get() & 0xFF;
            int top = in.order() == ByteOrder.BIG_ENDIAN ? first : last;
            int low = in.order() == ByteOrder.BIG_ENDIAN ? last : first;
            return ((byte) top << 16 | middle << 8 | low) / 8388608f;
        }

        @Override
        void write(float sample, ByteBuffer out) {
            int s = (int) quantize(sample, 24);
            boolean big = out.order() == ByteOrder.BIG_ENDIAN;
            out.put((byte) (big ? s >> 16 : s)).put((byte) (s >> 8)).put((byte) (big ? s : s >> 16));
        }
    },
    PCM_32(4, "32-bit PCM") {
        @Override
        float read(ByteBuffer in) {
            return in.getInt() / 0x1p31f;
        }

        @Override
        void write(float sample, ByteBuffer out) {
            out.putInt((int) quantize(sample, 32));
        }
    },
    FLOAT_32(4, "32-bit float") {
        @Override
        float read(ByteBuffer in) {
            return in.getFloat();
        }

        @Override
        void write(float sample, ByteBuffer out) {
            out.putFloat(sample);
        }
    },
    FLOAT_64(8, "64-bit float") {
        @Override
        float read(ByteBuffer in) {
            return (float) in.getDouble();
        }

        @Override
        void write(float sample, ByteBuffer out) {
            out.putDouble(sample);
        }
    },
    /** ITU-T G.711 mu-law: sign, 3-bit exponent e, 4-bit mantissa m, all inverted: ((2m + 33) 2^e - 33) 4 of 32768. */
    MU_LAW(1, "mu-law") {
        @Override
        float read(ByteBuffer in) {
            int code = ~in.get() & 0xFF;
            int magnitude = ((((code & 0xF) << 1) + 33) << ((code >> 4) & 7)) - 33;
            return ((code & 0x80) != 0 ? -magnitude : magnitude) / 8192f;
        }
    },
    /** ITU-T G.711 A-law: sign, 3-bit exponent e, 4-bit mantissa m, every other bit inverted. */
    A_LAW(1, "A-law") {
        @Override
        float read(ByteBuffer in) {
            int code = (in.get() & 0xFF) ^ 0x55;
            int exponent = (code >> 4) & 7;
            int mantissa = ((code & 0xF) << 1) + 1;
            int magnitude = exponent == 0 ? mantissa : (mantissa + 32) << (exponent - 1);
            return ((code & 0x80) != 0 ? magnitude : -magnitude) / 4096f;
        }
    };

    private final int bytes;
    private final String title;

    SampleEncoding(int bytes, String title) {
        this.bytes = bytes;
        this.title = title;
    }

    /** Bytes one sample takes. */
    int bytes() {
        return bytes;
    }

    /** What people call it, for messages. */
    String title() {
        return title;
    }

    /** The next sample of the buffer. */
    abstract float read(ByteBuffer in);

    /** Appends one sample. The companded encodings are read only. */
    void write(float sample, ByteBuffer out) {
        throw new IllegalArgumentException(title + " is read but not written");
    }

    /** Signed integer PCM in containers of 1 to 4 bytes. */
    static SampleEncoding pcm(int bytes) {
        return switch (bytes) {
            case 1 -> PCM_8;
            case 2 -> PCM_16;
            case 3 -> PCM_24;
            default -> PCM_32;
        };
    }

    /** The encoding that writes a format, for file formats whose 8-bit samples are signed. */
    static SampleEncoding of(SampleFormat format) {
        return switch (format) {
            case PCM_8 -> PCM_8;
            case PCM_16 -> PCM_16;
            case PCM_24 -> PCM_24;
            case PCM_32 -> PCM_32;
            case FLOAT_32 -> FLOAT_32;
            case FLOAT_64 -> FLOAT_64;
        };
    }

    private static long quantize(float sample, int bits) {
        double scale = 1L << (bits - 1);
        return (long) Math.max(-scale, Math.min(scale - 1, Math.rint(sample * scale)));
    }
}
