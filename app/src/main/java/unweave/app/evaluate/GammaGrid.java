package unweave.app.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.app.console.Progress;
import unweave.app.data.InputSet;
import unweave.audio.random.SeededRandom;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.EvaluationProgress;
import unweave.drsa.evaluation.FlippingScores;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.drsa.evaluation.SubspaceFlipping;
import unweave.lrp.Composite;
import unweave.lrp.LayerKind;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

/** The choice of gamma (thesis B.1.1): which composite's standard maps point to the patches that matter? */
public final class GammaGrid {
  /** The choices of gamma, fixed before any result was seen. 0 is LRP-0 with the default stabiliser. */
  public static final List<Double> GAMMAS = List.of(0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5);
  /** Gamma in the second, third, ... convolution relative to the largest (thesis Table 4.3); the last one goes on. */
  private static final double[] FALL = {1, 1, 0.5, 0.25};
  private static final float DENSE_EPSILON = 1e-7f;
  private static final long STREAM = 3;

  private final Study study;
  private final Rule first;

  /** @param first the rule of the first layer in every composite */
  public GammaGrid(Study study, Rule first) {
    this.study = study;
    this.first = first;
  }

  private record Choice(String family, double gamma, Composite composite) {}

  /** Flips the patches of the standard maps of every composite. */
  public GammaResult run() {
    List<Choice> choices = new ArrayList<>();
    for (double gamma : GAMMAS) {
      choices.add(new Choice(GammaResult.UNIFORM, gamma, composite(gamma, new double[] {1})));
    }
    for (double gamma : GAMMAS.subList(1, GAMMAS.size())) {
      choices.add(new Choice(GammaResult.DECREASING, gamma, composite(gamma, FALL)));
    }
    choices.add(new Choice(GammaResult.PRESET, Double.NaN, study.relevance().composite()));
    List<GammaResult.Row> rows = new ArrayList<>();
    try (Progress progress = study.console().progress("choice of gamma", choices.size())) {
      for (Choice choice : choices) {
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(choice.composite)) {
          rows.add(row(choice.family, choice.gamma, flipped(relevance)));
        }
        progress.at(rows.size(), choice.composite.name());
      }
    }
    rows.add(row(FlippingResult.FLOOR, Double.NaN, floor()));
    return new GammaResult(rows, study.inputs().size());
  }

  private Composite composite(double gamma, double[] fall) {
    Composite composite = Composite.named(String.format(Locale.ROOT, "gamma %.1f", gamma)).withFirst(first)
        .with(LayerKind.CONVOLUTION, Rule.gamma((float) (gamma * fall[fall.length - 1])))
        .with(LayerKind.DENSE, Rule.epsilon(DENSE_EPSILON));
    for (int i = 0; i < fall.length; i++) {
      composite = composite.with("conv" + (i + 2), Rule.gamma((float) (gamma * fall[i])));
    }
    return composite;
  }

  private List<FlippingScores> flipped(LayerwiseRelevance relevance) {
    SubspaceFlipping flipping = new SubspaceFlipping(study.model(), relevance, study.flipping());
    return study.classes().stream().map(study::ofClass)
        .map(inputs -> flipping.evaluate(inputs.concatenated(), inputs.labels(), List.of(), EvaluationProgress.SILENT).standard()).toList();
  }

  private List<FlippingScores> floor() {
    PatchFlipping flipping = study.flipping();
    List<FlippingScores> scores = new ArrayList<>();
    for (int classIndex : study.classes()) {
      InputSet inputs = study.ofClass(classIndex);
      scores.add(flipping.flip(inputs.concatenated(), inputs.labels(),
          flipping.randomRankings(inputs.size(), 1, SeededRandom.seed(study.seed(), STREAM, classIndex))));
    }
    return scores;
  }

  private static GammaResult.Row row(String family, double gamma, List<FlippingScores> classes) {
    Estimate aupc = ClassMean.of(classes.stream().map(FlippingScores::aupc).toList());
    return new GammaResult.Row(family, gamma, aupc, ClassMean.of(classes.stream().map(FlippingScores::area).toList()));
  }
}
