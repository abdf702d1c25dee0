package unweave.app.evaluate;

import java.util.Arrays;
import unweave.app.console.Progress;
import unweave.app.data.InputSet;
import unweave.drsa.ConceptMaps;
import unweave.drsa.TwoStepAttribution;

/** The distribution of relevance in concept maps, which decides how much of a sound its explanation keeps (thesis B.3). */
public final class RelevanceHistogram {
  /** Intervals from 0 to 1. */
  public static final int BINS = 50;
  private static final double SHARE_BELOW = 0.9;

  private final double[] shares = new double[BINS];
  private double percentiles;
  private double meansPlusDeviations;
  private int maps;

  private RelevanceHistogram() {}

  /** Explains all inputs of a study through the subspaces of their classes. */
  public static HistogramResult run(Study study, Variant variant) {
    RelevanceHistogram histogram = new RelevanceHistogram();
    int done = 0;
    try (Progress progress = study.console().progress("relevance histogram", study.inputs().size())) {
      for (int classIndex : study.classes()) {
        InputSet inputs = study.ofClass(classIndex);
        ConceptMaps explained = new TwoStepAttribution(study.model(), study.relevance(), variant.set().ofClass(classIndex))
            .attribute(inputs.concatenated(), inputs.labels());
        for (float[][] concepts : explained.concepts()) {
          for (float[] map : concepts) {
            histogram.add(map);
          }
        }
        done += inputs.size();
        progress.at(done, "");
      }
    }
    return histogram.result(variant);
  }

  private void add(float[] map) {
    double[] values = new double[map.length];
    double largest = 0;
    for (int i = 0; i < map.length; i++) {
      values[i] = Math.max(0, map[i]);
      largest = Math.max(largest, values[i]);
    }
    if (largest == 0) {
      return;
    }
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] /= largest;
      sum += values[i];
      squares += values[i] * values[i];
      shares[(int) Math.min(BINS - 1, values[i] * BINS)] += 1.0 / values.length;
    }
    double mean = sum / values.length;
    meansPlusDeviations += mean + Math.sqrt(Math.max(0, squares / values.length - mean * mean));
    Arrays.sort(values);
    percentiles += values[(int) Math.ceil(SHARE_BELOW * values.length) - 1];
    maps++;
  }

  private HistogramResult result(Variant variant) {
    double[] mean = Arrays.stream(shares).map(share -> share / maps).toArray();
    return new HistogramResult(variant.layer(), variant.concepts(), maps, mean, percentiles / maps, meansPlusDeviations / maps);
  }
}
