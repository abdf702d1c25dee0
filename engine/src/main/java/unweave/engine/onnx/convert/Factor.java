package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of an axis: {@code size} values, {@code stride} apart in the output of a layer. An axis is the product of its
 * factors, the first of which varies slowest.
 */
record Factor(int size, int stride) {
    /** The same axis with as few factors as possible. */
    static List<Factor> merged(List<Factor> factors) {
        List<Factor> merged = new ArrayList<>();
        for (Factor factor : factors) {
            int last = merged.size() - 1;
            if (factor.size == 1) {
                continue;
            }
            if (last >= 0 && merged.get(last).stride == factor.stride * factor.size) {
                merged.set(last, new Factor(merged.get(last).size * factor.size, factor.stride));
            } else {
                merged.add(factor);
            }
        }
        return List.copyOf(merged);
    }

    static int size(List<Factor> factors) {
        return factors.stream().mapToInt(Factor::size).reduce(1, Math::multiplyExact);
    }

    /** Whether the values of an axis follow each other in memory without gaps. */
    static boolean contiguous(List<Factor> factors) {
        List<Factor> merged = merged(factors);
        return merged.isEmpty() || (merged.size() == 1 && merged.get(0).stride == 1);
    }
}
