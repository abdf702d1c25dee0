package unweave.lrp.attributor;

import unweave.engine.model.Model;
import unweave.engine.tape.ReluGradient;
import unweave.kernels.BadInputException;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.Target;

/**
 * Integrated gradients (Sundararajan et al. 2017): (x - x0) times the mean gradient on the straight way from a baseline
 * x0 to x, by the midpoint rule. The map sums to target(x) - target(x0), the better the more steps.
 */
public final class IntegratedGradients implements Attributor {
    private final int steps;
    private final float baseline;
    private final GradientPass pass = new GradientPass(ReluGradient.TRUE);

    /**
     * @param steps gradients per input; 32 is usual
     * @param baseline the value of every bin of x0, such as silence (-4 in log-mel)
     */
    public IntegratedGradients(int steps, float baseline) {
        if (steps < 1 || !Float.isFinite(baseline)) {
            throw new BadInputException("integrated gradients need at least one step and a finite baseline, not "
                    + steps + " and " + baseline);
        }
        this.steps = steps;
        this.baseline = baseline;
    }

    @Override
    public String name() {
        return "integrated gradients, " + steps + " steps from " + baseline;
    }

    @Override
    public Attribution attribute(Model model, float[] inputs, int n, Target target) {
        Attributor.requireInputs(model, inputs, n, target);
        double[] sums = new double[inputs.length];
        float[] between = new float[inputs.length];
        float[] gradients = new float[inputs.length];
        float[] logits = new float[n * model.description().classNames().size()];
        for (int step = 0; step < steps; step++) {
            float way = (step + 0.5f) / steps;
            for (int i = 0; i < inputs.length; i++) {
                between[i] = baseline + way * (inputs[i] - baseline);
            }
            pass.run(model, between, n, target, gradients, logits);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += gradients[i];
            }
        }
        float[] maps = new float[inputs.length];
        for (int i = 0; i < maps.length; i++) {
            maps[i] = (float) ((inputs[i] - baseline) * sums[i] / steps);
        }
        return Gradients.attribution(model, n, target, maps, model.predict(inputs, n));
    }
}
