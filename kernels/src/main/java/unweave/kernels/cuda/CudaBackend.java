package unweave.kernels.cuda;

import unweave.kernels.Activation;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.ConvShape;
import unweave.kernels.Convolutions;
import unweave.kernels.DeviceLog;
import unweave.kernels.Floats;
import unweave.kernels.Fused;
import unweave.kernels.Ints;
import unweave.kernels.Orthogonalization;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;
import unweave.kernels.Recording;
import unweave.kernels.WeightTransform;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaUnavailableException;
import unweave.kernels.cuda.driver.Device;

/**
 * Computes on an NVIDIA GPU. Each method passes on to the class of its group; operations are queued and run in the
 * order of the calls.
 */
public final class CudaBackend implements Backend {
    /**
     * With this system property set to true, {@link #close} throws if memory is still owned, naming the place that
     * asked for it.
     */
    public static final String LEAK_CHECK = "unweave.cuda.leakCheck";

    private static final int INPUTS_AT_ONCE = 64;
    private final CudaDevice device;
    private final CudaTransfers transfers;
    private final Convolutions convolutions;
    private final Pooling pooling;
    private final Fused fused;
    private final CudaElementwise elementwise;
    private final CudaActivations activations;
    private final CudaTraining training;
    private final CudaPropagation propagation;
    private final CudaSubspaces subspaces;
    private final ConvolutionKernels convolutionKernels;
    private CudaProfiler profiler;
    private boolean open = true;

    private CudaBackend(CudaDevice device, ConvolutionLibrary library) {
        this.device = device;
        convolutionKernels = ConvolutionKernels.of(library, device);
        transfers = new CudaTransfers(device);
        elementwise = new CudaElementwise(device);
        activations = new CudaActivations(device);
        training = new CudaTraining(device);
        propagation = new CudaPropagation(device);
        convolutions = convolutionKernels.convolutions();
        pooling = convolutionKernels.pooling();
        fused = convolutions instanceof CudaConvolutions own
                ? new CudaFused(device, own, pooling, propagation)
                : new StepByStep(device, convolutions, pooling, elementwise, propagation);
        subspaces = new CudaSubspaces(device, transfers);
    }

    /** As {@link #create(int, ConvolutionLibrary)}, with our own kernels throughout. */
    public static CudaBackend create(int ordinal) {
        return create(ordinal, ConvolutionLibrary.OWN);
    }

    /**
     * A backend on the GPU of that number, from 0.
     *
     * @param library whose kernels convolve
     * @throws CudaUnavailableException if one of both cannot be used; its message says in one line what is missing and
     *     what would be right
     */
    public static CudaBackend create(int ordinal, ConvolutionLibrary library) {
        Device device = CudaDevices.usable(ordinal);
        CudaDevice opened = null;
        try {
            opened = new CudaDevice(device, Boolean.getBoolean(LEAK_CHECK));
            return new CudaBackend(opened, library);
        } catch (CudaException e) {
            if (opened != null) {
                opened.close();
            }
            if (e instanceof CudaUnavailableException unavailable) {
                throw unavailable;
            }
            throw new CudaUnavailableException(
                    "GPU " + ordinal + " (" + device.properties().name() + ") cannot be used: " + e.getMessage());
        }
    }

    @Override
    public String description() {
        return device.properties().description() + convolutionKernels.description();
    }

    @Override
    public int inputsAtOnce() {
        return INPUTS_AT_ONCE;
    }

    @Override
    public boolean reportTo(DeviceLog log) {
        profiler = new CudaProfiler(device.stream(), log);
        device.stream().listen(profiler);
        transfers.copies().listen(profiler);
        return true;
    }

    @Override
    public Ceilings measureCeilings() {
        return new CudaCeilings(device).measure();
    }

    /** Frees everything on the GPU. With {@link #LEAK_CHECK} set, fails if memory was not closed before. */
    @Override
    public void close() {
        if (open) {
            open = false;
            if (profiler != null) {
                profiler.close();
            }
            subspaces.close();
            convolutionKernels.close();
            transfers.close();
            device.close();
        }
    }

    @Override
    public Floats floats(long size) {
        return transfers.floats(size);
    }

    @Override
    public Ints ints(long size) {
        return transfers.ints(size);
    }

    @Override
    public Recording record(Runnable operations) {
        return device.capture(operations);
    }

    @Override
    public void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length) {
        transfers.upload(source, sourceOffset, target, targetOffset, length);
    }

    @Override
    public void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length) {
        transfers.upload(source, sourceOffset, target, targetOffset, length);
    }

    @Override
    public void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length) {
        transfers.download(source, sourceOffset, target, targetOffset, length);
    }

    @Override
    public void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length) {
        transfers.download(source, sourceOffset, target, targetOffset, length);
    }

    @Override
    public void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length) {
        transfers.copy(source, sourceOffset, target, targetOffset, length);
    }

    @Override
    public void fill(Floats x, float value) {
        transfers.fill(x, value);
    }

    @Override
    public void synchronize() {
        transfers.synchronize();
    }

    @Override
    public void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        convolutions.convForward(shape, x, w, bias, relu, y);
    }

    @Override
    public void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx) {
        convolutions.convBackwardInput(shape, dy, w, dx);
    }

    @Override
    public void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias) {
        convolutions.convBackwardWeights(shape, x, dy, dw, dbias);
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        convolutions.gemm(transposeA, transposeB, m, n, k, a, b, c);
    }

    @Override
    public void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners) {
        pooling.maxPoolForward(shape, x, y, winners);
    }

    @Override
    public void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx) {
        pooling.maxPoolBackward(shape, dy, winners, dx);
    }

    @Override
    public void avgPoolForward(PoolShape shape, Floats x, Floats y) {
        pooling.avgPoolForward(shape, x, y);
    }

    @Override
    public void avgPoolBackward(PoolShape shape, Floats dy, Floats dx) {
        pooling.avgPoolBackward(shape, dy, dx);
    }

    @Override
    public void convReluMaxPool(
            ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners) {
        fused.convReluMaxPool(shape, x, w, bias, pool, y, winners);
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
        fused.convReluMaxPoolBackward(shape, x, w, pool, y, dy, winners, dx, dw, dbias);
    }

    @Override
    public void convDivide(ConvShape shape, Floats x, Floats w, Floats bias, float eps, Floats r, Floats q) {
        fused.convDivide(shape, x, w, bias, eps, r, q);
    }

    @Override
    public void convBackwardInputProduct(
            ConvShape shape, Floats q, Floats w, float alpha, Floats x, boolean add, Floats out) {
        fused.convBackwardInputProduct(shape, q, w, alpha, x, add, out);
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
        fused.convMaxPoolDivide(shape, x, w, bias, eps, pool, r, winners, q);
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
        fused.convMaxPoolBackwardInputProduct(shape, pool, dy, winners, eps, z, w, alpha, x, add, out);
    }

    @Override
    public void relu(Floats x, Floats y) {
        elementwise.relu(x, y);
    }

    @Override
    public void reluBackward(Floats y, Floats dy, Floats dx) {
        elementwise.reluBackward(y, dy, dx);
    }

    @Override
    public void add(Floats a, Floats b, Floats c) {
        elementwise.add(a, b, c);
    }

    @Override
    public void addScaled(float alpha, Floats x, Floats y) {
        elementwise.addScaled(alpha, x, y);
    }

    @Override
    public void multiply(Floats a, Floats b, Floats c) {
        elementwise.multiply(a, b, c);
    }

    @Override
    public void scale(float alpha, Floats x, Floats y) {
        elementwise.scale(alpha, x, y);
    }

    @Override
    public void dropout(float p, Ints seed, int stream, Floats x, Floats y) {
        elementwise.dropout(p, seed, stream, x, y);
    }

    @Override
    public void gatherRows(int width, Floats x, Ints rows, Floats y) {
        elementwise.gatherRows(width, x, rows, y);
    }

    @Override
    public void sumRows(int width, Floats x, Floats sums) {
        elementwise.sumRows(width, x, sums);
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
        training.batchNormForward(
                channels, x, gamma, beta, eps, momentum, runningMean, runningVariance, savedMean, savedInverseStd, y);
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
        training.batchNormBackward(channels, x, gamma, savedMean, savedInverseStd, dy, dx, dgamma, dbeta);
    }

    @Override
    public void batchNormInference(
            int channels, Floats x, Floats gamma, Floats beta, float eps, Floats mean, Floats variance, Floats y) {
        training.batchNormInference(channels, x, gamma, beta, eps, mean, variance, y);
    }

    @Override
    public void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits) {
        training.softmaxCrossEntropy(classes, logits, labels, losses, dlogits);
    }

    @Override
    public void sgd(float rate, float momentum, float decay, Floats gradient, Floats velocity, Floats w) {
        training.sgd(rate, momentum, decay, gradient, velocity, w);
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
        training.adam(beta1, beta2, eps, decay, step, gradient, m, v, w);
    }

    @Override
    public void transformWeights(WeightTransform transform, float g, Floats w, Floats out) {
        propagation.transformWeights(transform, g, w, out);
    }

    @Override
    public void positivePart(Floats x, Floats y) {
        propagation.positivePart(x, y);
    }

    @Override
    public void negativePart(Floats x, Floats y) {
        propagation.negativePart(x, y);
    }

    @Override
    public void stabilizedDivide(float eps, Floats r, Floats z, Floats out) {
        propagation.stabilizedDivide(eps, r, z, out);
    }

    @Override
    public void selectiveDivide(float eps, float sign, Floats selector, Floats r, Floats z, Floats out) {
        propagation.selectiveDivide(eps, sign, selector, r, z, out);
    }

    @Override
    public void addProduct(float alpha, Floats x, Floats g, Floats out) {
        propagation.addProduct(alpha, x, g, out);
    }

    @Override
    public void contextVectors(Floats r, Floats a, Floats c) {
        propagation.contextVectors(r, a, c);
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
        this.subspaces.subspaceGradient(starts, rows, dimensions, subspaces, a, c, u, gradient, objective, offset);
    }

    @Override
    public void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u) {
        subspaces.orthogonalize(method, starts, dimensions, u);
    }

    @Override
    public void ascend(
            Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        subspaces.ascend(ascent, steps, a, c, u, gradient, objective, offset);
    }

    @Override
    public void projectRelevance(int rows, int dimensions, int subspaces, Floats u, Floats a, Floats c, Floats out) {
        this.subspaces.projectRelevance(rows, dimensions, subspaces, u, a, c, out);
    }

    @Override
    public void copyColumns(int columns, Floats x, int xWidth, int xColumn, Floats y, int yWidth, int yColumn) {
        elementwise.copyColumns(columns, x, xWidth, xColumn, y, yWidth, yColumn);
    }

    @Override
    public void activate(Activation f, float a, Floats x, Floats y) {
        activations.activate(f, a, x, y);
    }

    @Override
    public void activationBackward(Activation f, float a, Floats x, Floats dy, Floats dx) {
        activations.activationBackward(f, a, x, dy, dx);
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
        training.layerNormForward(channels, x, gamma, beta, eps, savedMean, savedInverseStd, y);
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
        training.layerNormBackward(channels, x, gamma, savedMean, savedInverseStd, dy, dx, dgamma, dbeta);
    }

    @Override
    public void clippedDenominator(float eps, Floats z, Floats out) {
        propagation.clippedDenominator(eps, z, out);
    }

    @Override
    public void rmsDenominator(int width, float eps, Floats z, Floats out) {
        propagation.rmsDenominator(width, eps, z, out);
    }
}
