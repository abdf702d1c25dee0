package unweave.explain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;
import unweave.lrp.Attributor;
import unweave.lrp.attributor.Gradients;
import unweave.lrp.attributor.IntegratedGradients;
import unweave.lrp.attributor.Occlusion;
import unweave.lrp.attributor.SmoothGrad;

/**
 * The ways to attribute a decision, under their names on the command line, with settings that suit log-mel
 * spectrograms.
 */
public enum AttributionMethod {
    LRP,
    GRADIENT,
    GRADIENT_X_INPUT,
    INTEGRATED_GRADIENTS,
    SMOOTHGRAD,
    OCCLUSION,
    GUIDED_BACKPROP,
    DECONVNET,
    SMOOTH_RELU;

    private static final int STEPS = 64;
    private static final int SAMPLES = 32;
    private static final float NOISE = 0.1f;
    private static final int WINDOW = 8;
    private static final int STRIDE = 4;
    private static final float SHARPNESS = 10f;

    /**
     * The method of that name.
     *
     * @throws BadInputException naming the methods that there are
     */
    public static AttributionMethod named(String name) {
        return Arrays.stream(values())
                .filter(method -> method.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException("--attributor " + name + ": unknown method"
                        + Spelling.hint(name, List.of(names().split(", ", -1))) + "; the methods are " + names()));
    }

    /** All names, for help texts. */
    public static String names() {
        return Arrays.stream(values()).map(AttributionMethod::toString).collect(Collectors.joining(", "));
    }

    /**
     * The method with its settings; empty for LRP, whose rules are chosen apart.
     *
     * @param silence the value of a silent bin
     * @param seed of the noise
     */
    public Optional<Attributor> attributor(float silence, long seed) {
        return switch (this) {
            case LRP -> Optional.empty();
            case GRADIENT -> Optional.of(Gradients.plain());
            case GRADIENT_X_INPUT -> Optional.of(Gradients.timesInput());
            case INTEGRATED_GRADIENTS -> Optional.of(new IntegratedGradients(STEPS, silence));
            case SMOOTHGRAD -> Optional.of(new SmoothGrad(SAMPLES, NOISE, seed));
            case OCCLUSION -> Optional.of(new Occlusion(WINDOW, WINDOW, STRIDE, silence));
            case GUIDED_BACKPROP -> Optional.of(Gradients.guided());
            case DECONVNET -> Optional.of(Gradients.deconvnet());
            case SMOOTH_RELU -> Optional.of(Gradients.smoothRelu(SHARPNESS));
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
