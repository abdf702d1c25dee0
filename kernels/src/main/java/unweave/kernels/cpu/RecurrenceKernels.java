package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Floats;
import unweave.kernels.Recurrence;
import unweave.kernels.RecurrentShape;
import unweave.kernels.RecurrentShape.Cell;

/**
 * {@link unweave.kernels.Recurrence} on arrays, each series by one thread. Products with the hidden state add rows of
 * the weights, or of their transposed, which C2 vectorises.
 */
final class RecurrenceKernels implements Recurrence {
    private final WorkerPool pool;
    private final CpuMemory memory;

    RecurrenceKernels(WorkerPool pool, CpuMemory memory) {
        this.pool = pool;
        this.memory = memory;
    }

    @Override
    public void recurrentForward(
            RecurrentShape shape, Floats projected, Floats weight, Floats bias, Floats h, Floats saved) {
        float[] w = memory.array(weight, shape.weightSize());
        float[] transposed = new float[w.length];
        pool.runAlone(() -> transpose(w, shape.units(), transposed));
        Series series = new Series(
                shape,
                transposed,
                memory.array(bias, (long) shape.cell().gates() * shape.units()),
                memory.array(h, shape.size()),
                memory.array(saved, shape.savedSize()));
        float[] p = memory.array(projected, shape.gatesSize());
        pool.run(shape.batch(), n -> forward(series, n, p));
    }

    @Override
    public void recurrentBackward(
            RecurrentShape shape, Floats weight, Floats h, Floats saved, Floats dh, Floats dProjected, Floats dHidden) {
        Series series = recorded(shape, weight, h, saved);
        float[] arrived = memory.array(dh, shape.size());
        float[] dp = memory.array(dProjected, shape.gatesSize());
        float[] dq = memory.array(dHidden, shape.gatesSize());
        pool.run(shape.batch(), n -> backward(series, n, arrived, dp, dq));
    }

    @Override
    public void recurrentRelevance(
            RecurrentShape shape,
            float eps,
            Floats weight,
            Floats h,
            Floats saved,
            Floats relevance,
            Floats quotient,
            Floats lost) {
        Series series = recorded(shape, weight, h, saved);
        float[] arrived = memory.array(relevance);
        float[] q = memory.array(quotient, arrived.length);
        float[] l = memory.array(lost, arrived.length);
        int maps = Recurrence.maps(shape, arrived.length);
        pool.run(maps * shape.batch(), m -> relevance(series, m, eps, arrived, q, l));
    }

    private Series recorded(RecurrentShape shape, Floats weight, Floats h, Floats saved) {
        return new Series(
                shape,
                memory.array(weight, shape.weightSize()),
                null,
                memory.array(h, shape.size()),
                memory.array(saved, shape.savedSize()));
    }

    private static void transpose(float[] w, int columns, float[] transposed) {
        int rows = w.length / columns;
        for (int k = 0; k < rows; k++) {
            for (int j = 0; j < columns; j++) {
                transposed[j * rows + k] = w[k * columns + j];
            }
        }
    }

    /** The operands of the forward pass, and where the values of a step lie in them. */
    private record Series(RecurrentShape shape, float[] weight, float[] bias, float[] h, float[] saved) {
        int units() {
            return shape.units();
        }

        /** The row of the s-th step of series n, in h and all others. */
        int row(int n, int s) {
            return n * shape.steps() + shape.step(s);
        }

        /** The first of the values of h before the s-th step, or -1. */
        int before(int n, int s) {
            return s == 0 ? -1 : row(n, s - 1) * units();
        }

        /** The value of h before, from what {@link #before} says. */
        float h(int before, int k) {
            return before < 0 ? 0 : h[before + k];
        }

        int savedAt(int row, int block) {
            return (row * shape.cell().saved() + block) * units();
        }
    }

    private static void forward(Series x, int n, float[] p) {
        int gates = x.shape.cell().gates() * x.units();
        float[] a = new float[gates];
        for (int s = 0; s < x.shape.steps(); s++) {
            int row = x.row(n, s);
            int before = x.before(n, s);
            System.arraycopy(x.bias, 0, a, 0, gates);
            boolean resetBefore = x.shape.cell() == Cell.GRU_RESET_BEFORE;
            addProduct(x, before < 0 ? null : x.h, before, 0, resetBefore ? 2 * x.units() : gates, a);
            switch (x.shape.cell()) {
                case LSTM -> lstm(x, row, before < 0 ? -1 : x.savedAt(x.row(n, s - 1), 4), p, a);
                case GRU, GRU_RESET_BEFORE -> gru(x, row, before, p, a);
                default -> {
                    for (int k = 0, i = row * x.units(); k < x.units(); k++, i++) {
                        x.saved[i] = p[i] + a[k];
                        boolean tanh = x.shape.cell() == Cell.TANH;
                        x.h[i] = tanh ? (float) Math.tanh(x.saved[i]) : Math.max(0f, x.saved[i]);
                    }
                }
            }
        }
    }

    /**
     * Adds the product of some rows of the weights, of which x has the transposed, and a vector; none if it is null.
     */
    private static void addProduct(Series x, float[] vector, int at, int from, int to, float[] a) {
        int rows = x.shape.cell().gates() * x.units();
        for (int j = 0; vector != null && j < x.units(); j++) {
            float v = vector[at + j];
            int column = j * rows;
            for (int k = from; k < to; k++) {
                a[k] += x.weight[column + k] * v;
            }
        }
    }

    private static void lstm(Series x, int row, int cellBefore, float[] p, float[] a) {
        int u = x.units();
        int at = x.savedAt(row, 0);
        int ofGates = row * 4 * u;
        for (int k = 0; k < u; k++) {
            float i = logistic(p[ofGates + k] + a[k]);
            float f = logistic(p[ofGates + u + k] + a[u + k]);
            float signal = p[ofGates + 2 * u + k] + a[2 * u + k];
            float g = (float) Math.tanh(signal);
            float o = logistic(p[ofGates + 3 * u + k] + a[3 * u + k]);
            float c = f * (cellBefore < 0 ? 0 : x.saved[cellBefore + k]) + i * g;
            x.saved[at + k] = i;
            x.saved[at + u + k] = f;
            x.saved[at + 2 * u + k] = g;
            x.saved[at + 3 * u + k] = o;
            x.saved[at + 4 * u + k] = c;
            x.saved[at + 5 * u + k] = signal;
            x.h[row * u + k] = o * (float) Math.tanh(c);
        }
    }

    private static void gru(Series x, int row, int before, float[] p, float[] a) {
        int u = x.units();
        int at = x.savedAt(row, 0);
        int ofGates = row * 3 * u;
        boolean resetBefore = x.shape.cell() == Cell.GRU_RESET_BEFORE;
        for (int k = 0; k < u; k++) {
            float r = logistic(p[ofGates + k] + a[k]);
            x.saved[at + k] = r;
            x.saved[at + u + k] = logistic(p[ofGates + u + k] + a[u + k]);
            x.saved[at + 3 * u + k] = resetBefore ? r * x.h(before, k) : a[2 * u + k];
        }
        if (resetBefore) {
            addProduct(x, x.saved, at + 3 * u, 2 * u, 3 * u, a);
        }
        for (int k = 0; k < u; k++) {
            float hidden = resetBefore ? a[2 * u + k] : x.saved[at + k] * x.saved[at + 3 * u + k];
            float signal = p[ofGates + 2 * u + k] + hidden;
            float z = x.saved[at + u + k];
            float n = (float) Math.tanh(signal);
            x.saved[at + 2 * u + k] = n;
            x.saved[at + 4 * u + k] = signal;
            x.h[row * u + k] = (1 - z) * n + z * x.h(before, k);
        }
    }

    private static float logistic(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    private static void backward(Series x, int n, float[] dh, float[] dp, float[] dq) {
        int u = x.units();
        Cell cell = x.shape.cell();
        float[] ofH = new float[u];
        float[] ofC = new float[u];
        for (int s = x.shape.steps() - 1; s >= 0; s--) {
            int row = x.row(n, s);
            int before = x.before(n, s);
            int gates = row * cell.gates() * u;
            for (int k = 0; k < u; k++) {
                ofH[k] += dh[row * u + k];
            }
            switch (cell) {
                case LSTM -> lstmGradients(x, row, before < 0 ? -1 : x.savedAt(x.row(n, s - 1), 4), ofH, ofC, dp);
                case GRU, GRU_RESET_BEFORE -> gruGradients(x, row, before, ofH, dp);
                default -> {
                    for (int k = 0, i = row * u; k < u; k++, i++) {
                        float y = x.h[i];
                        dp[i] = cell == Cell.TANH ? ofH[k] * (1 - y * y) : y > 0 ? ofH[k] : 0;
                    }
                    Arrays.fill(ofH, 0f);
                }
            }
            System.arraycopy(dp, gates, dq, gates, cell.gates() * u);
            if (cell == Cell.GRU) {
                for (int k = 0; k < u; k++) {
                    dq[gates + 2 * u + k] *= x.saved[x.savedAt(row, 0) + k];
                }
            }
            addBack(x, dq, gates, 0, cell == Cell.GRU_RESET_BEFORE ? 2 * u : cell.gates() * u, ofH);
        }
    }

    /** sums_j += sum over k: factors_k w_kj, for some rows k of the weights. */
    private static void addBack(Series x, float[] factors, int at, int from, int to, float[] sums) {
        int u = x.units();
        for (int k = from; k < to; k++) {
            float factor = factors[at + k];
            int row = k * u;
            for (int j = 0; j < u; j++) {
                sums[j] += factor * x.weight[row + j];
            }
        }
    }

    /** Takes the gradients of h and c, and leaves those of the step before, of h without the products. */
    private static void lstmGradients(Series x, int row, int cellBefore, float[] ofH, float[] ofC, float[] dp) {
        int u = x.units();
        int at = x.savedAt(row, 0);
        int gates = row * 4 * u;
        for (int k = 0; k < u; k++) {
            float i = x.saved[at + k];
            float f = x.saved[at + u + k];
            float g = x.saved[at + 2 * u + k];
            float o = x.saved[at + 3 * u + k];
            float tanh = (float) Math.tanh(x.saved[at + 4 * u + k]);
            float dc = ofC[k] + ofH[k] * o * (1 - tanh * tanh);
            dp[gates + k] = dc * g * i * (1 - i);
            dp[gates + u + k] = dc * (cellBefore < 0 ? 0 : x.saved[cellBefore + k]) * f * (1 - f);
            dp[gates + 2 * u + k] = dc * i * (1 - g * g);
            dp[gates + 3 * u + k] = ofH[k] * tanh * o * (1 - o);
            ofC[k] = dc * f;
            ofH[k] = 0;
        }
    }

    /** As {@link #lstmGradients}. */
    private static void gruGradients(Series x, int row, int before, float[] ofH, float[] dp) {
        int u = x.units();
        int at = x.savedAt(row, 0);
        int gates = row * 3 * u;
        boolean resetBefore = x.shape.cell() == Cell.GRU_RESET_BEFORE;
        for (int k = 0; k < u; k++) {
            float z = x.saved[at + u + k];
            float n = x.saved[at + 2 * u + k];
            float dn = ofH[k] * (1 - z) * (1 - n * n);
            float r = x.saved[at + k];
            dp[gates + k] = dn * x.saved[at + 3 * u + k] * r * (1 - r);
            dp[gates + u + k] = ofH[k] * (x.h(before, k) - n) * z * (1 - z);
            dp[gates + 2 * u + k] = dn;
            ofH[k] *= z;
        }
        if (resetBefore) {
            float[] products = new float[u];
            for (int k = 0; k < u; k++) {
                float factor = dp[gates + 2 * u + k];
                for (int j = 0; j < u; j++) {
                    products[j] += factor * x.weight[(2 * u + k) * u + j];
                }
            }
            for (int j = 0; j < u; j++) {
                float r = x.saved[at + j];
                dp[gates + j] = products[j] * x.h(before, j) * r * (1 - r);
                ofH[j] += products[j] * r;
            }
        }
    }

    private static void relevance(Series x, int m, float eps, float[] arrived, float[] quotient, float[] lost) {
        int u = x.units();
        Cell cell = x.shape.cell();
        int n = m % x.shape.batch();
        float[] past = new float[u];
        float[] products = new float[u];
        float[] factors = new float[u];
        for (int s = x.shape.steps() - 1; s >= 0; s--) {
            int row = x.row(n, s);
            int before = x.before(n, s);
            int at = x.savedAt(row, 0);
            int map = (m * x.shape.steps() + x.shape.step(s)) * u;
            int cellBefore = before < 0 ? -1 : x.savedAt(x.row(n, s - 1), 4);
            for (int k = 0; k < u; k++) {
                float r = arrived[map + k] + past[k];
                float signal = r;
                past[k] = 0;
                if (cell == Cell.LSTM) {
                    float v = quotient(r, x.saved[at + 4 * u + k], eps);
                    past[k] = cellBefore < 0 ? 0 : x.saved[at + u + k] * x.saved[cellBefore + k] * v;
                    signal = x.saved[at + k] * x.saved[at + 2 * u + k] * v;
                } else if (cell.isGru()) {
                    float z = x.saved[at + u + k];
                    float v = quotient(r, x.h[row * u + k], eps);
                    past[k] = z * x.h(before, k) * v;
                    signal = (1 - z) * x.saved[at + 2 * u + k] * v;
                }
                float a = x.saved[at + (cell.saved() - 1) * u + k];
                float q = quotient(signal, a, eps);
                quotient[map + k] = q;
                lost[map + k] = r - past[k] - signal + (signal - q * a);
                factors[k] = cell == Cell.GRU ? q * x.saved[at + k] : q;
            }
            Arrays.fill(products, 0f);
            addBack(x, factors, -cell.signal() * u, cell.signal() * u, (cell.signal() + 1) * u, products);
            for (int j = 0; before >= 0 && j < u; j++) {
                float reset = cell == Cell.GRU_RESET_BEFORE ? x.saved[at + j] : 1;
                past[j] += x.h[before + j] * reset * products[j];
            }
        }
    }

    private static float quotient(float r, float z, float eps) {
        float stabilized = z + (z >= 0 ? eps : -eps);
        return stabilized == 0 ? 0 : r / stabilized;
    }
}
