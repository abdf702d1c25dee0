package unweave.lrp.attributor;

import java.util.SplittableRandom;
import unweave.engine.model.Model;
import unweave.engine.tape.ReluGradient;
import unweave.kernels.BadInputException;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.Target;

/** SmoothGrad (Smilkov et al. 2017): the mean gradient at copies of the input with Gaussian noise. */
public final class SmoothGrad implements Attributor {
    private final int samples;
    private final float noise;
    private final long seed;
    private final GradientPass pass = new GradientPass(ReluGradient.TRUE);

    /**
     * @param samples copies per input; 20 is usual
     * @param noise standard deviation, as part of each input's range (largest minus smallest value); 0.1 to 0.2 is
     *     usual
     * @param seed the same seed gives the same maps
     */
    public SmoothGrad(int samples, float noise, long seed) {
        if (samples < 1 || !(noise >= 0f) || Float.isInfinite(noise)) {
            throw new BadInputException(
                    "SmoothGrad needs at least one sample and noise of 0 or more, not " + samples + " and " + noise);
        }
        this.samples = samples;
        this.noise = noise;
        this.seed = seed;
    }

    @Override
    public String name() {
        return "SmoothGrad, " + samples + " samples, noise " + noise;
    }

    @Override
    public Attribution attribute(Model model, float[] inputs, int n, Target target) {
        Attributor.requireInputs(model, inputs, n, target);
        SplittableRandom random = new SplittableRandom(seed);
        double[] sums = new double[inputs.length];
        float[] gradients = new float[inputs.length];
        float[] logits = new float[n * model.description().classNames().size()];
        for (int sample = 0; sample < samples; sample++) {
            pass.run(model, noisy(inputs, n, random), n, target, gradients, logits);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += gradients[i];
            }
        }
        float[] maps = new float[inputs.length];
        for (int i = 0; i < maps.length; i++) {
            maps[i] = (float) (sums[i] / samples);
        }
        return Gradients.attribution(model, n, target, maps, model.predict(inputs, n));
    }

    private float[] noisy(float[] inputs, int n, SplittableRandom random) {
        float[] noisy = inputs.clone();
        int size = inputs.length / n;
        for (int input = 0; input < n; input++) {
            float smallest = Float.POSITIVE_INFINITY;
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = input * size; i < (input + 1) * size; i++) {
                smallest = Math.min(smallest, inputs[i]);
                largest = Math.max(largest, inputs[i]);
            }
            for (int i = input * size; i < (input + 1) * size; i++) {
                noisy[i] += (float) (random.nextGaussian() * noise * (largest - smallest));
            }
        }
        return noisy;
    }
}
