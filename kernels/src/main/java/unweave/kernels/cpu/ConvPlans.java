package unweave.kernels.cpu;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import unweave.kernels.ConvShape;

/** The plans of the convolutions so far, by shape and direction. */
final class ConvPlans {
    /** Plans kept; programs here use some tens. */
    private static final int MOST = 500;

    private enum Direction {
        FORWARD,
        TOWARDS_INPUT,
        WEIGHT_GRADIENT
    }

    private record Key(Direction direction, ConvShape shape, int rowMultiple) {}

    private final MicroKernel kernel;
    private final boolean winograd;
    private final Map<Key, ConvPlan> plans = new HashMap<>();

    /** @param winograd whether {@link WinogradConvolution} may be used */
    ConvPlans(MicroKernel kernel, boolean winograd) {
        this.kernel = kernel;
        this.winograd = winograd;
    }

    /** @param rowMultiple tiles begin at multiples of so many output rows of an image */
    ConvPlan forward(ConvShape shape, int rowMultiple) {
        return plan(
                new Key(Direction.FORWARD, shape, rowMultiple),
                () -> ConvPlan.forward(shape, rowMultiple, kernel, winograd));
    }

    /** @param rowMultiple tiles begin at multiples of so many output rows of an image */
    ConvPlan weightGradient(ConvShape shape, int rowMultiple) {
        return plan(
                new Key(Direction.WEIGHT_GRADIENT, shape, rowMultiple),
                () -> ConvPlan.weightGradient(shape, rowMultiple, kernel));
    }

    ConvPlan towardsInput(ConvShape shape) {
        return plan(new Key(Direction.TOWARDS_INPUT, shape, 1), () -> ConvPlan.towardsInput(shape, kernel, winograd));
    }

    private ConvPlan plan(Key key, Supplier<ConvPlan> create) {
        ConvPlan plan = plans.get(key);
        if (plan == null) {
            if (plans.size() >= MOST) {
                plans.clear();
            }
            plan = create.get();
            plans.put(key, plan);
        }
        return plan;
    }
}
