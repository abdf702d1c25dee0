package unweave.kernels.reference;

import java.util.Arrays;
import unweave.kernels.RecurrentShape;
import unweave.kernels.RecurrentShape.Cell;

/** The definition of {@link unweave.kernels.Recurrence}, unit by unit. */
public final class ReferenceRecurrence {
    private ReferenceRecurrence() {}

    /** See {@link unweave.kernels.Recurrence#recurrentForward}. */
    public static void recurrentForward(
            RecurrentShape shape, double[] projected, double[] weight, double[] bias, double[] h, double[] saved) {
        forEachStep(shape, shape.batch(), false, at -> {
            switch (shape.cell()) {
                case LSTM -> lstm(at, projected, weight, bias, h, saved);
                case GRU, GRU_RESET_BEFORE -> gru(at, projected, weight, bias, h, saved);
                default -> plain(at, projected, weight, bias, h, saved);
            }
        });
    }

    private static void lstm(Step at, double[] projected, double[] weight, double[] bias, double[] h, double[] saved) {
        for (int k = 0; k < at.units; k++) {
            double a = at.preactivation(2, k, projected, weight, bias, h);
            double i = logistic(at.preactivation(0, k, projected, weight, bias, h));
            double f = logistic(at.preactivation(1, k, projected, weight, bias, h));
            double o = logistic(at.preactivation(3, k, projected, weight, bias, h));
            double c = f * at.savedBefore(saved, 4, k) + i * Math.tanh(a);
            at.save(saved, k, i, f, Math.tanh(a), o, c, a);
            h[at.h(k)] = o * Math.tanh(c);
        }
    }

    private static void gru(Step at, double[] projected, double[] weight, double[] bias, double[] h, double[] saved) {
        double[] r = new double[at.units];
        for (int k = 0; k < at.units; k++) {
            r[k] = logistic(at.preactivation(0, k, projected, weight, bias, h));
        }
        for (int k = 0; k < at.units; k++) {
            double z = logistic(at.preactivation(1, k, projected, weight, bias, h));
            double p = projected[at.gate(2, k)];
            double q = at.shape.cell() == Cell.GRU
                    ? at.preactivation(2, k, projected, weight, bias, h) - p
                    : r[k] * at.before(h, k);
            double a = p + r[k] * q;
            if (at.shape.cell() == Cell.GRU_RESET_BEFORE) {
                a = p + bias[2 * at.units + k];
                for (int j = 0; j < at.units; j++) {
                    a += weight[at.weight(2, k, j)] * r[j] * at.before(h, j);
                }
            }
            at.save(saved, k, r[k], z, Math.tanh(a), q, a);
            h[at.h(k)] = (1 - z) * Math.tanh(a) + z * at.before(h, k);
        }
    }

    private static void plain(Step at, double[] projected, double[] weight, double[] bias, double[] h, double[] saved) {
        for (int k = 0; k < at.units; k++) {
            double a = at.preactivation(0, k, projected, weight, bias, h);
            at.save(saved, k, a);
            h[at.h(k)] = at.shape.cell() == Cell.TANH ? Math.tanh(a) : Math.max(0, a);
        }
    }

    /** See {@link unweave.kernels.Recurrence#recurrentBackward}. */
    public static void recurrentBackward(
            RecurrentShape shape,
            double[] weight,
            double[] h,
            double[] saved,
            double[] dh,
            double[] dProjected,
            double[] dHidden) {
        int units = shape.units();
        double[] ofH = new double[units];
        double[] ofC = new double[units];
        forEachStep(shape, shape.batch(), true, at -> {
            at.clearWhenFirst(ofH, ofC);
            double[] past = new double[units];
            for (int k = 0; k < units; k++) {
                double arrived = dh[at.h(k)] + ofH[k];
                switch (shape.cell()) {
                    case LSTM -> ofC[k] = lstmGradient(at, k, arrived, ofC[k], saved, dProjected);
                    case GRU, GRU_RESET_BEFORE -> {
                        gruGradient(at, k, arrived, h, saved, dProjected);
                        past[k] = arrived * at.saved(saved, 1, k);
                    }
                    default -> {
                        double y = h[at.h(k)];
                        boolean tanh = shape.cell() == Cell.TANH;
                        dProjected[at.gate(0, k)] = tanh ? arrived * (1 - y * y) : y > 0 ? arrived : 0;
                    }
                }
            }
            if (shape.cell().isGru()) {
                resetGradient(at, weight, h, saved, dProjected, past);
            }
            hiddenGradient(at, saved, dProjected, dHidden);
            for (int j = 0; j < units; j++) {
                int rows =
                        shape.cell() == Cell.GRU_RESET_BEFORE ? 2 : shape.cell().gates();
                ofH[j] = past[j];
                for (int row = 0; row < rows * units; row++) {
                    ofH[j] += dHidden[at.gate(row / units, row % units)] * weight[row * units + j];
                }
            }
        });
    }

    /** Writes the gradients of the gates, returns that of the cell before. */
    private static double lstmGradient(Step at, int k, double ofH, double ofC, double[] saved, double[] dProjected) {
        double i = at.saved(saved, 0, k);
        double f = at.saved(saved, 1, k);
        double g = at.saved(saved, 2, k);
        double o = at.saved(saved, 3, k);
        double tanh = Math.tanh(at.saved(saved, 4, k));
        double dc = ofC + ofH * o * (1 - tanh * tanh);
        dProjected[at.gate(0, k)] = dc * g * i * (1 - i);
        dProjected[at.gate(1, k)] = dc * at.savedBefore(saved, 4, k) * f * (1 - f);
        dProjected[at.gate(2, k)] = dc * i * (1 - g * g);
        dProjected[at.gate(3, k)] = ofH * tanh * o * (1 - o);
        return dc * f;
    }

    private static void gruGradient(Step at, int k, double ofH, double[] h, double[] saved, double[] dProjected) {
        double z = at.saved(saved, 1, k);
        double n = at.saved(saved, 2, k);
        dProjected[at.gate(1, k)] = ofH * (at.before(h, k) - n) * z * (1 - z);
        dProjected[at.gate(2, k)] = ofH * (1 - z) * (1 - n * n);
    }

    private static void resetGradient(
            Step at, double[] weight, double[] h, double[] saved, double[] dProjected, double[] past) {
        for (int j = 0; j < at.units; j++) {
            double r = at.saved(saved, 0, j);
            double dr = dProjected[at.gate(2, j)] * at.saved(saved, 3, j);
            if (at.shape.cell() == Cell.GRU_RESET_BEFORE) {
                double dq = 0;
                for (int k = 0; k < at.units; k++) {
                    dq += dProjected[at.gate(2, k)] * weight[at.weight(2, k, j)];
                }
                dr = dq * at.before(h, j);
                past[j] += dq * r;
            }
            dProjected[at.gate(0, j)] = dr * r * (1 - r);
        }
    }

    private static void hiddenGradient(Step at, double[] saved, double[] dProjected, double[] dHidden) {
        for (int gate = 0; gate < at.shape.cell().gates(); gate++) {
            for (int k = 0; k < at.units; k++) {
                boolean reset = at.shape.cell() == Cell.GRU && gate == 2;
                dHidden[at.gate(gate, k)] = dProjected[at.gate(gate, k)] * (reset ? at.saved(saved, 0, k) : 1);
            }
        }
    }

    /** See {@link unweave.kernels.Recurrence#recurrentRelevance}. */
    public static void recurrentRelevance(
            RecurrentShape shape,
            double eps,
            double[] weight,
            double[] h,
            double[] saved,
            double[] relevance,
            double[] quotient,
            double[] lost) {
        int units = shape.units();
        Cell cell = shape.cell();
        double[] ofH = new double[units];
        double[] ofC = new double[units];
        int series = relevance.length / (shape.steps() * units);
        forEachStep(shape, series, true, at -> {
            at.clearWhenFirst(ofH, ofC);
            double[] past = new double[units];
            for (int k = 0; k < units; k++) {
                double arrived = relevance[at.map(k)] + ofH[k] + ofC[k];
                double signal = arrived;
                if (cell == Cell.LSTM) {
                    double v = quotient(arrived, at.saved(saved, 4, k), eps);
                    ofC[k] = at.saved(saved, 1, k) * at.savedBefore(saved, 4, k) * v;
                    signal = at.saved(saved, 0, k) * at.saved(saved, 2, k) * v;
                } else if (cell.isGru()) {
                    double v = quotient(arrived, h[at.h(k)], eps);
                    past[k] = at.saved(saved, 1, k) * at.before(h, k) * v;
                    signal = (1 - at.saved(saved, 1, k)) * at.saved(saved, 2, k) * v;
                }
                double a = at.saved(saved, cell.saved() - 1, k);
                quotient[at.map(k)] = quotient(signal, a, eps);
                lost[at.map(k)] = arrived - ofC[k] - past[k] - signal + (signal - quotient[at.map(k)] * a);
            }
            for (int j = 0; j < units; j++) {
                double sum = 0;
                for (int k = 0; k < units; k++) {
                    double reset = cell == Cell.GRU ? at.saved(saved, 0, k) : 1;
                    sum += quotient[at.map(k)] * reset * weight[at.weight(cell.signal(), k, j)];
                }
                double reset = cell == Cell.GRU_RESET_BEFORE ? at.saved(saved, 0, j) : 1;
                ofH[j] = past[j] + at.before(h, j) * reset * sum;
            }
        });
    }

    private static double quotient(double r, double z, double eps) {
        double stabilized = z + (z >= 0 ? eps : -eps);
        return stabilized == 0 ? 0 : r / stabilized;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private interface Visit {
        void at(Step step);
    }

    /** Visits the steps of every series in the order in which they follow each other, or the other way round. */
    private static void forEachStep(RecurrentShape shape, int series, boolean reversed, Visit visit) {
        for (int n = 0; n < series; n++) {
            for (int s = 0; s < shape.steps(); s++) {
                visit.at(new Step(shape, n, reversed ? shape.steps() - 1 - s : s));
            }
        }
    }

    /** Where the values of one step lie. */
    private static final class Step {
        private final RecurrentShape shape;
        private final int units;
        private final int number;
        /** Rows of series and step: of what arrives, of what was recorded, and of the step before, or -1. */
        private final int map;

        private final int row;
        private final int before;

        /** @param number of the step, 0 for the one that comes first */
        Step(RecurrentShape shape, int series, int number) {
            this.shape = shape;
            this.units = shape.units();
            this.number = number;
            map = series * shape.steps() + shape.step(number);
            row = series % shape.batch() * shape.steps() + shape.step(number);
            before = number == 0 ? -1 : series % shape.batch() * shape.steps() + shape.step(number - 1);
        }

        /** The way back begins at the last step. */
        void clearWhenFirst(double[] ofH, double[] ofC) {
            if (number == shape.steps() - 1) {
                Arrays.fill(ofH, 0);
                Arrays.fill(ofC, 0);
            }
        }

        int map(int k) {
            return map * units + k;
        }

        int h(int k) {
            return row * units + k;
        }

        int gate(int gate, int k) {
            return (row * shape.cell().gates() + gate) * units + k;
        }

        int weight(int gate, int k, int j) {
            return (gate * units + k) * units + j;
        }

        double before(double[] h, int k) {
            return before < 0 ? 0 : h[before * units + k];
        }

        double saved(double[] saved, int block, int k) {
            return saved[(row * shape.cell().saved() + block) * units + k];
        }

        double savedBefore(double[] saved, int block, int k) {
            return before < 0 ? 0 : saved[(before * shape.cell().saved() + block) * units + k];
        }

        void save(double[] saved, int k, double... values) {
            for (int block = 0; block < values.length; block++) {
                saved[(row * values.length + block) * units + k] = values[block];
            }
        }

        double preactivation(int gate, int k, double[] projected, double[] weight, double[] bias, double[] h) {
            double sum = projected[gate(gate, k)] + bias[gate * units + k];
            for (int j = 0; j < units; j++) {
                sum += weight[weight(gate, k, j)] * before(h, j);
            }
            return sum;
        }
    }
}
