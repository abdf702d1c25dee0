package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * {@link unweave.kernels.Orthogonalization#NEWTON_SCHULZ} of one matrix: the orthogonal polar factor by products in
 * float32,
 *
 * <pre>
 * D = X^T X - I,   X &lt;- X q(D),   q(d) near (1 + d)^(-1/2) for the eigenvalues d of D,
 * </pre>
 *
 * from X = U until a step is exact to rounding.
 *
 * <p><b>The interval.</b> All eigenvalues of D lie in [-r, r] with r^4 = the sum of the squares of the elements of D^2.
 * In a search, U was orthogonal before a step along the gradient, so they lie above {@link #LEAST}. After a step
 * {@link InverseRoot#leastAfter} bounds them from below.
 *
 * <p><b>The polynomial.</b> q is the {@link InverseRoot} of the interval. Near the identity the first two or three
 * terms of the root's series are enough. q is positive from -1 to r, so X keeps its polar factor; eigenvalues below the
 * interval get there too, in more steps.
 *
 * <p><b>A step</b> has five parts. Threads share the panels of a matrix, {@link PanelProduct#width} columns each; the
 * decisions between need all of them. Columns that the last panel lacks are zero.
 *
 * <pre>
 * findDeviation     D = X^T X - I and |D|^2       each panel
 * tryTwoTerms       q = 1 - d/2 if |D| is small   once
 * squareDeviation   D^2 = D^T D and |D^2|^2       each panel
 * chooseTerms       r, the interval and q         once
 * applyFactor       X q(D)                        each panel
 * </pre>
 *
 * <p>With it off, and {@link PolarFactor} instead, a DRSA step of D 128 takes 1.3 times as long (JDK 17 and 25, Emerald
 * Rapids).
 */
final class NewtonSchulz {
    /** Searches on the convolutions of trained networks had eigenvalues of D from -0.15 to 24. */
    private static final double LEAST = -0.3;

    /**
     * Up to these r (or norms of D), the error of a q of two, three and five terms is below rounding, 4e-7: it is 3/8
     * r^2, 5/16 r^3 and 63/256 r^5.
     */
    private static final double LINEAR = 1e-3;

    private static final double QUADRATIC = 1e-2;
    private static final double QUARTIC = 7e-2;

    /**
     * Enough for singular values from 0.9 to 200; a search takes 2 or 3. A matrix further from orthogonal is left to
     * float64, since rounding would move its factor by more than 2e-6.
     */
    private static final int MOST_STEPS = 6;

    private static final double LARGEST = 1e5;

    /** From this r on X q(D) is one product, see {@link #applyFactor}. */
    private static final double FAR = 1;

    private static final double[] TWO_TERMS = {1, -1.0 / 2};
    private static final double[] THREE_TERMS = {1, -1.0 / 2, 3.0 / 8};

    private final int n;
    private final int width;
    private final int panels;
    private final PanelProduct product;
    private final ElementLoops loops;
    private final int[] rows;

    /** For each panel, the sum of the squares of the matrix that was computed last. */
    private final double[] squares;

    private final float[] deviation;
    private final float[] squared;
    private final float[] scratch;
    private final float[] factor;
    private float[] x;
    private float[] transposed;
    private float[] nextX;
    private float[] nextTransposed;

    private float[] u;
    private int from;

    /** The coefficients of q, from that of d^0 on. */
    private double[] terms;
    /** The lower end of the interval. */
    private double least;
    /** Whether X is far from its factor. */
    private boolean far;

    /** Whether the running step is exact to rounding, and so the last. */
    private boolean exact;

    private boolean active;
    private boolean replaced;

    NewtonSchulz(int n, boolean vectors) {
        this.n = n;
        PanelProduct wide = PanelProduct.wide(vectors);
        PanelProduct narrow = PanelProduct.narrow(vectors);
        product = (n + narrow.width() - 1) / narrow.width() % 2 == 0 ? wide : narrow;
        width = product.width();
        panels = (n + width - 1) / width;
        loops = ElementLoops.choose(vectors);
        rows = new int[n];
        Arrays.setAll(rows, i -> i * width);
        squares = new double[panels];
        deviation = zeros();
        squared = zeros();
        scratch = zeros();
        factor = zeros();
        x = zeros();
        transposed = zeros();
        nextX = zeros();
        nextTransposed = zeros();
    }

    private float[] zeros() {
        return new float[panels * n * width];
    }

    /**
     * Replaces matrices that are not too far from orthogonal; the others stay as they are, see {@link #isReplaced}.
     *
     * @param matrices memory for each, of equal size
     * @param u matrix i begins at from + i * n * n
     */
    static void replace(NewtonSchulz[] matrices, float[] u, int from, WorkerPool pool) {
        for (int i = 0; i < matrices.length; i++) {
            matrices[i].begin(u, from + i * matrices[i].n * matrices[i].n);
        }
        forPanels(pool, matrices, NewtonSchulz::load);
        for (int step = 0; step < MOST_STEPS && anyActive(matrices); step++) {
            forPanels(pool, matrices, NewtonSchulz::findDeviation);
            forEach(matrices, NewtonSchulz::tryTwoTerms);
            forPanels(pool, matrices, NewtonSchulz::squareDeviation);
            forEach(matrices, NewtonSchulz::chooseTerms);
            forPanels(pool, matrices, NewtonSchulz::applyFactor);
            forEach(matrices, NewtonSchulz::swap);
        }
    }

    /** Whether the matrix was replaced. */
    boolean isReplaced() {
        return replaced;
    }

    private static boolean anyActive(NewtonSchulz[] matrices) {
        for (NewtonSchulz matrix : matrices) {
            if (matrix.active) {
                return true;
            }
        }
        return false;
    }

    private static void forEach(NewtonSchulz[] matrices, Consumer<NewtonSchulz> decision) {
        for (NewtonSchulz matrix : matrices) {
            if (matrix.active) {
                decision.accept(matrix);
            }
        }
    }

    private static void forPanels(WorkerPool pool, NewtonSchulz[] matrices, ObjIntConsumer<NewtonSchulz> part) {
        int panels = matrices[0].panels;
        pool.run(matrices.length * panels, task -> {
            NewtonSchulz matrix = matrices[task / panels];
            if (matrix.active) {
                part.accept(matrix, task % panels);
            }
        });
    }

    private void begin(float[] matrix, int at) {
        u = matrix;
        from = at;
        least = LEAST;
        far = false;
        active = true;
        replaced = false;
    }

    private void tryTwoTerms() {
        exact = Math.sqrt(sumOfSquares()) <= LINEAR;
        if (exact) {
            terms = TWO_TERMS;
            far = false;
        }
    }

    private void chooseTerms() {
        if (!exact) {
            double radius = Math.sqrt(Math.sqrt(sumOfSquares()));
            active = radius <= LARGEST;
            exact = radius <= QUARTIC;
            far = radius > FAR;
            if (radius <= QUADRATIC) {
                terms = THREE_TERMS;
            } else {
                double expected = exact ? -radius : Math.max(-radius, least);
                terms = InverseRoot.polynomial(expected, radius);
                least = InverseRoot.leastAfter(expected, radius, terms);
            }
        }
    }

    private double sumOfSquares() {
        double sum = 0;
        for (double ofPanel : squares) {
            sum += ofPanel;
        }
        return sum;
    }

    private void swap() {
        float[] old = x;
        x = nextX;
        nextX = old;
        old = transposed;
        transposed = nextTransposed;
        nextTransposed = old;
        replaced = exact;
        active = !exact;
    }

    private void load(int panel) {
        int first = panel * width;
        for (int i = 0; i < n; i++) {
            System.arraycopy(u, from + i * n + first, x, panelBegin(panel) + i * width, columns(panel));
        }
        Transposition.transpose(columns(panel), n, u, from + first * n, n, transposed, panelBegin(panel), width);
    }

    private void findDeviation(int panel) {
        multiplyTransposed(x, x, deviation, panel);
        addToDiagonal(-1, deviation, panel);
        sumSquares(deviation, panel);
    }

    private void squareDeviation(int panel) {
        if (!exact) {
            multiplyTransposed(deviation, deviation, squared, panel);
            sumSquares(squared, panel);
        }
    }

    private void sumSquares(float[] of, int panel) {
        int begin = panelBegin(panel);
        int end = panelBegin(panel + 1);
        loops.product(1, of, of, scratch, begin, end, 0, 0);
        squares[panel] = loops.sum(scratch, begin, end);
    }

    /**
     * The panel of X q(D). Near the identity this is X + X (q(D) - I), whose rounding error shrinks with q(D) - I. Far
     * from the identity that difference would lose digits.
     */
    private void applyFactor(int panel) {
        findFactor(panel);
        multiplyTransposed(transposed, factor, nextX, panel);
        if (!far) {
            loops.addScaled(1, x, nextX, panelBegin(panel), panelBegin(panel + 1), 0);
        }
        if (exact) {
            store(panel);
        } else {
            transpose(panel);
        }
    }

    /**
     * q(D) where X is {@link #far}, else q(D) - I, with as many terms as there are:
     *
     * <pre>q(D) = terms[0] I + terms[1] D + terms[2] D^2 + D^2 (terms[3] D + terms[4] D^2)</pre>
     */
    private void findFactor(int panel) {
        int begin = panelBegin(panel);
        int end = panelBegin(panel + 1);
        if (terms.length == InverseRoot.TERMS) {
            Arrays.fill(scratch, begin, end, 0);
            loops.addScaled((float) terms[3], deviation, scratch, begin, end, 0);
            loops.addScaled((float) terms[4], squared, scratch, begin, end, 0);
            multiplyTransposed(squared, scratch, factor, panel);
        } else {
            Arrays.fill(factor, begin, end, 0);
        }
        loops.addScaled((float) terms[1], deviation, factor, begin, end, 0);
        if (terms.length > 2) {
            loops.addScaled((float) terms[2], squared, factor, begin, end, 0);
        }
        addToDiagonal((float) (far ? terms[0] : terms[0] - 1), factor, panel);
    }

    private void store(int panel) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(nextX, panelBegin(panel) + i * width, u, from + i * n + panel * width, columns(panel));
        }
    }

    /** Writes a panel of the next X, transposed, to the rows of {@link #nextTransposed}. */
    private void transpose(int panel) {
        for (int other = 0; other < panels; other++) {
            Transposition.transpose(
                    columns(other),
                    columns(panel),
                    nextX,
                    square(other, panel),
                    width,
                    nextTransposed,
                    square(panel, other),
                    width);
        }
    }

    private void addToDiagonal(float value, float[] matrix, int panel) {
        for (int j = 0; j < columns(panel); j++) {
            matrix[panelBegin(panel) + (panel * width + j) * width + j] += value;
        }
    }

    /** The panel of out = left^T right. */
    private void multiplyTransposed(float[] left, float[] right, float[] out, int panel) {
        for (int other = 0; other < panels; other++) {
            product.multiply(
                    columns(other),
                    rows,
                    n,
                    left,
                    panelBegin(other),
                    right,
                    panelBegin(panel),
                    out,
                    square(other, panel),
                    width);
        }
    }

    /** Where the square begins that a panel has in the rows with the numbers of another panel's columns. */
    private int square(int ofRows, int ofColumns) {
        return panelBegin(ofColumns) + ofRows * width * width;
    }

    private int panelBegin(int panel) {
        return panel * n * width;
    }

    private int columns(int panel) {
        return Math.min(width, n - panel * width);
    }
}
