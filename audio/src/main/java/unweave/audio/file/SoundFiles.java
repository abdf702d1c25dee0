package unweave.audio.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads and writes sound files. */
public final class SoundFiles {
    private static final int BLOCK_BYTES = 1 << 16;
    private static final long LARGEST_DATA = 0xFFFF_FFFFL - 256;

    private SoundFiles() {}

    /**
     * Reads a WAV, AU, AIFF, Wave64, CAF, FLAC, MP3 or Ogg Vorbis file; the content decides which, not the name. Other
     * formats ({@link SoundKind#needsFfmpeg}) are decoded by FFmpeg where it is installed. Uncompressed: PCM of 8 to 32
     * bit, float of 32 and 64 bit, mu-law and A-law; a file whose length was left open by the program that streamed it
     * is read to its end.
     *
     * @throws SoundFormatException when the file is missing, no sound file, of an unsupported codec, truncated, empty,
     *     at 0 Hz, or holds NaN or infinity: one line with the file's name
     * @throws IOException when reading fails
     */
    public static Sound read(Path file) throws IOException {
        return read(file, note -> {});
    }

    /**
     * As {@link #read(Path)}.
     *
     * @param notes is told what was wrong in the file and how it was read ({@link SoundStream#notes})
     */
    public static Sound read(Path file, Consumer<String> notes) throws IOException {
        try (SoundSource in = SoundSource.open(file);
                SoundStream stream = SoundReader.open(in, file)) {
            Sound sound = SoundReader.read(stream, in);
            stream.notes().forEach(notes);
            return sound;
        }
    }

    /**
     * Reads a sound from a stream, to its end and into memory, as {@link #read(Path)} does.
     *
     * @param name of the sound, for messages
     */
    public static Sound read(InputStream stream, String name) throws IOException {
        try (SoundSource in = SoundSource.of(name, stream.readAllBytes());
                SoundStream sound = SoundReader.open(in, null)) {
            return SoundReader.read(sound, in);
        }
    }

    /**
     * Opens a file as {@link #read(Path)} does, to read it bit by bit.
     *
     * @throws SoundFormatException as {@link #read(Path)}, as far as the header tells
     */
    public static SoundStream open(Path file) throws IOException {
        SoundSource in = SoundSource.open(file);
        try {
            return SoundReader.open(in, file);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Whether a file is a sound, and of what kind. Reads its first bytes only: it may still turn out to be damaged.
     *
     * @return empty if neither its beginning nor its name are those of a sound
     */
    public static Optional<SoundKind> kind(Path file) throws IOException {
        try (SoundSource in = SoundSource.open(file)) {
            return SoundReader.kind(in);
        }
    }

    /** The kind of sound that a file's name promises; does not look at the file. */
    public static Optional<SoundKind> kindByName(Path file) {
        return SoundKind.ofName(String.valueOf(file.getFileName()));
    }

    /** Receives a sound block by block. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The next samples.
         *
         * @param channels [channel][sample], full scale is -1 to 1; overwritten by the next block
         * @param count samples per channel, from 0 on; at least 1
         * @param sampleRate in Hz
         */
        void block(float[][] channels, int count, int sampleRate) throws IOException;
    }

    /**
     * Reads a file as {@link #read(Path)} does, with the same checks, but holds only one block of it in memory.
     *
     * @throws SoundFormatException as {@link #read(Path)}; what comes before a sample that is not a number has been
     *     handed over by then
     */
    public static void stream(Path file, Listener listener) throws IOException {
        try (SoundStream stream = open(file)) {
            SoundReader.stream(stream, listener);
        }
    }

    /**
     * Writes WAV (.wav, .wave), AU (.au, .snd) or AIFF (.aif, .aiff, .aifc; float as AIFF-C), as the extension says.
     * The file appears under its name when it is complete; on failure nothing is left behind.
     *
     * @throws SoundFormatException for another extension, or a sound too large for the format
     * @throws IllegalArgumentException when a sample is NaN or infinite
     * @throws IOException when writing fails, for example on a full disk: one line with the file's name
     */
    public static void write(Path file, Sound sound, SampleFormat format) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        Container container =
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "wav", "wave" -> Container.WAV;
                    case "au", "snd" -> Container.AU;
                    case "aif", "aiff", "aifc" -> Container.AIFF;
                    default ->
                        throw new SoundFormatException(
                                file + ": no sound format has this extension; use .wav, .au or .aiff");
                };
        requireNumbers(sound, file + ": ");
        if (container != Container.AU && dataBytes(sound, format) > LARGEST_DATA) {
            throw new SoundFormatException(file + ": " + dataBytes(sound, format)
                    + " bytes of samples exceed the 4 GiB of " + container + "; use .au or fewer bits");
        }
        AtomicFile.write(file, out -> encode(sound, format, container, out));
    }

    /** Writes one channel as 16-bit WAV, with the guarantees of {@link #write}. */
    public static void writeWav(Path file, float[] mono, int sampleRate) throws IOException {
        Sound sound = Sound.ofMono(mono, sampleRate);
        requireNumbers(sound, file + ": ");
        AtomicFile.write(file, out -> encode(sound, SampleFormat.PCM_16, Container.WAV, out));
    }

    /**
     * One channel as a 16-bit WAV file in memory, for embedding in a page.
     *
     * @throws IllegalArgumentException when a sample is NaN or infinite
     */
    public static byte[] wavBytes(float[] mono, int sampleRate) {
        Sound sound = Sound.ofMono(mono, sampleRate);
        requireNumbers(sound, "");
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + 2 * mono.length);
        try {
            encode(sound, SampleFormat.PCM_16, Container.WAV, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * One channel as a FLAC file in memory: the same 16-bit samples as {@link #wavBytes}, in less room.
     *
     * @throws IllegalArgumentException when a sample is NaN or infinite
     */
    public static byte[] flacBytes(float[] mono, int sampleRate) {
        requireNumbers(Sound.ofMono(mono, sampleRate), "");
        ByteBuffer samples = ByteBuffer.allocate(Short.BYTES * mono.length);
        SampleEncoding encoding = SampleEncoding.of(SampleFormat.PCM_16);
        for (float value : mono) {
            encoding.write(value, samples);
        }
        short[] steps = new short[mono.length];
        samples.flip().asShortBuffer().get(steps);
        return FlacFormat.encode(steps, sampleRate);
    }

    private enum Container {
        WAV,
        AU,
        AIFF
    }

    private static long dataBytes(Sound sound, SampleFormat format) {
        return (long) sound.length() * sound.channels().length * (format.bits() / 8);
    }

    private static void encode(Sound sound, SampleFormat format, Container container, OutputStream out)
            throws IOException {
        long dataBytes = dataBytes(sound, format);
        ByteBuffer header =
                switch (container) {
                    case WAV -> WavFormat.header(sound, format, dataBytes);
                    case AU -> AuFormat.header(sound, format, dataBytes);
                    case AIFF -> AiffFormat.header(sound, format, dataBytes);
                };
        out.write(header.array(), header.arrayOffset(), header.limit());
        SampleEncoding encoding = container == Container.WAV ? WavFormat.encoding(format) : SampleEncoding.of(format);
        int frameBytes = encoding.bytes() * sound.channels().length;
        ByteBuffer block = ByteBuffer.allocate(Math.max(BLOCK_BYTES, frameBytes));
        block.order(container == Container.WAV ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        for (int n = 0; n < sound.length(); n++) {
            if (block.remaining() < frameBytes) {
                out.write(block.array(), 0, block.position());
                block.clear();
            }
            for (float[] channel : sound.channels()) {
                encoding.write(channel[n], block);
            }
        }
        out.write(block.array(), 0, block.position());
        // Chunks have even length; AU has no chunks.
        if (container != Container.AU && (dataBytes & 1) == 1) {
            out.write(0);
        }
    }

    private static void requireNumbers(Sound sound, String place) {
        for (float[] channel : sound.channels()) {
            for (int n = 0; n < channel.length; n++) {
                if (!Float.isFinite(channel[n])) {
                    throw new IllegalArgumentException(String.format(
                            Locale.ROOT,
                            "%sthe sample at %.4f s is %s; only finite samples can be written",
                            place,
                            (double) n / sound.sampleRate(),
                            channel[n]));
                }
            }
        }
    }
}
