package unweave.audio.file;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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

    /** Ends those that hang. */
    private static final ScheduledExecutorService WATCH = watch();

    private final Process process;
    private final Path complaints;
    private final DataInputStream out;
    private final Duration patience;
    private volatile boolean silent;
    private final float[][] samples;
    private final byte[] bytes;

    private FfmpegSound(SoundSource in, Process process, Path complaints, Duration patience) throws IOException {
        super(in);
        this.process = process;
        this.complaints = complaints;
        this.patience = patience;
        this.out = new DataInputStream(new BufferedInputStream(new Watched(process.getInputStream()), 1 << 16));
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
        is(au.getInt(16), au.getInt(20), -1);
        out.mark(1);
        if (out.read() < 0) { // a header comes even where the codec is unknown
            throw failed();
        }
        out.reset();
        this.samples = new float[channels()][BLOCK];
        this.bytes = new byte[4 * channels() * BLOCK];
    }

    /**
     * Begins to decode.
     *
     * @param in the open file, for messages and to be closed
     * @param program of FFmpeg
     * @param patience how long it may give nothing while more is waited for
     * @throws SoundFormatException if it cannot read the file
     */
    static FfmpegSound open(SoundSource in, Path file, Path program, Duration patience) throws IOException {
        Path complaints = Files.createTempFile("unweave-ffmpeg-", ".txt");
        Process process = null;
        try {
            process = new ProcessBuilder(arguments(program, file))
                    .redirectError(complaints.toFile())
                    .start();
            process.getOutputStream().close();
            return new FfmpegSound(in, process, complaints, patience);
        } catch (IOException | RuntimeException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(complaints);
            throw e;
        }
    }

    /** Its thread does not keep the JVM alive. */
    private static ScheduledExecutorService watch() {
        ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "unweave-ffmpeg");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true); // nearly every task is cancelled
        return watch;
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
    void decode() throws IOException {
        int frame = 4 * channels();
        int read = out.readNBytes(bytes, 0, bytes.length) / frame;
        ByteBuffer values = ByteBuffer.wrap(bytes);
        for (int n = 0; n < read; n++) {
            for (float[] channel : samples) {
                channel[n] = values.getFloat();
            }
        }
        if (read == 0) {
            requireSuccess();
            complaint().ifPresent(text -> note("ffmpeg says \"" + text + "\"; what it decoded is read"));
        }
        hand(samples, 0, read);
    }

    private void requireSuccess() throws IOException {
        try {
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw failed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed();
        }
    }

    private SoundFormatException failed() throws IOException {
        process.destroyForcibly();
        String reason = silent
                ? "it gave nothing for " + patience.toSeconds() + " s"
                : complaint().orElse("it gave no sound");
        return source().error("ffmpeg cannot decode it" + (position() > 0 ? " to its end" : "") + " (" + reason + ")");
    }

    /** The first line that FFmpeg wrote. */
    private Optional<String> complaint() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(complaints), StandardCharsets.UTF_8))) {
            return Optional.ofNullable(lines.readLine())
                    .map(line -> line.replaceFirst("^\\[[^]]*] ", "")) // the part of FFmpeg, and its address
                    .map(line -> line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + " ..." : line);
        }
    }

    /** What FFmpeg gives; it is ended where it gives nothing for too long. */
    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            ScheduledFuture<?> end = WATCH.schedule(this::end, patience.toMillis(), TimeUnit.MILLISECONDS);
            try {
                return super.read(target, offset, count);
            } finally {
                end.cancel(false);
            }
        }

        private void end() {
            silent = true;
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(complaints);
        super.close();
    }
}
