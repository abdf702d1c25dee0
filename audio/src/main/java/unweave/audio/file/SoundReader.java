package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** From an open file to samples: recognises the format by its first bytes. */
final class SoundReader {
    /** Samples of all channels together that are decoded at a time. */
    private static final int BLOCK_SAMPLES = 1 << 15;
    /** The longest array that every JVM can make. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private static final Duration FFMPEG_PATIENCE = Duration.ofMinutes(1);

    /** No format's header is shorter, in bytes. */
    private static final int SHORTEST = 12;

    private static final String EXPECTED =
            "expected a WAV, AU, AIFF, FLAC, MP3 or Ogg Vorbis file, or what ffmpeg reads";

    private SoundReader() {}

    /**
     * The open sound; closing it closes {@code in}.
     *
     * @param file the file itself, for FFmpeg; null for a sound in memory
     */
    static SoundStream open(SoundSource in, Path file) throws IOException {
        if (in.length() == 0) {
            throw in.error("the file is empty (0 bytes); " + EXPECTED);
        }
        SoundSource sound = in.from(SoundTags.start(in));
        byte[] start = start(sound);
        SoundKind named = SoundKind.ofName(in.name()).orElse(null);
        SoundKind kind = SoundKind.ofStart(start).orElse(named);
        boolean unknown = kind == null || (start.length < SHORTEST && kind != named);
        if (unknown || (SoundKind.ofStart(start).isEmpty() && kind != SoundKind.MPEG && !kind.needsFfmpeg())) {
            throw in.error("not a sound file" + (in.length() < SHORTEST ? " (" + in.length() + " bytes)" : "") + "; "
                    + EXPECTED);
        }
        if (kind.needsFfmpeg()) {
            return foreign(sound, file, kind);
        }
        try {
            return own(sound, kind);
        } catch (ForeignSoundException e) {
            return elsewhere(sound, file, kind, e);
        }
    }

    /** What our decoders do not know, by FFmpeg. */
    private static SoundStream elsewhere(SoundSource in, Path file, SoundKind kind, ForeignSoundException reason)
            throws IOException {
        if (file == null) {
            throw reason;
        }
        Path program = FfmpegSound.program()
                .orElseThrow(() -> new SoundFormatException(
                        reason.getMessage() + "; ffmpeg, which is not installed, may read it", reason));
        try {
            return ffmpeg(in, file, kind, program);
        } catch (SoundFormatException e) {
            throw new SoundFormatException(reason.getMessage() + "; ffmpeg cannot read it either", e);
        }
    }

    /** What is decoded in Java. */
    private static SoundStream own(SoundSource in, SoundKind kind) throws IOException {
        return switch (kind) {
            case WAV -> new PlainSound(in, WavFormat.read(in));
            case AU -> new PlainSound(in, AuFormat.read(in));
            case AIFF -> new PlainSound(in, AiffFormat.read(in));
            case W64 -> new PlainSound(in, W64Format.read(in));
            case CAF -> new PlainSound(in, CafFormat.read(in));
            case FLAC -> FlacSound.open(in);
            case MPEG -> new MpegSound(in);
            default -> new VorbisSound(in);
        };
    }

    private static SoundStream foreign(SoundSource in, Path file, SoundKind kind) throws IOException {
        if (file == null) {
            throw in.error("is " + kind.title() + ", which is read from files only; save it to one first");
        }
        Path program = FfmpegSound.program()
                .orElseThrow(() ->
                        in.error("is " + kind.title() + ", which needs the program ffmpeg on the PATH; install it, "
                                + "or convert the file to FLAC or WAV"));
        return ffmpeg(in, file, kind, program);
    }

    private static SoundStream ffmpeg(SoundSource in, Path file, SoundKind kind, Path program) throws IOException {
        FfmpegSound sound = FfmpegSound.open(in, file, program, FFMPEG_PATIENCE);
        if (kind.isOgg() && !OggPages.end(in)) {
            sound.note(VorbisSound.NO_END); // FFmpeg takes it for the end of the sound
        }
        return sound;
    }

    private static byte[] start(SoundSource in) throws IOException {
        byte[] start = new byte[(int) Math.max(0, Math.min(SoundKind.START, in.length()))];
        in.read(0, start.length, ByteOrder.BIG_ENDIAN).get(start);
        return start;
    }

    /** What a file is, for {@link SoundFiles#kind}. */
    static Optional<SoundKind> kind(SoundSource in) throws IOException {
        long tag = SoundTags.start(in);
        Optional<SoundKind> found = SoundKind.ofStart(start(in.from(tag)));
        Optional<SoundKind> named = SoundKind.ofName(in.name());
        if (found.isPresent() && found.get() == SoundKind.MPEG && !named.equals(found)) {
            // Two bytes are soon alike: text in UTF-16 begins like a frame, but no second frame follows.
            found = MpegFrames.isAt(in.from(tag)) ? found : Optional.empty();
        }
        return found.isPresent() ? found : named.isEmpty() && tag > 0 ? Optional.of(SoundKind.MPEG) : named;
    }

    /** The whole sound. */
    static Sound read(SoundStream stream, SoundSource in) throws IOException {
        long frames = stream.frames();
        if (frames > LONGEST) {
            throw in.error(frames + " samples are too many to hold; at most " + LONGEST + " can be");
        }
        if (stream instanceof PlainSound) { // its length is that of the file, and can be trusted
            float[][] channels = new float[stream.channels()][(int) frames];
            stream.read(channels, (int) frames);
            return new Sound(channels, stream.sampleRate());
        }
        return new Sound(grown(stream, in), stream.sampleRate());
    }

    private static float[][] grown(SoundStream stream, SoundSource in) throws IOException {
        int length = Math.max(1, BLOCK_SAMPLES / stream.channels());
        float[][] block = new float[stream.channels()][length];
        float[][] channels = new float[stream.channels()][length];
        int held = 0;
        for (int count = stream.read(block, length); count > 0; count = stream.read(block, length)) {
            if (held > LONGEST - count) {
                throw in.error("holds too many samples; at most " + LONGEST + " can be read at once");
            }
            for (int c = 0; c < channels.length; c++) {
                if (held + count > channels[c].length) {
                    channels[c] = Arrays.copyOf(channels[c], (int) Math.min(LONGEST, 2L * (held + count)));
                }
                System.arraycopy(block[c], 0, channels[c], held, count);
            }
            held += count;
        }
        for (int c = 0; c < channels.length; c++) {
            channels[c] = Arrays.copyOf(channels[c], held);
        }
        return channels;
    }

    /** As {@link #read}, block by block. */
    static void stream(SoundStream stream, SoundFiles.Listener listener) throws IOException {
        int length = Math.max(1, BLOCK_SAMPLES / stream.channels());
        float[][] block = new float[stream.channels()][length];
        for (int count = stream.read(block, length); count > 0; count = stream.read(block, length)) {
            listener.block(block, count, stream.sampleRate());
        }
    }
}
