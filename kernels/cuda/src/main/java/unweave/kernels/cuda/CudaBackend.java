package unweave.kernels.cuda;

import unweave.kernels.Activations;
import unweave.kernels.Attention;
import unweave.kernels.Backend;
import unweave.kernels.Broadcasting;
import unweave.kernels.Ceilings;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.Convolutions;
import unweave.kernels.DeviceLog;
import unweave.kernels.Elementwise;
import unweave.kernels.Floats;
import unweave.kernels.Fused;
import unweave.kernels.Indexing;
import unweave.kernels.Ints;
import unweave.kernels.Normalization;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Pooling;
import unweave.kernels.Propagation;
import unweave.kernels.Recording;
import unweave.kernels.Recurrence;
import unweave.kernels.Subspaces;
import unweave.kernels.Training;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaOutOfMemoryException;
import unweave.kernels.cuda.driver.CudaUnavailableException;
import unweave.kernels.cuda.driver.Device;

/** Computes on an NVIDIA GPU. Operations are queued and run in the order of the calls. */
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
    private final CudaBroadcasting broadcasting;
    private final CudaIndexing indexing;
    private final CudaRecurrence recurrence;
    private final CudaActivations activations;
    private final CudaNormalization normalization;
    private final CudaAttention attention;
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
        broadcasting = new CudaBroadcasting(device);
        indexing = new CudaIndexing(device);
        recurrence = new CudaRecurrence(device);
        activations = new CudaActivations(device);
        normalization = new CudaNormalization(device);
        attention = new CudaAttention(device);
        training = new CudaTraining(device);
        propagation = new CudaPropagation(device);
        convolutions = convolutionKernels.convolutions();
        pooling = convolutionKernels.pooling();
        fused = convolutions instanceof CudaConvolutions own
                ? new CudaFused(device, own, pooling, propagation, activations)
                : new StepByStep(device, convolutions, pooling, elementwise, propagation, activations);
        subspaces = new CudaSubspaces(device);
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
        } catch (CudaException | CudaOutOfMemoryException e) {
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
    public void claim() {
        device.claim();
    }

    @Override
    public String description() {
        return device.properties().description() + convolutionKernels.description();
    }

    @Override
    public Convolutions convolutions() {
        return convolutions;
    }

    @Override
    public Pooling pooling() {
        return pooling;
    }

    @Override
    public Fused fused() {
        return fused;
    }

    @Override
    public Elementwise elementwise() {
        return elementwise;
    }

    @Override
    public Broadcasting broadcasting() {
        return broadcasting;
    }

    @Override
    public Indexing indexing() {
        return indexing;
    }

    @Override
    public Recurrence recurrence() {
        return recurrence;
    }

    @Override
    public Activations activations() {
        return activations;
    }

    @Override
    public Normalization normalization() {
        return normalization;
    }

    @Override
    public Attention attention() {
        return attention;
    }

    @Override
    public Training training() {
        return training;
    }

    @Override
    public Propagation propagation() {
        return propagation;
    }

    @Override
    public Subspaces subspaces() {
        return subspaces;
    }

    @Override
    public int inputsAtOnce() {
        return INPUTS_AT_ONCE;
    }

    @Override
    public Orthogonalization fastestOrthogonalization() {
        return Orthogonalization.EIGEN;
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
        device.owner().require();
        return new CudaCeilings(device).measure();
    }

    /** Frees everything on the GPU. With {@link #LEAK_CHECK} set, fails if memory was not closed before. */
    @Override
    public void close() {
        device.owner().require();
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
        device.owner().require();
        transfers.synchronize();
    }
}
