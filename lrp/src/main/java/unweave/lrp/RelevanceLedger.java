package unweave.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * The books of a relevance pass: how much arrived at each layer and how much it passed on. Relevance is conserved up to what biases, the
 * stabiliser and dropped outputs absorb; the ledger says where it went. One ledger may watch several passes, whose samples it lists one
 * after the other.
 */
public final class RelevanceLedger {

  /**
   * One layer that a rule was applied to.
   *
   * @param arrived the sum of the relevance of the output, for each sample of each pass
   * @param passedOn the sum of the relevance of the inputs, for each sample of each pass
   */
  public record Entry(String layer, Rule rule, float[] arrived, float[] passedOn) {
    /** The largest |passedOn - arrived| of all samples. */
    public double largestLoss() {
      double largest = 0;
      for (int i = 0; i < arrived.length; i++) {
        largest = Math.max(largest, Math.abs((double) passedOn[i] - arrived[i]));
      }
      return largest;
    }

    private Entry followedBy(Entry later) {
      return new Entry(layer, rule, concatenate(arrived, later.arrived), concatenate(passedOn, later.passedOn));
    }
  }

  private record Pending(Assignment assignment, Floats arrived, List<Floats> passedOn) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Pending> pending = new ArrayList<>();

  /** The layers in the order in which relevance reached them, output first. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Queues the sums of one layer; nothing waits for them before {@link #settle}. */
  void record(Backend backend, Assignment assignment, Tensor output, Floats arrived, List<Tensor> inputs, List<Floats> passedOn) {
    List<Floats> inputSums = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      inputSums.add(sums(backend, inputs.get(i), passedOn.get(i)));
    }
    pending.add(new Pending(assignment, sums(backend, output, arrived), inputSums));
  }

  /** Fetches what was recorded since the last call. */
  void settle(Backend backend) {
    for (Pending sums : pending) {
      float[] arrived = backend.toArray(sums.arrived());
      float[] passedOn = new float[arrived.length];
      for (Floats input : sums.passedOn()) {
        float[] values = backend.toArray(input);
        for (int i = 0; i < values.length; i++) {
          passedOn[i] += values[i];
        }
      }
      Entry entry = new Entry(sums.assignment().layer(), sums.assignment().rule(), arrived, passedOn);
      entries.merge(entry.layer(), entry, Entry::followedBy);
    }
    discard();
  }

  /** Frees what was recorded and not settled. */
  void discard() {
    for (Pending sums : pending) {
      sums.arrived().close();
      sums.passedOn().forEach(Floats::close);
    }
    pending.clear();
  }

  private static Floats sums(Backend backend, Tensor tensor, Floats relevance) {
    int width = Math.toIntExact(tensor.size() / tensor.batch());
    Floats sums = backend.floats(relevance.size() / width);
    backend.sumRows(width, relevance, sums);
    return sums;
  }

  private static float[] concatenate(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
