package unweave.lrp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/**
 * The composites that have a name: the two of the thesis (B.1), and those in common use since Kohlbrenner et al. 2020
 * and Montavon et al. 2019. Epsilon is 1e-6 in dense layers unless said otherwise.
 */
public final class Composites {
    private static final float EPSILON = 1e-6f;
    private static final Map<String, Supplier<Composite>> NAMED = new LinkedHashMap<>();

    static {
        NAMED.put("toy", Composite::toy);
        NAMED.put("gtzan", Composite::gtzan);
        NAMED.put("epsilon-plus", Composites::epsilonPlus);
        NAMED.put("epsilon-plus-flat", Composites::epsilonPlusFlat);
        NAMED.put("epsilon-alpha2-beta1", Composites::epsilonAlpha2Beta1);
        NAMED.put("epsilon-alpha2-beta1-flat", Composites::epsilonAlpha2Beta1Flat);
        NAMED.put("epsilon-gamma", Composites::epsilonGamma);
        NAMED.put("excitation", Composites::excitation);
        NAMED.put("attnlrp", Composites::attnLrp);
        NAMED.put("lrp-0", Composites::lrpZero);
    }

    private Composites() {}

    /** What {@link #named} takes. */
    public static List<String> names() {
        return List.copyOf(NAMED.keySet());
    }

    /**
     * The composite of that name.
     *
     * @throws BadInputException naming the composites that there are
     */
    public static Composite named(String name) {
        Supplier<Composite> composite = NAMED.get(name);
        if (composite == null) {
            throw new BadInputException("there is no composite \"" + name + "\"" + Spelling.hint(name, NAMED.keySet())
                    + ": there are " + String.join(", ", NAMED.keySet())
                    + ", or state rules such as \"first: flat; conv: gamma(0.25); dense: epsilon(1e-7)\"");
        }
        return composite.get();
    }

    /** z+ in convolutions, epsilon in dense layers (EpsilonPlus). */
    public static Composite epsilonPlus() {
        return inConvolutions("epsilon-plus", Rule.zPlus());
    }

    /** As {@link #epsilonPlus}, flat in the first layer (EpsilonPlusFlat). */
    public static Composite epsilonPlusFlat() {
        return inConvolutions("epsilon-plus-flat", Rule.zPlus()).withFirst(Rule.flat());
    }

    /** alpha-beta(2, 1) in convolutions, epsilon in dense layers (EpsilonAlpha2Beta1). */
    public static Composite epsilonAlpha2Beta1() {
        return inConvolutions("epsilon-alpha2-beta1", Rule.alphaBeta(2f, 1f));
    }

    /** As {@link #epsilonAlpha2Beta1}, flat in the first layer (EpsilonAlpha2Beta1Flat). */
    public static Composite epsilonAlpha2Beta1Flat() {
        return inConvolutions("epsilon-alpha2-beta1-flat", Rule.alphaBeta(2f, 1f))
                .withFirst(Rule.flat());
    }

    /**
     * gamma(0.25) in convolutions, epsilon in dense layers; {@link #epsilonGammaBox} where the bounds of the input are
     * known.
     */
    public static Composite epsilonGamma() {
        return inConvolutions("epsilon-gamma", Rule.gamma(0.25f));
    }

    /**
     * gamma(0.25) in convolutions, epsilon in dense layers, z-box in the first layer (EpsilonGammaBox).
     *
     * @param low the smallest value that an input can have
     * @param high the largest
     */
    public static Composite epsilonGammaBox(float low, float high) {
        return inConvolutions("epsilon-gamma-box", Rule.gamma(0.25f)).withFirst(Rule.zBox(low, high));
    }

    /** z+ everywhere: excitation backpropagation (Zhang et al. 2016). */
    public static Composite excitation() {
        return Composite.uniform(Rule.zPlus())
                .renamed("excitation")
                .with(LayerKind.ADD, Rule.zPlus())
                .with(LayerKind.AVERAGE_POOL, Rule.zPlus())
                .with(LayerKind.BATCH_NORM, Rule.zPlus())
                .with(LayerKind.SCALE, Rule.zPlus())
                .with(LayerKind.SHIFT, Rule.zPlus());
    }

    /**
     * For transformers (Achtibat et al. 2024): epsilon in linear layers and residual additions. Products of
     * activations, softmax and normalisations follow the usual rules of their kinds, which are the paper's.
     */
    public static Composite attnLrp() {
        Rule epsilon = Rule.epsilon(EPSILON);
        return Composite.uniform(epsilon)
                .renamed("attnlrp")
                .with(LayerKind.ADD, epsilon)
                .with(LayerKind.MATMUL, epsilon);
    }

    /** In proportion to the contributions, without a stabiliser, everywhere: gradient x input on networks of ReLUs. */
    public static Composite lrpZero() {
        Rule zero = Rule.epsilon(0f);
        return Composite.uniform(zero)
                .renamed("lrp-0")
                .with(LayerKind.ADD, zero)
                .with(LayerKind.AVERAGE_POOL, zero)
                .with(LayerKind.MATMUL, zero)
                .with(LayerKind.BATCH_NORM, zero)
                .with(LayerKind.SCALE, zero)
                .with(LayerKind.SHIFT, zero);
    }

    private static Composite inConvolutions(String name, Rule rule) {
        return Composite.named(name).with(LayerKind.CONVOLUTION, rule).with(LayerKind.DENSE, Rule.epsilon(EPSILON));
    }
}
