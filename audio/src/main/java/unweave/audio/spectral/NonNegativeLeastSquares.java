package unweave.audio.spectral;

import java.util.Arrays;

/**
 * Solves min |A x - b| over x >= 0 exactly, by the active-set method of Lawson and Hanson (Solving Least Squares
 * Problems, 1974, chapter 23).
 *
 * <p>The columns are split into a passive set, whose x are free, and the rest, whose x are zero. While some column
 * outside has a positive gradient w_j = a_j . (b - A x), the one with the largest enters the passive set and the
 * unconstrained problem is solved on that set; variables that would become negative stop the step where the first of
 * them reaches zero, and leave. The residual falls with every column that enters, so that no set occurs twice. At the
 * end {@code x >= 0, w <= 0} and x . w = 0, which are the conditions of Karush, Kuhn and Tucker for the minimum.
 *
 * <p>If A has more columns than rows, several x may reach the minimum. Which one is found depends on the order of
 * choices. The order here is the book's, as in the Fortran program that SciPy used up to version 1.11, with one
 * difference: gradients as small as rounding error count as zero here, so that rounding does not choose between minima.
 * The Fortran program goes on with them and now and then, where rows are fitted exactly, ends in another minimum of the
 * same residual.
 *
 * <p>The passive columns are kept triangular: a column enters by a Householder reflection, and after one has left,
 * Givens rotations restore the triangle. {@link MelLeastSquares} is the fast twin for mel filter banks.
 */
public final class NonNegativeLeastSquares {
    /** A gradient below this fraction of |a_j| |b| is rounding error. */
    private static final double GRADIENT_TOLERANCE = 1e-15;

    private final int rows;
    private final int columns;
    /** Q^T A by columns; Q is the product of all reflections and rotations so far. */
    private final double[][] a;
    /** Q^T b. */
    private final double[] b;

    private final double[] smallestGradient;
    private final double[] x;
    /** The passive columns in the order of their pivots, then the others. */
    private final int[] order;

    private int passive;

    /**
     * Solves the problem.
     *
     * @param a [rows][columns]. Not modified.
     * @param b [rows]. Not modified.
     * @return x, [columns], each at least 0
     * @throws IllegalArgumentException if the shapes disagree or a value is not a finite number
     * @throws ArithmeticException if there is no end in sight after 30 steps per column, as when numbers overflow
     */
    public static double[] solve(double[][] a, double[] b) {
        if (a.length != b.length || a.length == 0) {
            throw new IllegalArgumentException("matrix of " + a.length + " rows and right-hand side of " + b.length
                    + ": equally many, at least 1, are needed");
        }
        requireFinite(b, "right-hand side");
        for (int i = 0; i < a.length; i++) {
            if (a[i].length != a[0].length) {
                throw new IllegalArgumentException(
                        "row " + i + " of the matrix has " + a[i].length + " columns, row 0 has " + a[0].length);
            }
            requireFinite(a[i], "row " + i + " of the matrix");
        }
        NonNegativeLeastSquares problem = new NonNegativeLeastSquares(a, b);
        problem.solve();
        return problem.x;
    }

    private NonNegativeLeastSquares(double[][] a, double[] b) {
        this.rows = a.length;
        this.columns = a[0].length;
        this.a = new double[columns][rows];
        this.b = b.clone();
        this.smallestGradient = new double[columns];
        this.x = new double[columns];
        this.order = new int[columns];
        double length = norm(b, 0, rows);
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                this.a[j][i] = a[i][j];
            }
            smallestGradient[j] = GRADIENT_TOLERANCE * length * norm(this.a[j], 0, rows);
            order[j] = j;
        }
    }

    private void solve() {
        int stepsLeft = 30 * columns;
        while (passive < columns && passive < rows && enterSteepest()) {
            int blocking = stepTowards(solveTriangle());
            while (blocking >= 0) {
                leaveWhileNotPositive(blocking);
                blocking = stepTowards(solveTriangle());
            }
            if (--stepsLeft < 0) {
                throw new ArithmeticException(
                        "non-negative least squares: no minimum after " + 30 * columns + " steps");
            }
        }
    }

    /** Moves the column of largest positive gradient to the passive set; false if there is none that can move. */
    private boolean enterSteepest() {
        double[] gradient = new double[columns];
        for (int p = passive; p < columns; p++) {
            int j = order[p];
            for (int i = passive; i < rows; i++) {
                gradient[j] += a[j][i] * b[i];
            }
        }
        while (true) {
            int steepest = -1;
            for (int p = passive; p < columns; p++) {
                int j = order[p];
                if (gradient[j] > smallestGradient[j] && (steepest < 0 || gradient[j] > gradient[order[steepest]])) {
                    steepest = p;
                }
            }
            if (steepest < 0) {
                return false;
            }
            if (enter(steepest)) {
                return true;
            }
            gradient[order[steepest]] = 0;
        }
    }

    /**
     * Makes a column passive unless it depends on those that are, or its x would not be positive: rounding error both
     * times.
     */
    private boolean enter(int place) {
        double[] column = a[order[place]];
        double[] reflector = column.clone();
        double length = norm(column, passive, rows);
        double pivot = column[passive] > 0 ? -length : length;
        double dependent = norm(column, 0, passive);
        if (dependent + 0.01 * length == dependent) {
            return false;
        }
        reflector[passive] -= pivot;
        double[] reflected = b.clone();
        reflect(reflector, pivot, reflected);
        if (!(reflected[passive] / pivot > 0)) {
            return false;
        }
        System.arraycopy(reflected, 0, b, 0, rows);
        int j = order[place];
        order[place] = order[passive];
        order[passive] = j;
        for (int p = passive + 1; p < columns; p++) {
            reflect(reflector, pivot, a[order[p]]);
        }
        column[passive] = pivot;
        Arrays.fill(column, passive + 1, rows, 0);
        passive++;
        return true;
    }

    /**
     * {@code v <- v - 2 u (u . v) / (u . u)}, u the reflector from row {@code passive} on; u . u = -2 pivot u_passive.
     */
    private void reflect(double[] reflector, double pivot, double[] v) {
        double dot = 0;
        for (int i = passive; i < rows; i++) {
            dot += reflector[i] * v[i];
        }
        double factor = dot / (pivot * reflector[passive]);
        for (int i = passive; i < rows; i++) {
            v[i] += factor * reflector[i];
        }
    }

    /** The unconstrained minimum on the passive set, in the order of pivots. */
    private double[] solveTriangle() {
        double[] z = Arrays.copyOf(b, passive);
        for (int p = passive - 1; p >= 0; p--) {
            double[] column = a[order[p]];
            z[p] /= column[p];
            for (int i = 0; i < p; i++) {
                z[i] -= z[p] * column[i];
            }
        }
        return z;
    }

    /**
     * Moves x towards z as far as it stays non-negative; returns the place that blocks the way, or -1 if z was reached.
     */
    private int stepTowards(double[] z) {
        double step = 2;
        int blocking = -1;
        for (int p = 0; p < passive; p++) {
            double from = x[order[p]];
            if (z[p] <= 0 && from / (from - z[p]) < step) {
                step = from / (from - z[p]);
                blocking = p;
            }
        }
        for (int p = 0; p < passive; p++) {
            int j = order[p];
            x[j] = blocking < 0 ? z[p] : x[j] + step * (z[p] - x[j]);
        }
        return blocking;
    }

    private void leaveWhileNotPositive(int place) {
        while (place >= 0) {
            leave(place);
            place = -1;
            for (int p = passive - 1; p >= 0; p--) {
                if (x[order[p]] <= 0) {
                    place = p;
                }
            }
        }
    }

    /**
     * Takes a column out of the passive set and rotates the rows below its pivot so that the rest is a triangle again.
     */
    private void leave(int place) {
        int left = order[place];
        x[left] = 0;
        for (int p = place + 1; p < passive; p++) {
            int j = order[p];
            order[p - 1] = j;
            double r = Math.hypot(a[j][p - 1], a[j][p]);
            double cosine = a[j][p - 1] / r;
            double sine = a[j][p] / r;
            for (double[] column : a) {
                rotate(column, p, cosine, sine);
            }
            rotate(b, p, cosine, sine);
            a[j][p] = 0;
        }
        passive--;
        order[passive] = left;
    }

    private static void rotate(double[] v, int p, double cosine, double sine) {
        double above = v[p - 1];
        v[p - 1] = cosine * above + sine * v[p];
        v[p] = cosine * v[p] - sine * above;
    }

    private static void requireFinite(double[] values, String name) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + " holds " + value + ": every value must be a finite number");
            }
        }
    }

    private static double norm(double[] v, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += v[i] * v[i];
        }
        return Math.sqrt(sum);
    }
}
