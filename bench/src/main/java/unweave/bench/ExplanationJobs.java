package unweave.bench;

import java.util.List;
import unweave.drsa.ConceptMaps;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

/** Heatmaps of the gtzan network: a batch of them, and one input's standard and concept maps. */
final class ExplanationJobs {
  private static final String LAYER = "conv4";
  private static final int CONCEPTS = 4;

  private ExplanationJobs() {}

  static List<Job> all() {
    return List.of(
        new Job("LRP, gtzan composite, batch 16", 0, 1, (backend, threads) -> new Heatmaps(backend, 16)),
        new Job("one gtzan input, standard map + 4 concepts at conv4", 0, 1, (backend, threads) -> new Concepts(backend)));
  }

  private static final class Heatmaps implements PreparedJob {
    private final Model model;
    private final LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.gtzan());
    private final float[] inputs;
    private final int[] classes;

    Heatmaps(Backend backend, int batch) {
      ModelDescription description = ModelDescription.gtzan();
      model = Model.create(description, backend, 1);
      inputs = NetworkJobs.inputs(description, batch);
      classes = NetworkJobs.classes(description, batch);
    }

    @Override
    public double run() {
      return relevance.attribute(model, inputs, classes.length, classes).sum(0);
    }

    @Override
    public void close() {
      relevance.close();
      model.close();
    }
  }

  private static final class Concepts implements PreparedJob {
    private final Model model;
    private final LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.gtzan());
    private final TwoStepAttribution attribution;
    private final float[] input;

    Concepts(Backend backend) {
      ModelDescription description = ModelDescription.gtzan();
      model = Model.create(description, backend, 1);
      attribution = new TwoStepAttribution(model, relevance, randomSubspaces(description));
      input = NetworkJobs.inputs(description, 1);
    }

    /** The time does not depend on which subspaces they are. */
    private static Subspaces randomSubspaces(ModelDescription description) {
      int dimensions = description.outputShape(LAYER).channels();
      double[] basis = HaarOrthogonal.sample(dimensions, 1);
      float[] rounded = new float[basis.length];
      for (int i = 0; i < basis.length; i++) {
        rounded[i] = (float) basis[i];
      }
      Provenance provenance = new Provenance("random", LAYER, 0, description.classNames().get(0), 1, 1, 1);
      SubspaceSettings settings = new SubspaceSettings(CONCEPTS, 0, 1, 1, 1f);
      return new Subspaces(provenance, Method.RANDOM, settings, dimensions, rounded, new float[1][1], 0, new double[CONCEPTS]);
    }

    @Override
    public double run() {
      ConceptMaps maps = attribution.attribute(input, 0);
      return maps.standardSum(0) + maps.conceptSum(0, CONCEPTS - 1);
    }

    @Override
    public void close() {
      relevance.close();
      model.close();
    }
  }
}
