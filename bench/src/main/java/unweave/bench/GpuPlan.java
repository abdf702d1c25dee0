package unweave.bench;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.model.ModelDescription;
import unweave.kernels.ConvShape;

/**
 * The measurements on a GPU and their targets. The full plan has the targets of the project; the quick one shows in
 * minutes, also on the stand-in for a GPU, that everything runs.
 *
 * @param model name of the network whose heatmaps and convolutions are measured, gtzan or toy
 * @param trainings training steps; the first one's batch is that of the convolutions
 * @param heatmaps inputs whose relevance is computed at once
 * @param ascents searches for subspaces
 * @param warmUpSeconds how long a job runs before anything counts: the JVM needs seconds to compile the code of the
 *     host
 * @param runs number of runs of a job that count
 * @param convolutionRuns number of runs of every convolution that count
 * @param targets whether times and speeds are compared with the targets
 */
record GpuPlan(
        String model,
        List<Training> trainings,
        int heatmaps,
        List<AscentPlan> ascents,
        int warmUpSeconds,
        int runs,
        int convolutionRuns,
        boolean targets) {
    /** Steps of a network, gtzan or toy. */
    record Training(String model, int batch) {}

    /** Of K = 4 subspaces from 3 starts; {@code targetSeconds} is NaN where there is none. */
    record AscentPlan(int dimensions, int rows, int steps, double targetSeconds) {}

    static GpuPlan full() {
        List<Training> trainings =
                List.of(new Training("gtzan", 64), new Training("gtzan", 16), new Training("toy", 16));
        // Of more channels than the networks have, enough steps to tell the ways apart.
        List<AscentPlan> ascents = List.of(
                new AscentPlan(128, 9600, 5000, 4),
                new AscentPlan(16, 8000, 5000, 2),
                new AscentPlan(512, 9600, 500, Double.NaN),
                new AscentPlan(1024, 9600, 100, Double.NaN));
        return new GpuPlan("gtzan", trainings, 64, ascents, 5, 50, 20, true);
    }

    static GpuPlan quick() {
        return new GpuPlan(
                "toy",
                List.of(new Training("toy", 2)),
                2,
                List.of(new AscentPlan(16, 300, 30, Double.NaN)),
                0,
                2,
                2,
                false);
    }

    static ModelDescription description(String model) {
        return model.equals("gtzan") ? ModelDescription.gtzan() : ModelDescription.toy();
    }

    /**
     * The five convolutions, each on images half as high and wide as the one before, for the first of the batch sizes.
     */
    List<ConvShape> convolutions() {
        int[] channels = model.equals("gtzan") ? new int[] {1, 32, 32, 64, 64, 128} : new int[] {1, 8, 8, 16, 16, 16};
        int size = model.equals("gtzan") ? 128 : 64;
        List<ConvShape> shapes = new ArrayList<>();
        for (int i = 0; i + 1 < channels.length; i++) {
            shapes.add(ConvShape.same(trainings.get(0).batch(), size >> i, size >> i, channels[i], channels[i + 1], 3));
        }
        return shapes;
    }
}
