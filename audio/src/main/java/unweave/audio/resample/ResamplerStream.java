package unweave.audio.resample;

import java.util.Arrays;

/**
 * Resamples a signal that arrives in pieces, in memory for one piece: together, the outputs are those of
 * {@link Resampler#resample} of the whole signal, bit for bit. For one thread.
 */
public final class ResamplerStream {
    private final Resampler resampler;
    /** Inputs from {@link #first} on; before the signal's first sample there are zeros. */
    private float[] held = {};

    private int count;
    private long first;
    /** Inputs so far. */
    private long fed;

    private long made;
    private boolean ended;

    /** @param made the first output that is wanted */
    ResamplerStream(Resampler resampler, long made) {
        this.resampler = resampler;
        this.made = made;
        this.first = resampler.firstTap(made);
        this.fed = Math.max(0, first);
        append(new float[(int) Math.max(0, -first)], (int) Math.max(0, -first));
    }

    /**
     * The next inputs.
     *
     * @param signal not modified
     * @param length how many of its samples, from 0 on
     */
    public void feed(float[] signal, int length) {
        append(signal, length);
        fed += length;
    }

    /** There are no more inputs. */
    public void end() {
        append(new float[resampler.taps()], resampler.taps());
        ended = true;
    }

    /**
     * The outputs that can be made of the inputs so far.
     *
     * @param target filled from {@code offset} on
     * @param most how many
     * @return how many were made; 0 if more inputs are needed or all have been made
     */
    public int take(float[] target, int offset, int most) {
        long last = resampler.outputLength(fed);
        int done = 0;
        while (done < most && (!ended || made < last)) {
            long start = resampler.firstTap(made) - first;
            if (start + resampler.taps() > count) {
                break;
            }
            target[offset + done] = resampler.output(held, (int) start, made);
            done++;
            made++;
        }
        return done;
    }

    private void append(float[] signal, int length) {
        long unused = Math.min(count, resampler.firstTap(made) - first);
        if (unused > 0) {
            System.arraycopy(held, (int) unused, held, 0, (int) (count - unused));
            count -= (int) unused;
            first += unused;
        }
        if (count + length > held.length) {
            held = Arrays.copyOf(held, Math.max(count + length, 2 * held.length));
        }
        System.arraycopy(signal, 0, held, count, length);
        count += length;
    }
}
