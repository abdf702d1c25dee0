package unweave.explain.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

/**
 * The windows of a recording of any length, each as long as a model's input, one hop apart. The last one may be
 * shorter: the recording ends inside it. Windows that would hold only what the one before holds, too, are none. For one
 * thread.
 */
public final class Windows implements Closeable {
    private final SignalReader reader;
    private final String name;
    private final int rate;
    private final int length;
    private final long hop;
    private final long end;
    private final float[] held;
    private int count;
    private long start;
    private boolean over;

    /**
     * One window.
     *
     * @param start first sample, from the beginning of the recording
     * @param signal at the front end's rate; the window's own
     */
    public record Window(long start, float[] signal) {}

    private Windows(SignalReader reader, String name, FrontEnd frontEnd, double hop, double start, double end)
            throws IOException {
        this.reader = reader;
        this.name = name;
        this.rate = frontEnd.sampleRate();
        this.length = frontEnd.samples();
        this.hop = Math.max(1, Math.round(hop * rate));
        this.start = Math.round(start * rate);
        this.end = end == Double.POSITIVE_INFINITY ? Long.MAX_VALUE : Math.round(end * rate);
        this.held = new float[length];
        reader.skip(this.start);
        fill();
        if (count == 0) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: the start, %.2f s, is not inside the sound, which ends at %.2f s",
                    name,
                    start,
                    (double) reader.position() / rate));
        }
    }

    /**
     * Opens a recording.
     *
     * @param hop distance of two windows in seconds
     * @param start of the first window, in seconds
     * @param end where the part that is looked at ends, in seconds; infinity for the end of the recording
     * @throws BadInputException if the file is missing or no sound, or does not reach as far as {@code start}
     */
    public static Windows open(Path file, FrontEnd frontEnd, double hop, double start, double end) throws IOException {
        SignalReader reader = SignalReader.open(file, frontEnd);
        try {
            return new Windows(reader, file.toString(), frontEnd, hop, start, end);
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * The next window.
     *
     * @return null at the end
     * @throws BadInputException if the file turns out to be damaged
     */
    public Window next() throws IOException {
        if (over) {
            return null;
        }
        Window window = new Window(start, Arrays.copyOf(held, count));
        over = count < length;
        if (!over) {
            advance();
        }
        return window;
    }

    private void advance() throws IOException {
        start += hop;
        if (hop < length) {
            System.arraycopy(held, (int) hop, held, 0, length - (int) hop);
            count = length - (int) hop;
        } else {
            count = 0;
            reader.skip(hop - length);
        }
        int before = count;
        fill();
        over = count == before; // nothing new
    }

    private void fill() throws IOException {
        int wanted = (int) Math.min(length - count, Math.max(0, end - reader.position()));
        count += reader.read(held, count, wanted);
    }

    /** The file as it was named. */
    public String name() {
        return name;
    }

    /** Duration of the whole recording in seconds; NaN where only the end will tell. */
    public double seconds() {
        return reader.seconds();
    }

    /**
     * Tells what is to be said of the part that was read.
     *
     * @throws BadInputException if its channels cancel each other
     */
    public void tell(Monitor monitor) {
        reader.tell(name, monitor);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
