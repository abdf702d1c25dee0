package unweave.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import unweave.kernels.ConvShape;

/**
 * The rules once more, straight from their formulas: float64, one contribution z_jk of an input to an output at a time,
 * nothing shared with {@link Rule}. A layer is the list of its connections.
 */
final class RuleDefinition {
    /** Input j reaches output k with weight w. */
    record Connection(int j, int k, double w) {}

    /** What input value x sends over a weight w. */
    interface Contribution {
        double of(double x, double w);
    }

    private final List<Connection> connections;
    private final double[] x;
    private final double[] bias;
    private final boolean biasCounts;
    private final double[] relevance;
    private final Stabilizer.Kind kind;
    private final double epsilon;

    /**
     * @param bias one value for each output
     * @param biasCounts whether denominators include it
     */
    RuleDefinition(
            List<Connection> connections,
            double[] x,
            double[] bias,
            boolean biasCounts,
            double[] relevance,
            Stabilizer stabilizer) {
        this(connections, x, bias, biasCounts, relevance, stabilizer.kind(), stabilizer.epsilon());
    }

    /** As the other constructor, with s(z) = z + stabilizer sign(z) in full float64. */
    RuleDefinition(
            List<Connection> connections,
            double[] x,
            double[] bias,
            boolean biasCounts,
            double[] relevance,
            double stabilizer) {
        this(connections, x, bias, biasCounts, relevance, Stabilizer.Kind.ADDED, stabilizer);
    }

    private RuleDefinition(
            List<Connection> connections,
            double[] x,
            double[] bias,
            boolean biasCounts,
            double[] relevance,
            Stabilizer.Kind kind,
            double epsilon) {
        this.connections = connections;
        this.x = x;
        this.bias = bias;
        this.biasCounts = biasCounts;
        this.relevance = relevance;
        this.kind = kind;
        this.epsilon = epsilon;
    }

    double[] epsilon() {
        return share((x, w) -> x * w, b -> b, k -> true);
    }

    double[] gamma(double g) {
        double[] z = bias.clone();
        connections.forEach(c -> z[c.k()] += x[c.j()] * c.w());
        double[] positive = share(
                (x, w) -> pos(x) * (w + g * pos(w)) + neg(x) * (w + g * neg(w)), b -> b + g * pos(b), k -> z[k] > 0);
        double[] negative = share(
                (x, w) -> pos(x) * (w + g * neg(w)) + neg(x) * (w + g * pos(w)), b -> b + g * neg(b), k -> z[k] < 0);
        return sum(positive, 1, negative);
    }

    double[] zPlus() {
        return share((x, w) -> pos(x) * pos(w) + neg(x) * neg(w), RuleDefinition::pos, k -> true);
    }

    double[] alphaBeta(double alpha, double beta) {
        double[] up = share((x, w) -> pos(x) * pos(w) + neg(x) * neg(w), RuleDefinition::pos, k -> true);
        double[] down = share((x, w) -> pos(x) * neg(w) + neg(x) * pos(w), RuleDefinition::neg, k -> true);
        return sum(sum(new double[x.length], alpha, up), -beta, down);
    }

    double[] zBox(double low, double high) {
        return share((x, w) -> x * w - low * pos(w) - high * neg(w), b -> 0, k -> true);
    }

    double[] wSquare() {
        return share((x, w) -> w * w, b -> b * b, k -> true);
    }

    double[] flat() {
        return share((x, w) -> 1, b -> 0, k -> true);
    }

    /** R_j = sum over the selected k: z_jk R_k / s(z_k), z_k = sum over j: z_jk, plus the bias' contribution. */
    private double[] share(Contribution contribution, DoubleUnaryOperator biasContribution, IntPredicate selected) {
        double[] z = new double[bias.length];
        for (int k = 0; k < z.length; k++) {
            z[k] = biasCounts ? biasContribution.applyAsDouble(bias[k]) : 0;
        }
        for (Connection c : connections) {
            z[c.k()] += contribution.of(x[c.j()], c.w());
        }
        double[] s = stabilized(z);
        double[] result = new double[x.length];
        for (Connection c : connections) {
            if (selected.test(c.k())) {
                result[c.j()] += contribution.of(x[c.j()], c.w()) * relevance[c.k()] / s[c.k()];
            }
        }
        return result;
    }

    private double[] stabilized(double[] z) {
        double rms = Math.sqrt(Arrays.stream(z).map(v -> v * v).sum() / z.length);
        return Arrays.stream(z)
                .map(v -> {
                    double magnitude =
                            switch (kind) {
                                case ADDED -> Math.abs(v) + epsilon;
                                case CLIPPED -> Math.max(Math.abs(v), epsilon);
                                case RMS -> Math.abs(v) + epsilon * rms;
                            };
                    return v >= 0 ? magnitude : -magnitude;
                })
                .toArray();
    }

    private static double pos(double v) {
        return Math.max(v, 0);
    }

    private static double neg(double v) {
        return Math.min(v, 0);
    }

    private static double[] sum(double[] a, double factor, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + factor * b[i];
        }
        return sum;
    }

    /** The connections of one image; padding has none. */
    static List<Connection> connections(ConvShape shape, float[] weights) {
        double[] wide = new double[weights.length];
        Arrays.setAll(wide, i -> weights[i]);
        return connections(shape, wide);
    }

    /** The connections of one image; padding has none. */
    static List<Connection> connections(ConvShape shape, double[] weights) {
        List<Connection> connections = new ArrayList<>();
        for (int oy = 0; oy < shape.outHeight(); oy++) {
            for (int ox = 0; ox < shape.outWidth(); ox++) {
                for (int ty = 0; ty < shape.kernelHeight(); ty++) {
                    for (int tx = 0; tx < shape.kernelWidth(); tx++) {
                        int iy = oy * shape.strideY() + ty * shape.dilationY() - shape.padY();
                        int ix = ox * shape.strideX() + tx * shape.dilationX() - shape.padX();
                        if (iy >= 0 && iy < shape.inHeight() && ix >= 0 && ix < shape.inWidth()) {
                            connectChannels(
                                    shape,
                                    weights,
                                    iy * shape.inWidth() + ix,
                                    oy * shape.outWidth() + ox,
                                    ty * shape.kernelWidth() + tx,
                                    connections);
                        }
                    }
                }
            }
        }
        return connections;
    }

    private static void connectChannels(
            ConvShape shape, double[] weights, int inPixel, int outPixel, int tap, List<Connection> connections) {
        int outputsPerGroup = shape.outChannels() / shape.groups();
        for (int o = 0; o < shape.outChannels(); o++) {
            for (int i = 0; i < shape.groupChannels(); i++) {
                int channel = o / outputsPerGroup * shape.groupChannels() + i;
                double w = weights[(tap * shape.groupChannels() + i) * shape.outChannels() + o];
                connections.add(
                        new Connection(inPixel * shape.inChannels() + channel, outPixel * shape.outChannels() + o, w));
            }
        }
    }
}
