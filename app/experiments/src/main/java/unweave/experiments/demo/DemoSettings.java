package unweave.experiments.demo;

import unweave.audio.synthetic.SyntheticParameters;
import unweave.explain.preset.Preset;
import unweave.explain.preset.SubspacePlan;
import unweave.explain.preset.TrainingPlan;
import unweave.kernels.BadInputException;

/**
 * The size of a demo; the defaults are the thesis' settings.
 *
 * @param sounds what the synthetic sounds are made of
 * @param samplesPerClass of the synthetic set
 * @param recoverySamples further samples per class that hold all four objects, to score concepts with
 * @param explained samples per class that are shown
 * @param randomSeeds random orthogonal matrices to average over
 * @param threads to make sounds and prepare inputs with, 0 for one per processor
 */
public record DemoSettings(
        SyntheticParameters sounds,
        Preset preset,
        TrainingPlan training,
        SubspacePlan subspaces,
        int samplesPerClass,
        int recoverySamples,
        int explained,
        int randomSeeds,
        long seed,
        int threads) {

    public DemoSettings {
        if (recoverySamples < explained || explained < 1 || randomSeeds < 1) {
            throw new BadInputException(
                    "the demo needs at least one explained sample and one random seed, and as many samples with "
                            + "all objects as"
                            + " are explained, not " + explained + ", " + randomSeeds + " and " + recoverySamples);
        }
        preset.requireSplits(subspaces.layer(), subspaces.concepts());
    }
}
