package unweave.bench;

import java.util.List;
import java.util.function.LongFunction;
import unweave.bench.network.NetworkCase;
import unweave.bench.network.NetworkCase.Work;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MatMul;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.Optimizer;
import unweave.engine.train.OptimizerState;
import unweave.engine.train.TrainingStep;

/** Prediction, and one training step with Adam: of the two networks of the thesis, and of the group of networks. */
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
                (backend, threads) -> new Forward(Model.create(description, backend, 1), batch));
    }

    /** Prediction, batch normalisation merged. */
    static Job forward(NetworkCase network) {
        return new Job(
                network.job(Work.FORWARD),
                network.batch() * flops(network.description()),
                1,
                (backend, threads) -> new Forward(network.merged(backend), network.batch()));
    }

    /** One step of Adam. */
    static Job trainingStep(String model, ModelDescription description, int batch) {
        return new Job(
                model + " training step, batch " + batch, trainingFlops(description, batch), 1, (backend, threads) -> {
                    int[] classes = JobData.classes(description, batch);
                    return new Update(Model.create(description, backend, 1), batch, step -> classes);
                });
    }

    /** One step of Adam. */
    static Job trainingStep(NetworkCase network) {
        return new Job(
                network.job(Work.TRAINING_STEP),
                trainingFlops(network.description(), network.batch()),
                1,
                (backend, threads) -> new Update(
                        network.model(backend),
                        network.batch(),
                        step -> JobData.turningClasses(network.description(), network.batch(), step)));
    }

    /** The backward pass costs two forward passes, except that the first layer passes no gradient on to the input. */
    static double trainingFlops(ModelDescription description, int batch) {
        return batch * (3 * flops(description) - flops(description, firstLayer(description)));
    }

    /** Additions and multiplications of the convolutions, dense layers and products for one input. */
    static double flops(ModelDescription description) {
        return description.layers().stream()
                .mapToDouble(layer -> flops(description, layer))
                .sum();
    }

    /** Every weight is multiplied and added once for every position of the output. */
    static double flops(ModelDescription description, Layer layer) {
        LayerShape output = description.outputShape(layer.name());
        if (layer instanceof MatMul) {
            return 2.0
                    * output.features()
                    * description.inputShapes(layer.name()).get(0).channels();
        }
        return description.parameters().stream()
                .filter(parameter -> parameter.layer().equals(layer.name()))
                .filter(parameter -> parameter.role() == Role.CONV_WEIGHT || parameter.role() == Role.DENSE_WEIGHT)
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

        Forward(Model model, int batch) {
            this.model = model;
            this.batch = batch;
            inputs = JobData.inputs(model.description(), batch);
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
        private final LongFunction<int[]> classes;
        private final float[] loss = new float[1];
        private long steps;

        /** @param classes the labels of each step */
        Update(Model model, int batch, LongFunction<int[]> classes) {
            this.model = model;
            this.classes = classes;
            optimizer = new OptimizerState(Optimizer.adam(JobData.LEARNING_RATE, 0f), model);
            step = new TrainingStep(model, optimizer, batch);
            inputs = JobData.inputs(model.description(), batch);
        }

        @Override
        public double run() {
            step.run(inputs, classes.apply(steps), steps);
            steps++;
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
