package unweave.kernels.cpu;

import unweave.kernels.Activation;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Orthogonalization;
import unweave.kernels.PoolShape;
import unweave.kernels.Recording;
import unweave.kernels.WeightTransform;

/**
 * Computes on the processor, at once: every operation is done when its call returns. Each method passes on to the
 * kernels of its group.
 */
public final class CpuBackend implements Backend {
    /** A dense layer of ten classes, for instance, has less: some microseconds in plain Java. */
    private static final int LEAST_VECTOR_WORK = 24_000;

    private final WorkerPool pool;
    private final CpuMemory memory = new CpuMemory();
    private final boolean vectors;
    private final ConvolutionKernels convolutions;
    private final PoolingKernels pooling;
    private final ElementwiseKernels elementwise;
    private final TrainingKernels training;
    private final BatchNormKernels batchNorm;
    private final ActivationKernels activations;
    private final LayerNormKernels layerNorm;
    private final PropagationKernels propagation;
    private final FusedKernels fused;
    private final SubspaceKernels subspaces;
    private final CpuCeilings ceilings;

    private CpuBackend(int threads, Simd simd) {
        vectors = VectorSupport.choose(simd);
        pool = new WorkerPool(threads);
        ElementLoops loops = ElementLoops.choose(vectors);
        convolutions = new ConvolutionKernels(pool, vectors, simd == Simd.VECTOR ? 0 : LEAST_VECTOR_WORK);
        pooling = new PoolingKernels(pool, vectors);
        elementwise = new ElementwiseKernels(pool, loops);
        training = new TrainingKernels(pool);
        batchNorm = new BatchNormKernels(pool, loops);
        activations = new ActivationKernels(pool);
        layerNorm = new LayerNormKernels(pool);
        propagation = new PropagationKernels(pool, loops);
        fused = new FusedKernels(pool, memory, vectors, convolutions, pooling, elementwise, propagation);
        subspaces = new SubspaceKernels(pool, vectors);
        ceilings = new CpuCeilings(pool);
    }

    /**
     * A backend with SIMD kernels where the Java runtime offers them, else with scalar ones.
     *
     * @param threads how many threads compute, the caller's among them; 0 for one per processor
     */
    public static CpuBackend create(int threads) {
        return create(threads, Simd.AUTOMATIC);
    }

    /**
     * As {@link #create(int)}, with a choice of the kernels.
     *
     * @throws IllegalStateException if {@link Simd#VECTOR} is wanted and cannot be had
     */
    public static CpuBackend create(int threads, Simd simd) {
        return new CpuBackend(threads, simd);
    }

    @Override
    public String description() {
        String width = vectors ? VectorWidth.FLOATS.vectorBitSize() + "-bit SIMD" : "scalar";
        return "CPU, " + width + ", " + pool.threads() + (pool.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public Ceilings measureCeilings() {
        return ceilings.measure(vectors);
    }

    /**
     * What multiplying and adding in registers reaches on all threads right now, in operations per second, measured for
     * so many nanoseconds.
     */
    public double arithmeticNow(long nanos) {
        return ceilings.arithmeticNow(vectors, nanos);
    }

    @Override
    public void close() {
        pool.close();
        memory.clear();
    }

    @Override
    public Floats floats(long size) {
        return memory.floats(size);
    }

    @Override
    public Ints ints(long size) {
        return memory.ints(size);
    }

    @Override
    public Recording record(Runnable operations) {
        return CpuRecording.of(operations, pool, memory);
    }

    @Override
    public void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length) {
        pool.requireNoRecording("an upload");
        System.arraycopy(source, sourceOffset, CpuFloats.of(target), Math.toIntExact(targetOffset), length);
    }

    @Override
    public void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length) {
        pool.requireNoRecording("an upload");
        System.arraycopy(source, sourceOffset, CpuInts.of(target), Math.toIntExact(targetOffset), length);
    }

    @Override
    public void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length) {
        pool.requireNoRecording("a download");
        System.arraycopy(CpuFloats.of(source), Math.toIntExact(sourceOffset), target, targetOffset, length);
    }

    @Override
    public void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length) {
        pool.requireNoRecording("a download");
        System.arraycopy(CpuInts.of(source), Math.toIntExact(sourceOffset), target, targetOffset, length);
    }

    @Override
    public void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length) {
        elementwise.copy(
                of(source),
                Math.toIntExact(sourceOffset),
                of(target),
                Math.toIntExact(targetOffset),
                Math.toIntExact(length));
    }

    @Override
    public void fill(Floats x, float value) {
        elementwise.fill(of(x), value);
    }

    @Override
    public void synchronize() {
        pool.requireNoRecording("waiting"); // every operation is done when its call returns
    }

    @Override
    public void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        convolutions.forward(
                shape,
                sized(x, shape.inputSize()),
                sized(w, shape.weightSize()),
                optional(bias, shape.outChannels()),
                relu,
                sized(y, shape.outputSize()));
    }

    @Override
    public void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx) {
        convolutions.backwardInput(
                shape, sized(dy, shape.outputSize()), sized(w, shape.weightSize()), sized(dx, shape.inputSize()));
    }

    @Override
    public void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias) {
        convolutions.backwardWeights(
                shape,
                sized(x, shape.inputSize()),
                sized(dy, shape.outputSize()),
                sized(dw, shape.weightSize()),
                optional(dbias, shape.outChannels()));
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        convolutions.gemm(
                transposeA,
                transposeB,
                m,
                n,
                k,
                sized(a, (long) m * k),
                0,
                sized(b, (long) k * n),
                0,
                sized(c, (long) m * n),
                0);
    }

    @Override
    public void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners) {
        pooling.maxPoolForward(shape, sized(x, shape.inputSize()), sized(y, shape.outputSize()), CpuInts.of(winners));
    }

    @Override
    public void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx) {
        pooling.maxPoolBackward(
                shape, sized(dy, shape.outputSize()), CpuInts.of(winners), sized(dx, shape.inputSize()));
    }

    @Override
    public void avgPoolForward(PoolShape shape, Floats x, Floats y) {
        pooling.avgPoolForward(shape, sized(x, shape.inputSize()), sized(y, shape.outputSize()));
    }

    @Override
    public void avgPoolBackward(PoolShape shape, Floats dy, Floats dx) {
        pooling.avgPoolBackward(shape, sized(dy, shape.outputSize()), sized(dx, shape.inputSize()));
    }

    @Override
    public void convReluMaxPool(
            ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners) {
        fused.convReluMaxPool(
                shape,
                sized(x, shape.inputSize()),
                sized(w, shape.weightSize()),
                optional(bias, shape.outChannels()),
                pool,
                sized(y, pool.outputSize()),
                winners == null ? null : CpuInts.of(winners));
    }

    @Override
    public void convReluMaxPoolBackward(
            ConvShape shape,
            Floats x,
            Floats w,
            PoolShape pool,
            Floats y,
            Floats dy,
            Ints winners,
            Floats dx,
            Floats dw,
            Floats dbias) {
        fused.convReluMaxPoolBackward(
                shape,
                sized(x, shape.inputSize()),
                sized(w, shape.weightSize()),
                pool,
                sized(y, pool.outputSize()),
                sized(dy, pool.outputSize()),
                CpuInts.of(winners),
                optional(dx, shape.inputSize()),
                optional(dw, shape.weightSize()),
                optional(dbias, shape.outChannels()));
    }

    @Override
    public void convDivide(ConvShape shape, Floats x, Floats w, Floats bias, float eps, Floats r, Floats q) {
        fused.convDivide(
                shape,
                sized(x, shape.inputSize()),
                sized(w, shape.weightSize()),
                optional(bias, shape.outChannels()),
                eps,
                of(r),
                sized(q, r.size()));
    }

    @Override
    public void convBackwardInputProduct(
            ConvShape shape, Floats q, Floats w, float alpha, Floats x, boolean add, Floats out) {
        fused.convBackwardInputProduct(
                shape,
                sized(q, shape.outputSize()),
                sized(w, shape.weightSize()),
                alpha,
                of(x),
                add,
                sized(out, shape.inputSize()));
    }

    @Override
    public void convMaxPoolDivide(
            ConvShape shape,
            Floats x,
            Floats w,
            Floats bias,
            float eps,
            PoolShape pool,
            Floats r,
            Ints winners,
            Floats q) {
        fused.convMaxPoolDivide(
                shape,
                sized(x, shape.inputSize()),
                sized(w, shape.weightSize()),
                optional(bias, shape.outChannels()),
                eps,
                pool,
                of(r),
                CpuInts.of(winners),
                sized(q, r.size()));
    }

    @Override
    public void convMaxPoolBackwardInputProduct(
            ConvShape shape,
            PoolShape pool,
            Floats dy,
            Ints winners,
            float eps,
            Floats z,
            Floats w,
            float alpha,
            Floats x,
            boolean add,
            Floats out) {
        fused.convMaxPoolBackwardInputProduct(
                shape,
                pool,
                sized(dy, pool.outputSize()),
                CpuInts.of(winners),
                eps,
                optional(z, shape.outputSize() / shape.batch()),
                sized(w, shape.weightSize()),
                alpha,
                CpuFloats.of(x),
                add,
                sized(out, shape.inputSize()));
    }

    @Override
    public void relu(Floats x, Floats y) {
        elementwise.relu(of(x), of(y));
    }

    @Override
    public void reluBackward(Floats y, Floats dy, Floats dx) {
        elementwise.reluBackward(of(y), of(dy), of(dx));
    }

    @Override
    public void add(Floats a, Floats b, Floats c) {
        elementwise.add(of(a), of(b), of(c));
    }

    @Override
    public void addScaled(float alpha, Floats x, Floats y) {
        elementwise.addScaled(alpha, of(x), of(y));
    }

    @Override
    public void multiply(Floats a, Floats b, Floats c) {
        elementwise.multiply(of(a), of(b), of(c));
    }

    @Override
    public void scale(float alpha, Floats x, Floats y) {
        elementwise.scale(alpha, of(x), of(y));
    }

    @Override
    public void dropout(float p, Ints seed, int stream, Floats x, Floats y) {
        elementwise.dropout(p, CpuInts.of(seed), stream, of(x), of(y));
    }

    @Override
    public void gatherRows(int width, Floats x, Ints rows, Floats y) {
        elementwise.gatherRows(width, of(x), CpuInts.of(rows), of(y));
    }

    @Override
    public void copyColumns(int columns, Floats x, int xWidth, int xColumn, Floats y, int yWidth, int yColumn) {
        elementwise.copyColumns(columns, of(x), xWidth, xColumn, of(y), yWidth, yColumn);
    }

    @Override
    public void sumRows(int width, Floats x, Floats sums) {
        elementwise.sumRows(width, of(x), of(sums));
    }

    @Override
    public void activate(Activation f, float a, Floats x, Floats y) {
        activations.activate(f, a, of(x), of(y));
    }

    @Override
    public void activationBackward(Activation f, float a, Floats x, Floats dy, Floats dx) {
        activations.activationBackward(f, a, of(x), of(dy), of(dx));
    }

    @Override
    public void layerNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        layerNorm.forward(channels, of(x), of(gamma), of(beta), eps, of(savedMean), of(savedInverseStd), of(y));
    }

    @Override
    public void layerNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta) {
        layerNorm.backward(
                channels, of(x), of(gamma), of(savedMean), of(savedInverseStd), of(dy), of(dx), of(dgamma), of(dbeta));
    }

    @Override
    public void batchNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            float momentum,
            Floats runningMean,
            Floats runningVariance,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        batchNorm.batchNormForward(
                channels,
                of(x),
                of(gamma),
                of(beta),
                eps,
                momentum,
                of(runningMean),
                of(runningVariance),
                of(savedMean),
                of(savedInverseStd),
                of(y));
    }

    @Override
    public void batchNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta) {
        batchNorm.batchNormBackward(
                channels, of(x), of(gamma), of(savedMean), of(savedInverseStd), of(dy), of(dx), of(dgamma), of(dbeta));
    }

    @Override
    public void batchNormInference(
            int channels, Floats x, Floats gamma, Floats beta, float eps, Floats mean, Floats variance, Floats y) {
        batchNorm.batchNormInference(channels, of(x), of(gamma), of(beta), eps, of(mean), of(variance), of(y));
    }

    @Override
    public void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits) {
        training.softmaxCrossEntropy(classes, of(logits), CpuInts.of(labels), of(losses), of(dlogits));
    }

    @Override
    public void sgd(float rate, float momentum, float decay, Floats gradient, Floats velocity, Floats w) {
        training.sgd(rate, momentum, decay, of(gradient), of(velocity), of(w));
    }

    @Override
    public void adam(
            float beta1,
            float beta2,
            float eps,
            float decay,
            Floats step,
            Floats gradient,
            Floats m,
            Floats v,
            Floats w) {
        training.adam(beta1, beta2, eps, decay, of(step), of(gradient), of(m), of(v), of(w));
    }

    @Override
    public void transformWeights(WeightTransform transform, float g, Floats w, Floats out) {
        propagation.transformWeights(transform, g, of(w), of(out));
    }

    @Override
    public void positivePart(Floats x, Floats y) {
        propagation.positivePart(of(x), of(y));
    }

    @Override
    public void negativePart(Floats x, Floats y) {
        propagation.negativePart(of(x), of(y));
    }

    @Override
    public void stabilizedDivide(float eps, Floats r, Floats z, Floats out) {
        propagation.stabilizedDivide(eps, of(r), of(z), of(out));
    }

    @Override
    public void clippedDenominator(float eps, Floats z, Floats out) {
        propagation.clippedDenominator(eps, of(z), of(out));
    }

    @Override
    public void rmsDenominator(int width, float eps, Floats z, Floats out) {
        propagation.rmsDenominator(width, eps, of(z), of(out));
    }

    @Override
    public void selectiveDivide(float eps, float sign, Floats selector, Floats r, Floats z, Floats out) {
        propagation.selectiveDivide(eps, sign, of(selector), of(r), of(z), of(out));
    }

    @Override
    public void addProduct(float alpha, Floats x, Floats g, Floats out) {
        propagation.addProduct(alpha, of(x), of(g), of(out));
    }

    @Override
    public void contextVectors(Floats r, Floats a, Floats c) {
        propagation.contextVectors(of(r), of(a), of(c));
    }

    @Override
    public void subspaceGradient(
            int starts,
            int rows,
            int dimensions,
            int subspaces,
            Floats a,
            Floats c,
            Floats u,
            Floats gradient,
            Floats objective,
            long offset) {
        pool.requireNoRecording("subspaceGradient");
        this.subspaces.subspaceGradient(
                starts,
                rows,
                dimensions,
                subspaces,
                of(a),
                of(c),
                of(u),
                of(gradient),
                of(objective),
                Math.toIntExact(offset));
    }

    @Override
    public void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u) {
        pool.requireNoRecording("orthogonalize");
        subspaces.orthogonalize(method, starts, dimensions, of(u));
    }

    @Override
    public void ascend(
            Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        pool.requireNoRecording("ascend");
        subspaces.ascend(ascent, steps, of(a), of(c), of(u), of(gradient), of(objective), Math.toIntExact(offset));
    }

    @Override
    public void projectRelevance(int rows, int dimensions, int subspaces, Floats u, Floats a, Floats c, Floats out) {
        pool.requireNoRecording("projectRelevance");
        this.subspaces.projectRelevance(rows, dimensions, subspaces, of(u), of(a), of(c), of(out));
    }

    private static float[] of(Floats values) {
        return CpuFloats.of(values);
    }

    /** The array of {@code values}, which must have {@code size} values. */
    private static float[] sized(Floats values, long size) {
        float[] array = CpuFloats.of(values);
        if (array.length != size) {
            throw new IllegalArgumentException(
                    "an operand has " + array.length + " values where " + size + " are needed");
        }
        return array;
    }

    private static float[] optional(Floats values, long size) {
        return values == null ? null : sized(values, size);
    }
}
