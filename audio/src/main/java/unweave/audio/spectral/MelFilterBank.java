package unweave.audio.spectral;

import java.util.Arrays;

/**
 * Triangular filters, equally wide on the mel scale, that turn a magnitude spectrum into mel bands (Harck 2024, Eq.
 * 2.27):
 *
 * <pre>
 *   mel(f) = 2595 log10(1 + f / 700)                                    (the HTK scale, Eq. 2.26)
 *   W[m, b] = max(0, min((f_b - p_m) / (p_(m+1) - p_m), (p_(m+2) - f_b) / (p_(m+2) - p_(m+1))))
 * </pre>
 *
 * where p_0 .. p_(mels+1) are equally spaced in mel between the lowest and the highest frequency and f_b are the bins'
 * frequencies. Filter m rises from p_m to its centre p_(m+1) and falls to p_(m+2): straight lines in Hz, height 1,
 * areas not normalised. This is {@code torchaudio.functional.melscale_fbanks(norm=None, mel_scale="htk")}, computed in
 * double precision.
 *
 * <p>Other banks have Slaney's scale, filters of equal area, W[m, b] 2 / (p_(m+2) - p_m), or slopes that are straight
 * lines in mel instead of Hz.
 *
 * <p>Neighbouring triangles overlap so that a bin lies in two filters at most; only those two weights are stored. A
 * filter narrower than the distance of two bins may fall between them and weigh nothing; its band is then always zero.
 *
 * <p>Immutable.
 */
public final class MelFilterBank {
    private final int bins;
    private final int mels;
    private final double[] edgesHz;
    /** The lower of the two filters that bin b lies in; the other is the next one. */
    final int[] lowerFilter;
    /** W[lowerFilter[b], b]. */
    final double[] lowerWeight;
    /** W[lowerFilter[b] + 1, b]; zero if there is no such filter. */
    final double[] upperWeight;
    /** The bins whose lower filter is m and whose weights are not both zero: from firstBin[m] to before endBin[m]. */
    final int[] firstBin;

    final int[] endBin;

    /**
     * @param bins frequency bins from 0 Hz to half the sample rate, at least 2
     * @param lowHz where the first filter begins, in Hz
     * @param highHz where the last filter ends, in Hz
     * @param mels number of filters, at least 1
     * @param sampleRate in Hz
     * @throws IllegalArgumentException unless {@code 0 <= lowHz < highHz <= sampleRate / 2}
     */
    public MelFilterBank(int bins, double lowHz, double highHz, int mels, int sampleRate) {
        this(bins, lowHz, highHz, mels, sampleRate, MelScale.HTK, false, false);
    }

    /**
     * A bank of another kind.
     *
     * @param scale on which the filters are equally wide
     * @param areaNorm whether each filter's area is 1 Hz, as Slaney's and librosa's; its height is 1 otherwise
     * @param straightInMel whether slopes are straight lines in mel, as TensorFlow's and Kaldi's; in Hz otherwise
     * @throws IllegalArgumentException unless {@code 0 <= lowHz < highHz <= sampleRate / 2}
     */
    public MelFilterBank(
            int bins,
            double lowHz,
            double highHz,
            int mels,
            int sampleRate,
            MelScale scale,
            boolean areaNorm,
            boolean straightInMel) {
        if (bins < 2 || mels < 1) {
            throw new IllegalArgumentException(
                    "mel filter bank of " + mels + " filters over " + bins + " bins: at least 1 and 2 are needed");
        }
        if (!(lowHz >= 0 && lowHz < highHz && highHz <= sampleRate / 2.0)) {
            throw new IllegalArgumentException("mel filters from " + lowHz + " to " + highHz
                    + " Hz: they must lie between 0 and " + sampleRate / 2.0 + " Hz, half the sample rate");
        }
        Limits.require(mels + " mel bands over " + bins + " bins", mels, bins);
        this.bins = bins;
        this.mels = mels;
        this.edgesHz = edges(lowHz, highHz, mels, scale);
        for (int edge = 1; edge < edgesHz.length; edge++) {
            if (!(edgesHz[edge] > edgesHz[edge - 1])) {
                throw new IllegalArgumentException("mel filters from " + lowHz + " to " + highHz
                        + " Hz: there is no room for " + mels + " bands between them");
            }
        }
        this.lowerFilter = new int[bins];
        this.lowerWeight = new double[bins];
        this.upperWeight = new double[bins];
        double[] edges = straightInMel ? Arrays.stream(edgesHz).map(scale::mel).toArray() : edgesHz;
        for (int b = 0; b < bins; b++) {
            double hertz = b * (sampleRate / 2.0) / (bins - 1);
            place(b, straightInMel ? scale.mel(hertz) : hertz, edges);
        }
        if (areaNorm) {
            normaliseAreas();
        }
        this.firstBin = new int[mels];
        this.endBin = new int[mels];
        findRanges();
    }

    private void normaliseAreas() {
        for (int b = 0; b < bins; b++) {
            int lower = lowerFilter[b];
            lowerWeight[b] *= 2 / (edgesHz[lower + 2] - edgesHz[lower]);
            if (upperWeight[b] != 0) {
                upperWeight[b] *= 2 / (edgesHz[lower + 3] - edgesHz[lower + 1]);
            }
        }
    }

    private MelFilterBank(MelFilterBank axes, float[] weights) {
        bins = axes.bins;
        mels = axes.mels;
        edgesHz = axes.edgesHz;
        lowerFilter = new int[bins];
        lowerWeight = new double[bins];
        upperWeight = new double[bins];
        int previous = 0;
        for (int b = 0; b < bins; b++) {
            float[] row = Arrays.copyOfRange(weights, b * mels, (b + 1) * mels);
            int lower = firstWeighted(row, previous);
            int last = lastWeighted(row, lower);
            if (lower < previous || last > lower + 1) {
                throw new IllegalArgumentException("mel weights of bin " + b + " lie in filters " + lower + " to "
                        + last + ": two neighbouring filters at most are needed, no lower than the bin before ("
                        + previous + ")");
            }
            lowerFilter[b] = lower;
            lowerWeight[b] = row[lower];
            upperWeight[b] = lower + 1 < mels ? row[lower + 1] : 0;
            previous = lower;
        }
        firstBin = new int[mels];
        endBin = new int[mels];
        findRanges();
    }

    private void findRanges() {
        for (int b = bins - 1; b >= 0; b--) {
            if (lowerWeight[b] != 0 || upperWeight[b] != 0) {
                firstBin[lowerFilter[b]] = b;
                endBin[lowerFilter[b]] = Math.max(endBin[lowerFilter[b]], b + 1);
            }
        }
    }

    /**
     * Returns a filter bank over the same frequencies with weights computed elsewhere, such as PyTorch's in float32.
     * With the same weights, later results can be compared without their difference in rounding.
     *
     * @param weights [bins][mels], at most two neighbouring filters non-zero in each row. Not modified.
     */
    public MelFilterBank withWeights(float[] weights) {
        if (weights.length != bins * mels) {
            throw new IllegalArgumentException(
                    weights.length + " mel weights: " + bins + " bins x " + mels + " filters are needed");
        }
        return new MelFilterBank(this, weights);
    }

    /** Frequency in Hz to mel. */
    public static double hertzToMel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    /** Mel to frequency in Hz. */
    public static double melToHertz(double mel) {
        return 700 * (Math.pow(10, mel / 2595) - 1);
    }

    /** Number of frequency bins. */
    public int bins() {
        return bins;
    }

    /** Number of filters. */
    public int mels() {
        return mels;
    }

    /**
     * Carries gains of filters over to bins: at each bin the mean of its filters' gains, weighted by their weights
     * there; 0 where no filter reaches.
     *
     * @param gains of each filter, [mels]. Not modified.
     * @param ofBins [bins]. Overwritten.
     */
    public void toBins(float[] gains, float[] ofBins) {
        for (int b = 0; b < bins; b++) {
            double sum = lowerWeight[b] + upperWeight[b];
            int lower = lowerFilter[b];
            ofBins[b] = sum == 0
                    ? 0
                    : (float) ((lowerWeight[b] * gains[lower]
                                    + (upperWeight[b] == 0 ? 0 : upperWeight[b] * gains[lower + 1]))
                            / sum);
        }
    }

    /** How many filters lie between two bins and weigh none: their bands are always empty. */
    public int emptyFilters() {
        int empty = 0;
        for (int mel = 0; mel < mels(); mel++) {
            boolean none = true;
            for (int bin = 0; none && bin < bins(); bin++) {
                none = weight(bin, mel) == 0;
            }
            empty += none ? 1 : 0;
        }
        return empty;
    }

    /** Returns the filters' centre frequencies in Hz, where the triangles peak. */
    public double[] centreHz() {
        return Arrays.copyOfRange(edgesHz, 1, mels + 1);
    }

    /** Returns the weight of filter {@code mel} at frequency bin {@code bin}. */
    public double weight(int bin, int mel) {
        if (mel == lowerFilter[bin]) {
            return lowerWeight[bin];
        }
        return mel == lowerFilter[bin] + 1 ? upperWeight[bin] : 0;
    }

    /**
     * The product W x for one frame, by the weights that are not zero: of filter m, those on the rising side are the
     * upper weights of the bins between it and the filter before.
     *
     * @param magnitude [bins], a spectrum. Not modified.
     * @param mel [mels]. Overwritten.
     */
    void apply(double[] magnitude, double[] mel) {
        for (int m = 0; m < mels; m++) {
            double sum = 0;
            if (m > 0) {
                for (int b = firstBin[m - 1]; b < endBin[m - 1]; b++) {
                    sum += upperWeight[b] * magnitude[b];
                }
            }
            for (int b = firstBin[m]; b < endBin[m]; b++) {
                sum += lowerWeight[b] * magnitude[b];
            }
            mel[m] = sum;
        }
    }

    private static double[] edges(double lowHz, double highHz, int mels, MelScale scale) {
        double low = scale.mel(lowHz);
        double high = scale.mel(highHz);
        double[] edges = new double[mels + 2];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = scale.hertz(low + (high - low) * i / (mels + 1));
        }
        edges[0] = lowHz; // exactly, so that rounding gives the outermost bins no weight
        edges[mels + 1] = highHz;
        return edges;
    }

    /**
     * Stores the weights of bin b at place f: on the falling side of one filter and on the rising side of the next.
     *
     * @param edges of the filters, in the unit of f
     */
    private void place(int b, double f, double[] edges) {
        int interval = 0;
        while (interval <= mels && f >= edges[interval + 1]) {
            interval++;
        }
        if (f < edges[0] || interval > mels) {
            return;
        }
        double rise = (f - edges[interval]) / (edges[interval + 1] - edges[interval]);
        if (interval == 0) {
            lowerWeight[b] = rise;
        } else {
            lowerFilter[b] = interval - 1;
            lowerWeight[b] = 1 - rise;
            upperWeight[b] = interval < mels ? rise : 0;
        }
    }

    private static int firstWeighted(float[] row, int ifNone) {
        for (int m = 0; m < row.length; m++) {
            if (row[m] != 0) {
                return m;
            }
        }
        return ifNone;
    }

    private static int lastWeighted(float[] row, int ifNone) {
        for (int m = row.length - 1; m >= 0; m--) {
            if (row[m] != 0) {
                return m;
            }
        }
        return ifNone;
    }
}
