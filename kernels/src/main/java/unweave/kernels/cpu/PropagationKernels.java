package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Floats;
import unweave.kernels.Propagation;
import unweave.kernels.WeightTransform;

/**
 * {@link unweave.kernels.Propagation} on arrays. Where no {@link ElementLoops} is called, C2 vectorises the loop by
 * itself.
 */
final class PropagationKernels implements Propagation {
    private final WorkerPool pool;
    private final CpuMemory memory;
    private final ElementLoops loops;

    PropagationKernels(WorkerPool pool, CpuMemory memory, ElementLoops loops) {
        this.pool = pool;
        this.memory = memory;
        this.loops = loops;
    }

    @Override
    public void transformWeights(WeightTransform transform, float g, Floats w, Floats out) {
        transformWeights(transform, g, memory.array(w), memory.array(out));
    }

    @Override
    public void positivePart(Floats x, Floats y) {
        positivePart(memory.array(x), memory.array(y));
    }

    @Override
    public void negativePart(Floats x, Floats y) {
        negativePart(memory.array(x), memory.array(y));
    }

    @Override
    public void stabilizedDivide(float eps, Floats r, Floats z, Floats out) {
        stabilizedDivide(eps, memory.array(r), memory.array(z), memory.array(out));
    }

    @Override
    public void clippedDenominator(float eps, Floats z, Floats out) {
        clippedDenominator(eps, memory.array(z), memory.array(out));
    }

    @Override
    public void rmsDenominator(int width, float eps, Floats z, Floats out) {
        rmsDenominator(width, eps, memory.array(z), memory.array(out));
    }

    @Override
    public void selectiveDivide(float eps, float sign, Floats selector, Floats r, Floats z, Floats out) {
        selectiveDivide(eps, sign, memory.array(selector), memory.array(r), memory.array(z), memory.array(out));
    }

    @Override
    public void addProduct(float alpha, Floats x, Floats g, Floats out) {
        addProduct(alpha, memory.array(x), memory.array(g), memory.array(out));
    }

    @Override
    public void contextVectors(Floats r, Floats a, Floats c) {
        contextVectors(memory.array(r), memory.array(a), memory.array(c));
    }

    /** All transforms but two are w + positive * max(w, 0) + negative * min(w, 0). */
    void transformWeights(WeightTransform transform, float g, float[] w, float[] out) {
        Elements.requireSize(w.length, out);
        switch (transform) {
            case IDENTITY -> addParts(0, 0, w, out);
            case FAVOUR_POSITIVE -> addParts(g, 0, w, out);
            case FAVOUR_NEGATIVE -> addParts(0, g, w, out);
            case POSITIVE -> addParts(0, -1, w, out);
            case NEGATIVE -> addParts(-1, 0, w, out);
            case SQUARE -> square(w, out);
            case ONE -> pool.runAlone(() -> Arrays.fill(out, 1f));
            default -> throw new IllegalArgumentException("unknown weight transform " + transform);
        }
    }

    private void addParts(float positive, float negative, float[] w, float[] out) {
        Elements.forEach(pool, w.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                out[i] = w[i] + positive * Math.max(w[i], 0f) + negative * Math.min(w[i], 0f);
            }
        });
    }

    private void square(float[] w, float[] out) {
        Elements.forEach(pool, w.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                out[i] = w[i] * w[i];
            }
        });
    }

    void positivePart(float[] x, float[] y) {
        Elements.requireSize(x.length, y);
        Elements.forEach(pool, x.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = Math.max(x[i], 0f);
            }
        });
    }

    void negativePart(float[] x, float[] y) {
        Elements.requireSize(x.length, y);
        Elements.forEach(pool, x.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = Math.min(x[i], 0f);
            }
        });
    }

    void stabilizedDivide(float eps, float[] r, float[] z, float[] out) {
        int n = r.length;
        Elements.requireSize(n, out);
        float[] denominators = Elements.repeating(pool, z, n);
        Elements.forEachRepeating(
                pool,
                n,
                denominators.length,
                denominators.length,
                (from, to, shift, same) -> loops.stabilizedDivide(eps, r, denominators, out, from, to, shift, 0));
    }

    /** out[i] = r[i] / s(z[i + shift]) for one range, by the calling thread. */
    void stabilizedDivide(float eps, float[] r, float[] z, float[] out, int from, int to, int shift) {
        loops.stabilizedDivide(eps, r, z, out, from, to, shift, 0);
    }

    /** out[i] = alpha * x[i + shiftX] * g[i + shiftG], or out[i] += that, for one range, by the calling thread. */
    void product(
            float alpha, float[] x, float[] g, boolean add, float[] out, int from, int to, int shiftX, int shiftG) {
        if (add) {
            loops.addProduct(alpha, x, g, out, from, to, shiftX, shiftG);
        } else {
            loops.product(alpha, x, g, out, from, to, shiftX, shiftG);
        }
    }

    void clippedDenominator(float eps, float[] z, float[] out) {
        Elements.requireSize(z.length, out);
        Elements.forEach(pool, z.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                out[i] = z[i] >= 0 ? Math.max(z[i], eps) : Math.min(z[i], -eps);
            }
        });
    }

    void rmsDenominator(int width, float eps, float[] z, float[] out) {
        Elements.requireSize(z.length, out);
        Elements.requireSize(z.length / width * width, z);
        Elements.forEachRow(pool, z.length / width, width, (from, to) -> {
            for (int n = from; n < to; n++) {
                addSigned(eps * rootMeanSquare(z, n * width, (n + 1) * width), z, out, n * width, (n + 1) * width);
            }
        });
    }

    private static float rootMeanSquare(float[] z, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) z[i] * z[i];
        }
        return (float) Math.sqrt(sum / (to - from));
    }

    private static void addSigned(float eps, float[] z, float[] out, int from, int to) {
        for (int i = from; i < to; i++) {
            out[i] = z[i] >= 0 ? z[i] + eps : z[i] - eps;
        }
    }

    void selectiveDivide(float eps, float sign, float[] selector, float[] r, float[] z, float[] out) {
        int n = r.length;
        Elements.requireSize(n, out);
        float[] selectors = Elements.repeating(pool, selector, n);
        float[] denominators = Elements.repeating(pool, z, n);
        Elements.forEachRepeating(
                pool,
                n,
                selectors.length,
                denominators.length,
                (from, to, shiftSelector, shiftZ) -> loops.selectiveDivide(
                        eps, sign, selectors, r, denominators, out, from, to, shiftSelector, shiftZ));
    }

    void addProduct(float alpha, float[] x, float[] g, float[] out) {
        int n = out.length;
        Elements.requireSize(n, g);
        float[] operand = Elements.repeating(pool, x, n);
        Elements.forEachRepeating(
                pool,
                n,
                operand.length,
                operand.length,
                (from, to, shift, same) -> loops.addProduct(alpha, operand, g, out, from, to, shift, 0));
    }

    /** c = r / a where a is not 0, else 0: the stabilised division without its stabiliser. */
    void contextVectors(float[] r, float[] a, float[] c) {
        stabilizedDivide(0f, r, a, c);
    }
}
