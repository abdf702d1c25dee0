package unweave.kernels.profile;

import unweave.kernels.Activation;
import unweave.kernels.Activations;
import unweave.kernels.Backend;
import unweave.kernels.Convolutions;
import unweave.kernels.Elementwise;
import unweave.kernels.Floats;
import unweave.kernels.Fused;
import unweave.kernels.Ints;
import unweave.kernels.Normalization;
import unweave.kernels.Pooling;
import unweave.kernels.Propagation;
import unweave.kernels.Subspaces;
import unweave.kernels.Training;
import unweave.kernels.WeightTransform;

/**
 * The half of {@link ProfilingBackend} with the operations whose cost is a number of values: transfers, elementwise
 * ones, pieces of relevance.
 */
abstract class ProfiledElements
        implements Backend,
                Convolutions,
                Pooling,
                Fused,
                Elementwise,
                Activations,
                Normalization,
                Training,
                Propagation,
                Subspaces {
    final Backend inner;

    ProfiledElements(Backend inner) {
        this.inner = inner;
    }

    @Override
    public Convolutions convolutions() {
        return this;
    }

    @Override
    public Pooling pooling() {
        return this;
    }

    @Override
    public Fused fused() {
        return this;
    }

    @Override
    public Elementwise elementwise() {
        return this;
    }

    @Override
    public Activations activations() {
        return this;
    }

    @Override
    public Normalization normalization() {
        return this;
    }

    @Override
    public Training training() {
        return this;
    }

    @Override
    public Propagation propagation() {
        return this;
    }

    @Override
    public Subspaces subspaces() {
        return this;
    }

    /** Runs and records one operation. */
    abstract void run(String operation, Object shape, Cost cost, Runnable call);

    /** Of copying so many values: each is read and written. */
    private static Cost moved(double values) {
        return new Cost(0, 2 * Float.BYTES * values);
    }

    @Override
    public void fill(Floats x, float value) {
        run("fill", x.size(), Cost.of(0, x), () -> inner.fill(x, value));
    }

    @Override
    public void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length) {
        run("upload", length, moved(length), () -> inner.upload(source, sourceOffset, target, targetOffset, length));
    }

    @Override
    public void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length) {
        run("upload", length, moved(length), () -> inner.upload(source, sourceOffset, target, targetOffset, length));
    }

    @Override
    public void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length) {
        run(
                "download",
                length,
                moved(length),
                () -> inner.download(source, sourceOffset, target, targetOffset, length));
    }

    @Override
    public void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length) {
        run(
                "download",
                length,
                moved(length),
                () -> inner.download(source, sourceOffset, target, targetOffset, length));
    }

    @Override
    public void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length) {
        run("copy", length, moved(length), () -> inner.copy(source, sourceOffset, target, targetOffset, length));
    }

    @Override
    public void relu(Floats x, Floats y) {
        run("relu", y.size(), Cost.of(y.size(), x, y), () -> inner.elementwise().relu(x, y));
    }

    @Override
    public void reluBackward(Floats y, Floats dy, Floats dx) {
        run("reluBackward", dx.size(), Cost.of(dx.size(), y, dy, dx), () -> inner.elementwise()
                .reluBackward(y, dy, dx));
    }

    @Override
    public void add(Floats a, Floats b, Floats c) {
        run("add", c.size(), Cost.of(c.size(), a, b, c), () -> inner.elementwise()
                .add(a, b, c));
    }

    @Override
    public void addScaled(float alpha, Floats x, Floats y) {
        run("addScaled", y.size(), Cost.of(2.0 * y.size(), x, y, y), () -> inner.elementwise()
                .addScaled(alpha, x, y));
    }

    @Override
    public void multiply(Floats a, Floats b, Floats c) {
        run("multiply", c.size(), Cost.of(c.size(), a, b, c), () -> inner.elementwise()
                .multiply(a, b, c));
    }

    @Override
    public void scale(float alpha, Floats x, Floats y) {
        run("scale", y.size(), Cost.of(y.size(), x, y), () -> inner.elementwise()
                .scale(alpha, x, y));
    }

    @Override
    public void dropout(float p, Ints seed, int stream, Floats x, Floats y) {
        run("dropout", y.size(), Cost.of(y.size(), x, y), () -> inner.elementwise()
                .dropout(p, seed, stream, x, y));
    }

    @Override
    public void gatherRows(int width, Floats x, Ints rows, Floats y) {
        run(
                "gatherRows",
                y.size(),
                Cost.of(0, y).andMoved(Math.min(x.size(), y.size()) + rows.size()),
                () -> inner.elementwise().gatherRows(width, x, rows, y));
    }

    @Override
    public void copyColumns(int columns, Floats x, int xWidth, int xColumn, Floats y, int yWidth, int yColumn) {
        run("copyColumns", x.size(), moved(x.size() / xWidth * columns), () -> inner.elementwise()
                .copyColumns(columns, x, xWidth, xColumn, y, yWidth, yColumn));
    }

    @Override
    public void sumRows(int width, Floats x, Floats sums) {
        run("sumRows", x.size(), Cost.of(x.size(), x, sums), () -> inner.elementwise()
                .sumRows(width, x, sums));
    }

    @Override
    public void activate(Activation f, float a, Floats x, Floats y) {
        run("activate", y.size(), Cost.of(10.0 * y.size(), x, y), () -> inner.activations()
                .activate(f, a, x, y));
    }

    @Override
    public void activationBackward(Activation f, float a, Floats x, Floats dy, Floats dx) {
        run("activationBackward", dx.size(), Cost.of(12.0 * dx.size(), x, dy, dx), () -> inner.activations()
                .activationBackward(f, a, x, dy, dx));
    }

    @Override
    public void transformWeights(WeightTransform transform, float g, Floats w, Floats out) {
        run("transformWeights", w.size(), Cost.of(2.0 * w.size(), w, out), () -> inner.propagation()
                .transformWeights(transform, g, w, out));
    }

    @Override
    public void positivePart(Floats x, Floats y) {
        run("positivePart", y.size(), Cost.of(y.size(), x, y), () -> inner.propagation()
                .positivePart(x, y));
    }

    @Override
    public void negativePart(Floats x, Floats y) {
        run("negativePart", y.size(), Cost.of(y.size(), x, y), () -> inner.propagation()
                .negativePart(x, y));
    }

    @Override
    public void stabilizedDivide(float eps, Floats r, Floats z, Floats out) {
        run("stabilizedDivide", r.size(), Cost.of(2.0 * r.size(), r, z, out), () -> inner.propagation()
                .stabilizedDivide(eps, r, z, out));
    }

    @Override
    public void clippedDenominator(float eps, Floats z, Floats out) {
        run("clippedDenominator", z.size(), Cost.of(2.0 * z.size(), z, out), () -> inner.propagation()
                .clippedDenominator(eps, z, out));
    }

    @Override
    public void rmsDenominator(int width, float eps, Floats z, Floats out) {
        run("rmsDenominator", z.size(), Cost.of(4.0 * z.size(), z, out), () -> inner.propagation()
                .rmsDenominator(width, eps, z, out));
    }

    @Override
    public void selectiveDivide(float eps, float sign, Floats selector, Floats r, Floats z, Floats out) {
        run("selectiveDivide", r.size(), Cost.of(3.0 * r.size(), selector, r, z, out), () -> inner.propagation()
                .selectiveDivide(eps, sign, selector, r, z, out));
    }

    @Override
    public void addProduct(float alpha, Floats x, Floats g, Floats out) {
        run("addProduct", g.size(), Cost.of(3.0 * g.size(), x, g, out, out), () -> inner.propagation()
                .addProduct(alpha, x, g, out));
    }

    @Override
    public void contextVectors(Floats r, Floats a, Floats c) {
        run("contextVectors", r.size(), Cost.of(r.size(), r, a, c), () -> inner.propagation()
                .contextVectors(r, a, c));
    }
}
