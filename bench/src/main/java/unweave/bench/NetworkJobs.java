package unweave.bench;

import java.util.List;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.Optimizer;
import unweave.engine.train.OptimizerState;
import unweave.engine.train.TrainingStep;
import unweave.kernels.Backend;

/** The two networks of the thesis: prediction, and one training step with Adam. */
final class NetworkJobs {
    private NetworkJobs() {}

    static List<Job> all() {
        return List.of(
                forward("toy", ModelDescription.toy(), 16),
                forward("toy", ModelDescription.toy(), 64),
                trainingStep("toy", ModelDescription.toy(), 16),
                trainingStep("toy", ModelDescription.toy(), 64),
                forward("gtzan", ModelDescription.gtzan(), 16),
                trainingStep("gtzan", ModelDescription.gtzan(), 16));
    }

    private static Job forward(String model, ModelDescription description, int batch) {
        return new Job(
                model + " forward, batch " + batch,
                batch * flops(description),
                1,
                (backend, threads) -> new Forward(description, backend, batch));
    }

    /** One step of Adam. */
    static Job trainingStep(String model, ModelDescription description, int batch) {
        return new Job(
                model + " training step, batch " + batch,
                trainingFlops(description, batch),
                1,
                (backend, threads) -> new Update(description, backend, batch));
    }

    /** The backward pass costs two forward passes, except that the first layer passes no gradient on to the input. */
    static double trainingFlops(ModelDescription description, int batch) {
        return batch * (3 * flops(description) - flops(description, firstLayer(description)));
    }

    /** Additions and multiplications of the convolutions and dense layers for one input. */
    static double flops(ModelDescription description) {
        return description.layers().stream()
                .mapToDouble(layer -> flops(description, layer))
                .sum();
    }

    /** Every weight is multiplied and added once for every position of the output. */
    static double flops(ModelDescription description, Layer layer) {
        LayerShape output = description.outputShape(layer.name());
        return description.parameters().stream()
                .filter(parameter -> parameter.name().equals(layer.name() + ".weight"))
                .mapToDouble(ParameterDescription::size)
                .map(weights -> 2.0 * weights * output.height() * output.width())
                .sum();
    }

    private static Layer firstLayer(ModelDescription description) {
        return description.layers().get(0);
    }

    private static final class Forward implements PreparedJob {
        private final Model model;
        private final float[] inputs;
        private final int batch;

        Forward(ModelDescription description, Backend backend, int batch) {
            this.batch = batch;
            model = Model.create(description, backend, 1);
            inputs = JobData.inputs(description, batch);
        }

        @Override
        public double run() {
            return model.predict(inputs, batch)[0];
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private static final class Update implements PreparedJob {
        private final Model model;
        private final OptimizerState optimizer;
        private final TrainingStep step;
        private final float[] inputs;
        private final int[] classes;
        private final float[] loss = new float[1];
        private long steps;

        Update(ModelDescription description, Backend backend, int batch) {
            model = Model.create(description, backend, 1);
            optimizer = new OptimizerState(Optimizer.adam(JobData.LEARNING_RATE, 0f), model);
            step = new TrainingStep(model, optimizer, batch);
            inputs = JobData.inputs(description, batch);
            classes = JobData.classes(description, batch);
        }

        @Override
        public double run() {
            step.run(inputs, classes, steps++);
            model.backend().download(step.losses(), 0, loss, 0, loss.length);
            return loss[0];
        }

        @Override
        public void close() {
            step.close();
            optimizer.close();
            model.close();
        }
    }
}
