package unweave.engine.train;

import java.util.List;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Training;

/**
 * How gradients change weights. Decay is the L2 kind of PyTorch's optimisers: decay * w is added to the gradient. That
 * is half the gradient of the term that thesis Eq. A.5 prints.
 */
public sealed interface Optimizer {
    /** Names of the values that the optimiser keeps for each weight, all 0 at first. */
    List<String> stateNames();

    /** The learning rate. */
    float rate();

    /** How many numbers differ from one update to the next, such as Adam's corrected rate. */
    int stepValues();

    /**
     * Computes the numbers of {@link #stepValues}.
     *
     * @param step number of the update, from 1
     * @param values receives {@link #stepValues} values
     */
    void beginStep(int step, float[] values);

    /**
     * Changes one parameter.
     *
     * @param step the numbers of {@link #beginStep} in memory; null if there are none
     * @param state one buffer for each of {@link #stateNames}, updated
     * @param w updated
     */
    void update(Backend backend, Floats step, Floats gradient, List<Floats> state, Floats w);

    /** Stochastic gradient descent: v = momentum v + g, w -= rate v. */
    record Sgd(float rate, float momentum, float decay) implements Optimizer {
        public Sgd {
            requireRate(rate);
            requireBetween("momentum", momentum);
            requireDecay(decay);
        }

        @Override
        public List<String> stateNames() {
            return List.of("velocity");
        }

        @Override
        public int stepValues() {
            return 0;
        }

        @Override
        public void beginStep(int step, float[] values) {
            // No number differs between updates.
        }

        @Override
        public void update(Backend backend, Floats step, Floats gradient, List<Floats> state, Floats w) {
            backend.training().sgd(rate, momentum, decay, gradient, state.get(0), w);
        }
    }

    /** Adam (Kingma and Ba 2015) as PyTorch computes it. */
    record Adam(float rate, float beta1, float beta2, float epsilon, float decay) implements Optimizer {
        public Adam {
            requireRate(rate);
            requireBetween("beta1", beta1);
            requireBetween("beta2", beta2);
            requireDecay(decay);
            if (!(epsilon > 0)) {
                throw new BadInputException("Adam's epsilon must be above 0, not " + epsilon);
            }
        }

        @Override
        public List<String> stateNames() {
            return List.of("m", "v");
        }

        @Override
        public int stepValues() {
            return 2;
        }

        @Override
        public void beginStep(int step, float[] values) {
            Training.adamStep(rate, beta1, beta2, step, values);
        }

        @Override
        public void update(Backend backend, Floats step, Floats gradient, List<Floats> state, Floats w) {
            backend.training().adam(beta1, beta2, epsilon, decay, step, gradient, state.get(0), state.get(1), w);
        }
    }

    /** Adam with the usual beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8. */
    static Adam adam(float rate, float decay) {
        return new Adam(rate, 0.9f, 0.999f, 1e-8f, decay);
    }

    private static void requireRate(float rate) {
        if (!(rate > 0) || Float.isInfinite(rate)) {
            throw new BadInputException("the learning rate must be above 0, not " + rate);
        }
    }

    private static void requireBetween(String name, float value) {
        if (!(value >= 0 && value < 1)) {
            throw new BadInputException(name + " must be at least 0 and below 1, not " + value);
        }
    }

    private static void requireDecay(float decay) {
        if (!(decay >= 0) || Float.isInfinite(decay)) {
            throw new BadInputException("the weight decay must be at least 0, not " + decay);
        }
    }
}
