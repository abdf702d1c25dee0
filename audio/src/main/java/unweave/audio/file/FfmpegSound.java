package unweave.audio.file;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A sound that FFmpeg decodes: the first audio stream of the file, as 32-bit float through a pipe. The program is the
 * one on the PATH; it gets its arguments as they are, through no shell, and may open this file only.
 */
final class FfmpegSound extends DecodedSound {
    /** An AU header as FFmpeg writes it: marker, offset, size, encoding, rate, channels. */
    private static final int AU_HEADER = 24;

    private static final int AU_FLOAT = 6;
    private static final int BLOCK = 1 << 12;
    /** Characters of FFmpeg's complaint that a message repeats. */
    private static final int LONGEST_REASON = 120;

    private final Process process;
    private final Path complaints;
    private final DataInputStream out;
    private final int rate;
    private final int channels;
    private final float[][] samples;
    private final byte[] bytes;

    private FfmpegSound(SoundSource in, Process process, Path complaints) throws IOException {
        super(in);
        this.process = process;
        this.complaints = complaints;
        this.out = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        byte[] header = new byte[AU_HEADER];
        try {
            out.readFully(header);
        } catch (EOFException e) {
            throw failed();
        }
        ByteBuffer au = ByteBuffer.wrap(header);
        if (au.getInt(12) != AU_FLOAT || au.getInt(4) < AU_HEADER) {
            throw failed();
        }
        out.skipNBytes(au.getInt(4) - AU_HEADER);
        this.rate = au.getInt(16);
        this.channels = au.getInt(20);
        in.requireRate(rate);
        if (channels < 1 || channels > 255) {
            throw failed();
        }
        this.samples = new float[channels][BLOCK];
        this.bytes = new byte[4 * channels * BLOCK];
    }

    /**
     * Begins to decode.
     *
     * @param in the open file, for messages and to be closed
     * @param kind what the file is
     * @throws SoundFormatException if there is no FFmpeg, or it cannot read the file
     */
    static FfmpegSound open(SoundSource in, Path file, SoundKind kind) throws IOException {
        Path program = program()
                .orElseThrow(
                        () -> in.error(
                                "is " + kind.title()
                                        + ", which needs the program ffmpeg on the PATH; install it, or convert the file to FLAC or WAV"));
        Path complaints = Files.createTempFile("unweave-ffmpeg-", ".txt");
        Process process = null;
        try {
            process = new ProcessBuilder(arguments(program, file))
                    .redirectError(complaints.toFile())
                    .start();
            process.getOutputStream().close();
            return new FfmpegSound(in, process, complaints);
        } catch (IOException | RuntimeException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(complaints);
            throw e;
        }
    }

    /** The protocol before the path keeps names such as {@code concat:a|b} and {@code -i} what they are. */
    private static List<String> arguments(Path program, Path file) {
        return List.of(
                program.toString(),
                "-nostdin",
                "-v",
                "error",
                "-xerror",
                "-protocol_whitelist",
                "file,pipe",
                "-i",
                "file:" + file.toAbsolutePath(),
                "-map",
                "0:a:0",
                "-f",
                "au",
                "-c:a",
                "pcm_f32be",
                "pipe:1");
    }

    /** FFmpeg's program, if it is installed. */
    static Optional<Path> program() {
        String name = File.separatorChar == '\\' ? "ffmpeg.exe" : "ffmpeg";
        List<Path> places = new ArrayList<>();
        for (String folder :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty()) { // an empty entry means the current folder: no place to run programs from
                places.add(Path.of(folder, name));
            }
        }
        return places.stream()
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    @Override
    public int sampleRate() {
        return rate;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public long frames() {
        return -1;
    }

    @Override
    void decode() throws IOException {
        int frame = 4 * channels;
        int read = out.readNBytes(bytes, 0, bytes.length) / frame;
        ByteBuffer values = ByteBuffer.wrap(bytes);
        for (int n = 0; n < read; n++) {
            for (float[] channel : samples) {
                channel[n] = values.getFloat();
            }
        }
        if (read == 0) {
            requireSuccess();
        }
        hand(samples, 0, read);
    }

    private void requireSuccess() throws IOException {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw failed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed();
        }
    }

    private SoundFormatException failed() throws IOException {
        process.destroyForcibly();
        String first = new String(Files.readAllBytes(complaints), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("it gave no sound");
        String reason = first.length() > LONGEST_REASON ? first.substring(0, LONGEST_REASON) + " ..." : first;
        return source().error("ffmpeg cannot decode it" + (position() > 0 ? " to its end" : "") + " (" + reason + ")");
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(complaints);
        super.close();
    }
}
