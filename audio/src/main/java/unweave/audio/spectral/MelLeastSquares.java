package unweave.audio.spectral;

import java.util.Arrays;

/**
 * {@link NonNegativeLeastSquares} for the matrix of a mel filter bank: min |W x - mel| over x >= 0, by the same
 * choices, in time proportional to the number of values that a step changes.
 *
 * <p>A column of W (a frequency bin) has weights in two neighbouring rows (filters) only. With the passive bins in
 * order of frequency, one Givens rotation per bin therefore makes the matrix triangular: of all rows that have no pivot
 * yet, only the one carried along and the next filter's can be non-zero in that bin. A row is a combination of filters
 * of which only the bin's own two matter from there on, so it is stored as these two coefficients, and the triangle's
 * entries are computed from them. A bin meets the rows of at most two pivots before its own.
 *
 * <p>Where no filter joins two neighbouring passive bins, the problem is separable: bins that enter or leave on one
 * side change no number on the other. A step therefore solves for the chain of linked bins around the one that enters,
 * and then computes the residuals of the chain's filters and the gradients of the bins in them. All other values are
 * kept from an earlier step; computing them again would give the same bits.
 *
 * <p>Holds working memory: one instance per thread.
 */
final class MelLeastSquares {
    /** A gradient below this fraction of the largest mel value is rounding error. */
    private static final double GRADIENT_TOLERANCE = 1e-14;
    /** A pivot below this fraction of its column means that the column depends on the others. */
    private static final double PIVOT_TOLERANCE = 1e-14;

    private final MelFilterBank bank;
    private final int bins;
    private final int mels;
    /** The passive bins, in order of frequency, and how many they are. */
    private final int[] bin;

    private int passive;
    /** The part of {@link #bin} that the current step works on: from {@code from} to before {@code to}. */
    private int from;

    private int to;
    private final double[] gradient;
    /** Per lower filter: the steepest of its bins and its gradient; the tolerance if no gradient is above it. */
    private final int[] steepestBin;

    private final double[] steepestGradient;
    private double tolerance;
    /** mel - W x, with a zero for the filter above the last. */
    private final double[] residual;
    /** Unconstrained minimum on the passive set. */
    private final double[] proposed;

    // The pivot row of each passive bin: its coefficients of the bin's two filters, its entry on the diagonal,
    // right-hand side.
    private final double[] lower;
    private final double[] upper;
    private final double[] diagonal;
    private final double[] right;

    MelLeastSquares(MelFilterBank bank) {
        this.bank = bank;
        this.bins = bank.bins();
        this.mels = bank.mels();
        int most = mels + 2;
        bin = new int[most];
        gradient = new double[bins];
        steepestBin = new int[mels];
        steepestGradient = new double[mels];
        residual = new double[mels + 1];
        proposed = new double[most];
        lower = new double[most];
        upper = new double[most];
        diagonal = new double[most];
        right = new double[most];
    }

    /**
     * @param mel [mels]. Not modified.
     * @param x [bins], the minimum. Overwritten.
     */
    void solve(double[] mel, double[] x) {
        start(mel, x);
        int stepsLeft = 30 * bins;
        while (passive < mels && enterSteepest(mel)) {
            int lowest = bank.lowerFilter[bin[from]];
            int highest = bank.lowerFilter[bin[to - 1]] + 1;
            while (!stepTowardsProposed(x)) {
                leaveWhileNotPositive(x);
                triangularise(mel); // never fails: fewer columns are further from dependence
                substituteBack();
            }
            updateResidual(mel, x, lowest, highest);
            updateGradient(lowest, highest);
            if (--stepsLeft < 0) {
                throw new ArithmeticException("mel least squares: no minimum after " + 30 * bins + " steps");
            }
        }
    }

    /** x = 0: nothing is passive, the residual is the right-hand side. */
    private void start(double[] mel, double[] x) {
        Arrays.fill(x, 0);
        passive = 0;
        from = 0;
        to = 0;
        double largest = 0;
        for (double value : mel) {
            largest = Math.max(largest, Math.abs(value));
        }
        tolerance = GRADIENT_TOLERANCE * largest;
        System.arraycopy(mel, 0, residual, 0, mels);
        residual[mels] = 0;
        updateGradient(0, mels);
    }

    /**
     * Moves the bin of largest positive gradient to the passive set and solves for its chain; false if there is none.
     */
    private boolean enterSteepest(double[] mel) {
        while (true) {
            int filter = -1;
            double largest = tolerance;
            for (int m = 0; m < mels; m++) {
                if (steepestGradient[m] > largest) {
                    largest = steepestGradient[m];
                    filter = m;
                }
            }
            if (filter < 0) {
                return false;
            }
            int steepest = steepestBin[filter];
            int place = insert(steepest);
            findChain(place);
            if (triangularise(mel)) {
                substituteBack();
                if (proposed[place] > 0) {
                    return true;
                }
            }
            remove(place);
            gradient[steepest] = 0; // until one of its two residuals changes
            findSteepest(filter);
        }
    }

    /** The passive bins linked to the one at a place: neighbours that share a filter, their neighbours, and so on. */
    private void findChain(int place) {
        from = place;
        while (from > 0 && linked(from - 1, from)) {
            from--;
        }
        to = place + 1;
        while (to < passive && linked(to - 1, to)) {
            to++;
        }
    }

    private boolean linked(int p, int q) {
        return bank.lowerFilter[bin[q]] - bank.lowerFilter[bin[p]] < 2;
    }

    /** mel - W x for the filters of the chain, lowest to highest. */
    private void updateResidual(double[] mel, double[] x, int lowest, int highest) {
        for (int m = lowest; m <= highest; m++) {
            residual[m] = m < mels ? mel[m] : 0;
        }
        for (int p = from; p < to; p++) {
            int b = bin[p];
            residual[bank.lowerFilter[b]] -= bank.lowerWeight[b] * x[b];
            residual[bank.lowerFilter[b] + 1] -= bank.upperWeight[b] * x[b];
        }
    }

    /** W^T (mel - W x) of all bins that lie in the filters lowest to highest, zero for passive bins. */
    private void updateGradient(int lowest, int highest) {
        int first = Math.max(0, lowest - 1);
        int last = Math.min(mels - 1, highest);
        for (int m = first; m <= last; m++) {
            for (int b = bank.firstBin[m]; b < bank.endBin[m]; b++) {
                gradient[b] = bank.lowerWeight[b] * residual[m] + bank.upperWeight[b] * residual[m + 1];
            }
        }
        for (int p = from; p < to; p++) {
            gradient[bin[p]] = 0;
        }
        for (int m = first; m <= last; m++) {
            findSteepest(m);
        }
    }

    private void findSteepest(int filter) {
        int steepest = -1;
        double largest = tolerance;
        for (int b = bank.firstBin[filter]; b < bank.endBin[filter]; b++) {
            if (gradient[b] > largest) {
                largest = gradient[b];
                steepest = b;
            }
        }
        steepestBin[filter] = steepest;
        steepestGradient[filter] = largest;
    }

    /** Finds the pivot rows; false if the passive bins' columns are linearly dependent. */
    private boolean triangularise(double[] mel) {
        int nextFilter = 0;
        boolean carried = false;
        double carriedLower = 0;
        double carriedUpper = 0;
        double carriedRight = 0;
        int previous = -1;
        for (int p = from; p < to; p++) {
            int filter = bank.lowerFilter[bin[p]];
            double lowerWeight = bank.lowerWeight[bin[p]];
            double upperWeight = bank.upperWeight[bin[p]];
            if (nextFilter <= filter) { // a gap: nothing carried over weighs here, the lower filter's own row begins
                carried = true;
                carriedLower = 1;
                carriedUpper = 0;
                carriedRight = mel[filter];
                nextFilter = filter + 1;
            } else if (previous < filter) { // the carried row's upper filter is this bin's lower one
                carriedLower = carriedUpper;
                carriedUpper = 0;
            }
            previous = filter;
            double entry = carried ? carriedLower * lowerWeight + carriedUpper * upperWeight : 0;
            if (nextFilter == filter + 1) { // the upper filter's row comes in: rotate its entry into the carried row
                double freshRight = nextFilter < mels ? mel[nextFilter] : 0;
                nextFilter++;
                double r = Math.hypot(entry, upperWeight);
                double cosine = r == 0 ? 1 : entry / r;
                double sine = r == 0 ? 0 : upperWeight / r;
                setPivot(
                        p,
                        cosine * carriedLower,
                        cosine * carriedUpper + sine,
                        r,
                        cosine * carriedRight + sine * freshRight);
                if (carried) {
                    carriedLower = -sine * carriedLower;
                    carriedUpper = cosine - sine * carriedUpper;
                    carriedRight = cosine * freshRight - sine * carriedRight;
                }
            } else {
                setPivot(p, carriedLower, carriedUpper, entry, carriedRight);
                carried = false;
                carriedLower = 0;
                carriedUpper = 0;
                carriedRight = 0;
            }
            if (Math.abs(diagonal[p]) <= PIVOT_TOLERANCE * Math.max(lowerWeight, upperWeight)) {
                return false;
            }
        }
        return true;
    }

    private void setPivot(int p, double lowerCoefficient, double upperCoefficient, double entry, double rightHandSide) {
        lower[p] = lowerCoefficient;
        upper[p] = upperCoefficient;
        diagonal[p] = entry;
        right[p] = rightHandSide;
    }

    private void substituteBack() {
        for (int p = to - 1; p >= from; p--) {
            double value = right[p];
            for (int q = p + 1; q < Math.min(p + 3, to); q++) {
                value -= entry(p, q) * proposed[q];
            }
            proposed[p] = value / diagonal[p];
        }
    }

    /** The triangle's entry in pivot row p and the column of passive bin q > p. */
    private double entry(int p, int q) {
        int between = bank.lowerFilter[bin[q]] - bank.lowerFilter[bin[p]];
        if (between == 0) {
            return lower[p] * bank.lowerWeight[bin[q]] + upper[p] * bank.upperWeight[bin[q]];
        }
        return between == 1 ? upper[p] * bank.lowerWeight[bin[q]] : 0;
    }

    /** Moves x towards the proposed minimum as far as it stays non-negative; true if x reached it. */
    private boolean stepTowardsProposed(double[] x) {
        double step = 2;
        int blocking = -1;
        for (int p = from; p < to; p++) {
            double start = x[bin[p]];
            if (proposed[p] <= 0 && start / (start - proposed[p]) < step) {
                step = start / (start - proposed[p]);
                blocking = p;
            }
        }
        for (int p = from; p < to; p++) {
            int b = bin[p];
            x[b] = blocking < 0 ? proposed[p] : x[b] + step * (proposed[p] - x[b]);
        }
        if (blocking >= 0) {
            x[bin[blocking]] = 0;
        }
        return blocking < 0;
    }

    private void leaveWhileNotPositive(double[] x) {
        for (int p = to - 1; p >= from; p--) {
            if (x[bin[p]] <= 0) {
                x[bin[p]] = 0;
                remove(p);
                to--;
            }
        }
    }

    private int insert(int b) {
        int place = passive;
        while (place > 0 && bin[place - 1] > b) {
            bin[place] = bin[place - 1];
            place--;
        }
        bin[place] = b;
        passive++;
        return place;
    }

    private void remove(int place) {
        passive--;
        System.arraycopy(bin, place + 1, bin, place, passive - place);
    }
}
