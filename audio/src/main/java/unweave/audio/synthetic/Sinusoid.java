package unweave.audio.synthetic;

import unweave.audio.random.SeededRandom;

/**
 * Sines and envelopes over one second of N = 16000 samples, where a frequency of k Hz is k whole periods:
 * <pre>
 *   sine:     sin(2 pi (k n + p) / N)                                             (D.1)
 *   envelope: max(0, alpha sin(2 pi (k n + p) / N) + beta) / (beta + 1)           (D.3)
 * </pre>
 * k and p are integers: p / N is the phase in turns, drawn in steps of 1/16000. So every value is one of the N values of one
 * period, and a table makes them exact, fast and the same everywhere.
 */
final class Sinusoid {
  /** Samples of a signal, and its sample rate in Hz. */
  static final int N = 16000;

  private static final float[] PERIOD = new float[N];

  static {
    for (int i = 0; i < N; i++) {
      PERIOD[i] = (float) StrictMath.sin(2 * Math.PI * i / N);
    }
  }

  private final int frequency;
  private final int phase;

  /**
   * @param frequency k in Hz, 0 to N - 1
   * @param phase     p in 1/N turns, 0 to N - 1
   */
  Sinusoid(int frequency, int phase) {
    this.frequency = frequency;
    this.phase = phase;
  }

  /** A sine of the given frequency at a uniformly random phase. */
  static Sinusoid atRandomPhase(int frequency, SeededRandom random) {
    return new Sinusoid(frequency, random.integer(0, N - 1));
  }

  /** A sine whose frequency is uniform in [lowest, highest] Hz, at a uniformly random phase. */
  static Sinusoid draw(int lowest, int highest, SeededRandom random) {
    int frequency = random.integer(lowest, highest);
    return atRandomPhase(frequency, random);
  }

  /** k in Hz. */
  int frequency() {
    return frequency;
  }

  /** Adds amplitude x sine to the signal of N samples. */
  void addTo(float[] signal, float amplitude) {
    int index = phase;
    for (int n = 0; n < N; n++) {
      signal[n] += amplitude * PERIOD[index];
      index = advance(index);
    }
  }

  /** Multiplies the signal of N samples by the envelope of this sine. */
  void modulate(float[] signal, float alpha, float beta) {
    float scale = 1 / (beta + 1);
    int index = phase;
    for (int n = 0; n < N; n++) {
      signal[n] *= Math.max(0, alpha * PERIOD[index] + beta) * scale;
      index = advance(index);
    }
  }

  /** Silences the signal of N samples where this sine is not positive. */
  void gate(float[] signal) {
    int index = phase;
    for (int n = 0; n < N; n++) {
      if (PERIOD[index] <= 0) {
        signal[n] = 0;
      }
      index = advance(index);
    }
  }

  /** The sine at sample n. */
  float at(int n) {
    return PERIOD[positionAt(n)];
  }

  /** Where in its period this sine is at sample n, in [0, N); the periods before it are {@link #periodAt}. */
  int positionAt(int n) {
    return (frequency * n + phase) % N;
  }

  /** How many periods have begun and ended before sample n, counted from the one that n = 0 lies in. */
  int periodAt(int n) {
    return (frequency * n + phase) / N;
  }

  private int advance(int index) {
    int next = index + frequency;
    return next < N ? next : next - N;
  }
}
