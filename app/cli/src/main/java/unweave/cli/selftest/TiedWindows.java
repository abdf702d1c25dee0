package unweave.cli.selftest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import unweave.engine.tape.ConvPoolNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.MaxPoolNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.reference.ReferenceConvolutions;
import unweave.kernels.reference.ReferencePooling;

/**
 * The windows of max-pooling on a tape in which, in float64, another candidate differs from the winner by less than
 * 1e-6 of the larger. There rounding decides who wins, and float32 and float64 may decide differently: the relevance of
 * the window then goes to another position, and everything below it changes. Either winner is right.
 *
 * <p>So where a computation does not agree with a golden file, it is repeated with other candidates as the winners of
 * tied windows, where that brings it closer. Nothing else is excused: every value is compared, with the same tolerance,
 * with what one choice of winners gives. An error anywhere else, or in the sum over a tied window, remains.
 */
final class TiedWindows {
    private static final double RELATIVE = 1e-6;
    /** Windows that are tried for each sample. Networks whose inputs have regions of equal values have many ties. */
    private static final int TRIES = 64;

    /**
     * One max-pooling.
     *
     * @param winners on the tape
     * @param chosen the same on the host; modified and uploaded to choose others
     */
    private record Pool(PoolShape shape, Ints winners, Tensor output, int[] chosen) {}

    /** A candidate that ties with the winner of a window: indices of the pool, of the window in it, and a position. */
    private record Tie(int pool, int window, int position) {}

    private final Tape tape;
    private final Backend backend;
    private final Function<Tensor[], List<float[]>> handed;
    private final List<Pool> pools = new ArrayList<>();

    /**
     * The windows of a forward pass.
     *
     * @param handed says for the outputs of poolings what relevance or gradient each window hands on: those that hand
     *     on nothing need no other winner, and those with most are tried first
     */
    TiedWindows(Tape tape, Function<Tensor[], List<float[]>> handed) {
        this.tape = tape;
        this.backend = tape.backend();
        this.handed = handed;
        for (Node node : tape.nodes()) {
            if (node instanceof MaxPoolNode pool) {
                add(pool.shape(), pool.winners(), pool.output());
            } else if (node instanceof ConvPoolNode pool) {
                add(pool.pool(), pool.winners(), pool.output());
            }
        }
    }

    private void add(PoolShape shape, Ints winners, Tensor output) {
        pools.add(new Pool(shape, winners, output, backend.toArray(winners)));
    }

    /**
     * Compares as {@link Check#largest}, with the winners of tied windows that come closest. The tape is left as it
     * was.
     *
     * @param expected sample after sample
     * @param computation what is compared; reads the tape
     */
    Check closest(String name, double[] expected, Supplier<float[]> computation, double tolerance) {
        float[] actual = computation.get();
        Check own = Check.largest(name, expected, actual, tolerance);
        if (own.ok() || expected.length != actual.length || pools.isEmpty()) {
            return own;
        }
        int[][] before = pools.stream().map(pool -> pool.chosen().clone()).toArray(int[][]::new);
        int others = search(expected, actual, computation, tolerance);
        for (int p = 0; p < before.length; p++) {
            System.arraycopy(before[p], 0, pools.get(p).chosen(), 0, before[p].length);
        }
        upload();
        return others == 0
                ? own
                : Check.largest(name + ", other winners of tied windows: " + others, expected, actual, tolerance);
    }

    /**
     * Chooses other winners, one window of every sample at a time, since samples do not depend on each other.
     *
     * @param actual with the winners so far; overwritten by that with the winners found
     * @return how many windows have another winner
     */
    private int search(double[] expected, float[] actual, Supplier<float[]> computation, double tolerance) {
        int samples = pools.get(0).shape().batch();
        int size = expected.length / samples;
        double allowed =
                tolerance * Arrays.stream(expected).map(Math::abs).max().orElse(0);
        List<List<Tie>> ties = ties(samples);
        Set<Tie> tried = new HashSet<>();
        int others = 0;
        for (int i = 0; i < TRIES; i++) {
            List<float[]> weights =
                    handed.apply(pools.stream().map(Pool::output).toArray(Tensor[]::new));
            Tie[] next = new Tie[samples];
            int[] previous = new int[samples];
            for (int n = 0; n < samples; n++) {
                if (largestDifference(expected, actual, n * size, size) > allowed) {
                    next[n] = heaviest(ties.get(n), tried, weights).orElse(null);
                }
                if (next[n] != null) {
                    tried.add(next[n]);
                    previous[n] = choose(next[n].pool(), next[n].window(), next[n].position());
                }
            }
            if (Arrays.stream(next).allMatch(tie -> tie == null)) {
                break;
            }
            upload();
            float[] other = computation.get();
            for (int n = 0; n < samples; n++) {
                if (next[n] == null) {
                    continue;
                }
                if (squares(expected, other, n * size, size) < squares(expected, actual, n * size, size)) {
                    System.arraycopy(other, n * size, actual, n * size, size);
                    others++;
                } else {
                    choose(next[n].pool(), next[n].window(), previous[n]);
                }
            }
            upload();
        }
        return others;
    }

    private static Optional<Tie> heaviest(List<Tie> ties, Set<Tie> tried, List<float[]> weights) {
        return ties.stream()
                .filter(tie -> !tried.contains(tie) && weight(tie, weights) > 0)
                .max(Comparator.comparingDouble(tie -> weight(tie, weights)));
    }

    private static float weight(Tie tie, List<float[]> weights) {
        return Math.abs(weights.get(tie.pool())[tie.window()]);
    }

    /** Gives a window another winner, and returns the one it had. */
    private int choose(int pool, int window, int position) {
        int[] chosen = pools.get(pool).chosen();
        int previous = chosen[window];
        chosen[window] = position;
        return previous;
    }

    private void upload() {
        for (Pool pool : pools) {
            backend.upload(pool.chosen(), 0, pool.winners(), 0, pool.chosen().length);
        }
    }

    /** The ties of every sample. */
    private List<List<Tie>> ties(int samples) {
        List<List<Tie>> ties = new ArrayList<>();
        for (int n = 0; n < samples; n++) {
            ties.add(new ArrayList<>());
        }
        List<double[]> values = pooledValues();
        for (int p = 0; p < pools.size(); p++) {
            int perSample = pools.get(p).chosen().length / samples;
            for (int window = 0; window < pools.get(p).chosen().length; window++) {
                addTies(p, window, values.get(p), ties.get(window / perSample));
            }
        }
        return ties;
    }

    /** What each pooling pools, in float64: float32 is itself off by as much as the candidates of a tie are apart. */
    private List<double[]> pooledValues() {
        List<double[]> pooled = new ArrayList<>();
        IdentityHashMap<Tensor, double[]> exact = new IdentityHashMap<>();
        for (Node node : tape.nodes()) {
            if (node instanceof LinearNode linear) {
                exact.put(linear.output(), exact(linear, exact));
            } else if (node instanceof MaxPoolNode || node instanceof ConvPoolNode) {
                double[] values =
                        node instanceof ConvPoolNode pool ? exact(pool.linear(), exact) : exact(node.input(), exact);
                PoolShape shape = pools.get(pooled.size()).shape();
                double[] largest = new double[Math.toIntExact(shape.outputSize())];
                ReferencePooling.maxPoolForward(shape, values, largest, new int[largest.length]);
                exact.put(node.output(), largest);
                pooled.add(values);
            }
        }
        return pooled;
    }

    private double[] exact(LinearNode linear, IdentityHashMap<Tensor, double[]> known) {
        double[] y = new double[Math.toIntExact(linear.shape().outputSize())];
        ReferenceConvolutions.convForward(
                linear.shape(),
                exact(linear.input(), known),
                widened(linear.weight().value()),
                linear.bias() == null ? null : widened(linear.bias().value()),
                linear.relu(),
                y);
        return y;
    }

    private double[] exact(Tensor tensor, IdentityHashMap<Tensor, double[]> known) {
        return known.computeIfAbsent(tensor, other -> widened(other.data()));
    }

    private double[] widened(Floats values) {
        float[] narrow = backend.toArray(values);
        double[] wide = new double[narrow.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = narrow[i];
        }
        return wide;
    }

    private void addTies(int p, int window, double[] values, List<Tie> ties) {
        PoolShape shape = pools.get(p).shape();
        int channel = window % shape.channels();
        int px = window / shape.channels() % shape.outWidth();
        int py = window / shape.channels() / shape.outWidth() % shape.outHeight();
        int n = window / shape.channels() / shape.outWidth() / shape.outHeight();
        int image = n * shape.inHeight() * shape.inWidth();
        int winner = pools.get(p).chosen()[window];
        int best = (image + winner) * shape.channels() + channel;
        for (int tap = 0; tap < shape.kernelHeight() * shape.kernelWidth(); tap++) {
            int y = py * shape.strideY() - shape.padY() + tap / shape.kernelWidth() * shape.dilationY();
            int x = px * shape.strideX() - shape.padX() + tap % shape.kernelWidth() * shape.dilationX();
            int position = y * shape.inWidth() + x;
            if (y < 0 || y >= shape.inHeight() || x < 0 || x >= shape.inWidth() || position == winner) {
                continue;
            }
            int other = (image + position) * shape.channels() + channel;
            if (isTie(values[best], values[other])) {
                ties.add(new Tie(p, window, position));
            }
        }
    }

    private static boolean isTie(double a, double b) {
        return Math.abs(a - b) < RELATIVE * Math.max(Math.abs(a), Math.abs(b));
    }

    private static double largestDifference(double[] expected, float[] actual, int from, int length) {
        double largest = 0;
        for (int i = from; i < from + length; i++) {
            largest = Math.max(largest, Math.abs(expected[i] - actual[i]));
        }
        return largest;
    }

    private static double squares(double[] expected, float[] actual, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        }
        return sum;
    }
}
