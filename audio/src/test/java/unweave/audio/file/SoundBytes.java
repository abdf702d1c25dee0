package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Puts sound files together byte by byte, right ones and wrong ones. */
final class SoundBytes {
    private final ByteBuffer bytes;

    private SoundBytes(ByteOrder order) {
        bytes = ByteBuffer.allocate(1 << 16).order(order);
    }

    static SoundBytes littleEndian() {
        return new SoundBytes(ByteOrder.LITTLE_ENDIAN);
    }

    static SoundBytes bigEndian() {
        return new SoundBytes(ByteOrder.BIG_ENDIAN);
    }

    /** A RIFF header of the given size and a plain format chunk. */
    static SoundBytes wav(long riffSize, int codec, int channels, int rate, int bits) {
        return littleEndian().text("RIFF").int32(riffSize).text("WAVE").format(codec, channels, rate, bits);
    }

    /** A 44.1 kHz stereo 16-bit WAV up to and including the given size of its data. */
    static SoundBytes stereoWav(long dataSize) {
        return wav(36 + dataSize, 1, 2, 44100, 16).text("data").int32(dataSize);
    }

    /** A Wave64 file of one channel in 32-bit float. */
    static byte[] wave64(int rate, float... samples) {
        SoundBytes out = littleEndian()
                .text("riff")
                .int64(0x11CF912EL | 0xDB28D6A5L << 32)
                .int32(0xC104);
        out.int64(104 + 4L * samples.length)
                .text("wave")
                .int64(0x11D3ACF3L | 0x4FC000D1L << 32)
                .int32(0x8ADB8EC0);
        out.text("fmt ")
                .int64(0x11D3ACF3L | 0x4FC000D1L << 32)
                .int32(0x8ADB8EC0)
                .int64(40);
        out.int16(3, 1).int32(rate).int32(4L * rate).int16(4, 32);
        out.text("data")
                .int64(0x11D3ACF3L | 0x4FC000D1L << 32)
                .int32(0x8ADB8EC0)
                .int64(24 + 4L * samples.length);
        return out.float32(samples).all();
    }

    /** A CAF file of one channel in 32-bit float. */
    static byte[] coreAudio(double rate, float... samples) {
        SoundBytes out =
                bigEndian().text("caff").int16(1, 0).text("desc").int64(32).int64(Double.doubleToLongBits(rate));
        out.text("lpcm").int32(1).int32(4).int32(1).int32(1).int32(32);
        out.text("data").int64(4 + 4L * samples.length).int32(0);
        return out.float32(samples).all();
    }

    private byte[] all() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    SoundBytes format(int codec, int channels, int rate, int bits) {
        int frame = channels * bits / 8;
        return text("fmt ")
                .int32(16)
                .int16(codec)
                .int16(channels)
                .int32(rate)
                .int32((long) rate * frame)
                .int16(frame)
                .int16(bits);
    }

    SoundBytes text(String text) {
        bytes.put(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    SoundBytes int16(int... values) {
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return this;
    }

    SoundBytes int32(long value) {
        bytes.putInt((int) value);
        return this;
    }

    SoundBytes int64(long value) {
        bytes.putLong(value);
        return this;
    }

    SoundBytes int8(int... values) {
        for (int value : values) {
            bytes.put((byte) value);
        }
        return this;
    }

    SoundBytes float32(float... values) {
        for (float value : values) {
            bytes.putFloat(value);
        }
        return this;
    }

    Path in(Path folder, String name) throws IOException {
        return Files.write(folder.resolve(name), all());
    }
}
