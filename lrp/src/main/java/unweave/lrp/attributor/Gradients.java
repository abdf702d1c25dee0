package unweave.lrp.attributor;

import java.util.List;
import unweave.engine.model.Model;
import unweave.engine.tape.ReluGradient;
import unweave.kernels.Activation;
import unweave.kernels.BadInputException;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.Target;

/** The gradient of the target by the input, plain or changed on its way through ReLUs, as it is or times the input. */
public final class Gradients implements Attributor {
    private final String name;
    private final GradientPass pass;
    private final boolean timesInput;

    private Gradients(String name, ReluGradient throughRelu, boolean timesInput) {
        this.name = name;
        this.pass = new GradientPass(throughRelu);
        this.timesInput = timesInput;
    }

    /** d target / d x (Simonyan et al. 2014), signed. */
    public static Gradients plain() {
        return new Gradients("gradient", ReluGradient.TRUE, false);
    }

    /** x * d target / d x (Shrikumar et al. 2016). */
    public static Gradients timesInput() {
        return new Gradients("gradient x input", ReluGradient.TRUE, true);
    }

    /**
     * The deconvolutional network (Zeiler and Fergus 2014): at a ReLU only what is above zero in the gradient passes,
     * whatever the input was.
     */
    public static Gradients deconvnet() {
        return new Gradients(
                "deconvnet", (backend, x, y, dy) -> backend.propagation().positivePart(dy, dy), false);
    }

    /**
     * Guided backpropagation (Springenberg et al. 2015): at a ReLU, what is above zero in the gradient passes where the
     * input was above zero.
     */
    public static Gradients guided() {
        return new Gradients(
                "guided backpropagation",
                (backend, x, y, dy) -> {
                    backend.elementwise().reluBackward(y, dy, dy);
                    backend.propagation().positivePart(dy, dy);
                },
                false);
    }

    /**
     * The gradient of the network with softplus(beta x) / beta in place of its ReLUs, at the activations of the ReLUs
     * (Dombrowski et al. 2019): less shattered.
     *
     * @param beta the sharpness: ReLU as it goes to infinity
     * @throws BadInputException unless beta is above 0
     */
    public static Gradients smoothRelu(float beta) {
        if (!(beta > 0f) || Float.isInfinite(beta)) {
            throw new BadInputException("the smooth ReLU needs a beta above 0, not " + beta);
        }
        return new Gradients(
                "smooth-ReLU gradient, beta " + beta,
                (backend, x, y, dy) -> backend.activations()
                        .activationBackward(Activation.SOFTPLUS, Activation.Constants.of(beta), x, dy, dy),
                false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Attribution attribute(Model model, float[] inputs, int n, Target target) {
        Attributor.requireInputs(model, inputs, n, target);
        float[] maps = new float[inputs.length];
        float[] logits = new float[n * model.description().classNames().size()];
        pass.run(model, inputs, n, target, maps, logits);
        if (timesInput) {
            for (int i = 0; i < maps.length; i++) {
                maps[i] *= inputs[i];
            }
        }
        return attribution(model, n, target, maps, logits);
    }

    static Attribution attribution(Model model, int n, Target target, float[] maps, float[] logits) {
        float[] start = new float[n];
        for (int i = 0; i < n; i++) {
            start[i] = target.value(logits, i);
        }
        return new Attribution(
                maps, model.description().input().ofBatch(n), target.classes().clone(), start, logits, List.of());
    }
}
