package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ElementLoops} with the Vector API: the same operations in the same order per value, hence the same bits. With
 * it off, a gtzan training step takes 1.2 times as long (JDK 17 and 25, Emerald Rapids).
 */
final class VectorElementLoops extends ElementLoops {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();
    /** A multiple of four vectors of any width. */
    private static final int SUM_BLOCK = 1_024;

    @Override
    void reluBackward(float[] y, float[] dy, float[] dx, int from, int to, int dxStart) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            var positive = load(y, i).compare(VectorOperators.GT, 0f);
            FloatVector.zero(SPECIES).blend(load(dy, i), positive).intoArray(dx, i - dxStart);
        }
        super.reluBackward(y, dy, dx, i, to, dxStart);
    }

    @Override
    void clip(float low, float high, float[] x, float[] y, int from, int to, int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            load(x, i + shift).min(high).max(low).intoArray(y, i);
        }
        super.clip(low, high, x, y, i, to, shift);
    }

    @Override
    void clipBackward(float low, float high, float[] x, float[] dy, float[] dx, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector values = load(x, i);
            var inside = values.compare(VectorOperators.GT, low).and(values.compare(VectorOperators.LE, high));
            FloatVector.zero(SPECIES).blend(load(dy, i), inside).intoArray(dx, i);
        }
        super.clipBackward(low, high, x, dy, dx, i, to);
    }

    @Override
    void add(float[] a, float[] b, float[] c, int from, int to, int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            load(a, i).add(load(b, i + shift)).intoArray(c, i);
        }
        super.add(a, b, c, i, to, shift);
    }

    @Override
    void addScaled(float alpha, float[] x, float[] y, int from, int to, int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            load(y, i).add(load(x, i + shift).mul(alpha)).intoArray(y, i);
        }
        super.addScaled(alpha, x, y, i, to, shift);
    }

    @Override
    void multiply(float[] a, float[] b, float[] c, int from, int to, int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            load(a, i).mul(load(b, i + shift)).intoArray(c, i);
        }
        super.multiply(a, b, c, i, to, shift);
    }

    @Override
    void product(float alpha, float[] x, float[] g, float[] out, int from, int to, int shiftX, int shiftG) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            load(x, i + shiftX).mul(alpha).mul(load(g, i + shiftG)).intoArray(out, i);
        }
        super.product(alpha, x, g, out, i, to, shiftX, shiftG);
    }

    @Override
    void addProduct(float alpha, float[] x, float[] g, float[] out, int from, int to, int shiftX, int shiftG) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            load(out, i)
                    .add(load(x, i + shiftX).mul(alpha).mul(load(g, i + shiftG)))
                    .intoArray(out, i);
        }
        super.addProduct(alpha, x, g, out, i, to, shiftX, shiftG);
    }

    @Override
    void stabilizedDivide(float eps, float[] r, float[] z, float[] out, int from, int to, int shift, int outStart) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            divide(load(r, i), load(z, i + shift), eps).intoArray(out, i - outStart);
        }
        super.stabilizedDivide(eps, r, z, out, i, to, shift, outStart);
    }

    @Override
    void selectiveDivide(
            float eps,
            float sign,
            float[] selector,
            float[] r,
            float[] z,
            float[] out,
            int from,
            int to,
            int shiftSelector,
            int shiftZ) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            var selected = load(selector, i + shiftSelector).mul(sign).compare(VectorOperators.GT, 0f);
            var quotient = divide(load(r, i), load(z, i + shiftZ), eps);
            FloatVector.zero(SPECIES).blend(quotient, selected).intoArray(out, i);
        }
        super.selectiveDivide(eps, sign, selector, r, z, out, i, to, shiftSelector, shiftZ);
    }

    @Override
    void normalize(float[] x, float[] mean, float[] scale, float[] beta, float[] y, int from, int to, int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            load(x, i)
                    .sub(load(mean, i + shift))
                    .mul(load(scale, i + shift))
                    .add(load(beta, i + shift))
                    .intoArray(y, i);
        }
        super.normalize(x, mean, scale, beta, y, i, to, shift);
    }

    @Override
    void addSquaredDifferences(float[] x, float[] mean, float[] sums, int from, int to, int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector difference = load(x, i + shift).sub(load(mean, i));
            load(sums, i).add(difference.mul(difference)).intoArray(sums, i);
        }
        super.addSquaredDifferences(x, mean, sums, i, to, shift);
    }

    @Override
    void addProductsWithDifferences(float[] dy, float[] x, float[] mean, float[] sums, int from, int to, int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector difference = load(x, i + shift).sub(load(mean, i));
            load(sums, i).add(load(dy, i + shift).mul(difference)).intoArray(sums, i);
        }
        super.addProductsWithDifferences(dy, x, mean, sums, i, to, shift);
    }

    @Override
    void normalizeBackward(
            float[] x,
            float[] dy,
            float[] mean,
            float[] scale,
            float[] slope,
            float[] meanDy,
            float[] dx,
            int from,
            int to,
            int shift) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            int j = i + shift;
            FloatVector sloping = load(x, i).sub(load(mean, j)).mul(load(slope, j));
            load(dy, i).sub(load(meanDy, j)).sub(sloping).mul(load(scale, j)).intoArray(dx, i);
        }
        super.normalizeBackward(x, dy, mean, scale, slope, meanDy, dx, i, to, shift);
    }

    /**
     * Blocks of some values for each lane are summed in float32, where that loses next to nothing, and the blocks in
     * float64.
     */
    @Override
    double sum(float[] x, int from, int to) {
        double sum = 0;
        int i = from;
        if (to - from >= SUM_BLOCK) {
            float[] lanes = new float[LANES];
            for (; i <= to - SUM_BLOCK; i += SUM_BLOCK) {
                sumBlock(x, i, lanes);
                for (float lane : lanes) {
                    sum += lane;
                }
            }
        }
        return sum + super.sum(x, i, to);
    }

    private static void sumBlock(float[] x, int from, float[] lanes) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = from; i < from + SUM_BLOCK; i += 4 * LANES) {
            s0 = FloatVector.fromArray(SPECIES, x, i).add(s0);
            s1 = FloatVector.fromArray(SPECIES, x, i + LANES).add(s1);
            s2 = FloatVector.fromArray(SPECIES, x, i + 2 * LANES).add(s2);
            s3 = FloatVector.fromArray(SPECIES, x, i + 3 * LANES).add(s3);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }

    /** r / s(z), and 0 where s(z) is 0. */
    static FloatVector divide(FloatVector r, FloatVector z, float eps) {
        FloatVector s = z.sub(eps).blend(z.add(eps), z.compare(VectorOperators.GE, 0f));
        return r.div(s).blend(0f, s.compare(VectorOperators.EQ, 0f));
    }
}
