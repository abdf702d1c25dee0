package unweave.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * The books of a relevance pass: how much arrived at each layer, how much its inputs received and, in a {@link #detailed} ledger, what became of
 * the rest. Relevance is conserved up to what biases and the stabiliser absorb and what no input can be given; the ledger says where it went.
 * One ledger may watch several passes, whose samples it lists one after the other.
 */
public final class RelevanceLedger {

  /**
   * One layer that a rule was applied to. All arrays hold one value for each sample of each pass.
   *
   * @param arrived the sum of the relevance of the output
   * @param passedOn the sum of the relevance of the inputs
   * @param magnitude the sum of |relevance| of the output or of the inputs, whichever is larger: what rounding errors are measured by
   * @param absorbed empty in a ledger without details
   */
  public record Entry(String layer, Rule rule, float[] arrived, float[] passedOn, float[] magnitude, Optional<Absorbed> absorbed) {
    /** The largest |passedOn - arrived| of all samples. */
    public double largestLoss() {
      double largest = 0;
      for (int i = 0; i < arrived.length; i++) {
        largest = Math.max(largest, Math.abs((double) passedOn[i] - arrived[i]));
      }
      return largest;
    }

    /**
     * What the books do not explain: the largest |arrived - passedOn - bias - stabiliser - dropped| of all samples, as part of its magnitude. Rounding
     * only, if everything is right.
     *
     * @throws IllegalStateException in a ledger without details
     */
    public double imbalance() {
      Absorbed rest = absorbed.orElseThrow(() -> new IllegalStateException("the ledger has no details: keep a RelevanceLedger.detailed()"));
      double largest = 0;
      for (int i = 0; i < arrived.length; i++) {
        double open = (double) arrived[i] - passedOn[i] - rest.bias[i] - rest.stabilizer[i] - rest.dropped[i];
        largest = Math.max(largest, open == 0 ? 0 : Math.abs(open) / magnitude[i]);
      }
      return largest;
    }

    private Entry followedBy(Entry later) {
      return new Entry(layer, rule, concatenate(arrived, later.arrived), concatenate(passedOn, later.passedOn),
          concatenate(magnitude, later.magnitude), absorbed.flatMap(a -> later.absorbed.map(a::followedBy)));
    }
  }

  /** What the inputs of a layer did not receive: one value for each sample. */
  public record Absorbed(float[] bias, float[] stabilizer, float[] dropped) {
    private Absorbed followedBy(Absorbed later) {
      return new Absorbed(concatenate(bias, later.bias), concatenate(stabilizer, later.stabilizer), concatenate(dropped, later.dropped));
    }
  }

  /** The sums and absolute sums of one tensor's relevance, per sample, on the device. */
  private record Sums(Floats sum, Floats absolute) implements AutoCloseable {
    @Override
    public void close() {
      sum.close();
      absolute.close();
    }
  }

  private record Pending(Assignment assignment, Sums arrived, List<Sums> passedOn, Optional<Absorption> absorption) {}

  private final boolean detailed;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Pending> pending = new ArrayList<>();

  /** A ledger of what arrived and what was passed on. */
  public RelevanceLedger() {
    this(false);
  }

  private RelevanceLedger(boolean detailed) {
    this.detailed = detailed;
  }

  /** A ledger that also says what biases, stabilisers and dropped outputs took; it costs about as much as the rules themselves. */
  public static RelevanceLedger detailed() {
    return new RelevanceLedger(true);
  }

  /** Whether {@link Entry#absorbed} is there. */
  public boolean isDetailed() {
    return detailed;
  }

  /** The layers in the order in which relevance reached them, output first. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Queues the sums of one layer, and takes {@code absorption} over; nothing waits for them before {@link #settle}. */
  void record(Backend backend, Assignment assignment, Tensor output, Floats arrived, List<Tensor> inputs, List<Floats> passedOn,
      Optional<Absorption> absorption) {
    List<Sums> inputSums = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      inputSums.add(sums(backend, inputs.get(i), passedOn.get(i)));
    }
    pending.add(new Pending(assignment, sums(backend, output, arrived), inputSums, absorption));
  }

  /** Fetches what was recorded since the last call, all at once: every transfer makes the host wait for the device. */
  void settle(Backend backend) {
    FetchedTogether fetched = new FetchedTogether(backend, pending.stream().flatMap(RelevanceLedger::memory).toList());
    for (Pending sums : pending) {
      float[] arrived = fetched.values(sums.arrived().sum());
      float[] passedOn = new float[arrived.length];
      float[] absolute = new float[arrived.length];
      for (Sums input : sums.passedOn()) {
        add(fetched.values(input.sum()), passedOn);
        add(fetched.values(input.absolute()), absolute);
      }
      float[] magnitude = fetched.values(sums.arrived().absolute());
      for (int i = 0; i < magnitude.length; i++) {
        magnitude[i] = Math.max(magnitude[i], absolute[i]);
      }
      Optional<Absorbed> absorbed = sums.absorption()
          .map(a -> new Absorbed(fetched.values(a.bias()), fetched.values(a.stabilizer()), fetched.values(a.dropped())));
      Entry entry = new Entry(sums.assignment().layer(), sums.assignment().rule(), arrived, passedOn, magnitude, absorbed);
      entries.merge(entry.layer(), entry, Entry::followedBy);
    }
    discard();
  }

  private static Stream<Floats> memory(Pending sums) {
    Stream<Floats> ofSums = Stream.concat(Stream.of(sums.arrived()), sums.passedOn().stream()).flatMap(s -> Stream.of(s.sum(), s.absolute()));
    return Stream.concat(ofSums, sums.absorption().stream().flatMap(a -> Stream.of(a.bias(), a.stabilizer(), a.dropped())));
  }

  private static void add(float[] values, float[] total) {
    for (int i = 0; i < values.length; i++) {
      total[i] += values[i];
    }
  }

  /** Frees what was recorded and not settled. */
  void discard() {
    for (Pending sums : pending) {
      sums.arrived().close();
      sums.passedOn().forEach(Sums::close);
      sums.absorption().ifPresent(Absorption::close);
    }
    pending.clear();
  }

  private static Sums sums(Backend backend, Tensor tensor, Floats relevance) {
    int width = Math.toIntExact(tensor.size() / tensor.batch());
    Floats sum = backend.floats(relevance.size() / width);
    Floats absolute = backend.floats(sum.size());
    backend.sumRows(width, relevance, sum, absolute);
    // |r| = 2 max(r, 0) - r
    backend.scale(2f, absolute, absolute);
    backend.addScaled(-1f, sum, absolute);
    return new Sums(sum, absolute);
  }

  private static float[] concatenate(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
