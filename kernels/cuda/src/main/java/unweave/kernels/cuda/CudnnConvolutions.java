package unweave.kernels.cuda;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import unweave.kernels.ConvShape;
import unweave.kernels.Convolutions;
import unweave.kernels.Floats;
import unweave.kernels.cuda.driver.Dnn;
import unweave.kernels.cuda.driver.DnnConvolution;
import unweave.kernels.cuda.driver.DnnConvolution.Pass;

/**
 * Convolutions by cuDNN, which wants each output channel's weights together: they are transposed before and after. Bias
 * and ReLU are our kernels, since cuDNN adds them only with some algorithms. Dense layers are matrix products, as
 * without cuDNN.
 */
final class CudnnConvolutions implements Convolutions, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("unweave.kernels");
    private static final int TILE = 32;
    private static final int TILE_ROWS = 8;

    private final CudaDevice device;
    private final CudaConvolutions own;
    private final Dnn dnn;
    private final Map<ConvShape, DnnConvolution> convolutions = new HashMap<>();
    private final Set<String> refused = new HashSet<>();

    CudnnConvolutions(CudaDevice device, CudaConvolutions own, Dnn dnn) {
        this.device = device;
        this.own = own;
        this.dnn = dnn;
    }

    @Override
    public void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        if (!takes(shape, Pass.FORWARD)) {
            own.convForward(shape, x, w, bias, relu, y);
            return;
        }
        DnnConvolution convolution = convolution(shape);
        check(shape, x, w, y);
        try (CudaFloats weights = transposed(shape, w);
                CudaFloats workspace = workspace(convolution, Pass.FORWARD)) {
            convolution.forward(
                    device.own(x).address(), weights.address(), device.own(y).address(), workspace.address());
        }
        if (bias != null || relu) {
            own.addBias(shape, bias, relu, y);
        }
    }

    @Override
    public void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx) {
        if (!takes(shape, Pass.BACKWARD_INPUT)) {
            own.convBackwardInput(shape, dy, w, dx);
            return;
        }
        DnnConvolution convolution = convolution(shape);
        check(shape, dx, w, dy);
        try (CudaFloats weights = transposed(shape, w);
                CudaFloats workspace = workspace(convolution, Pass.BACKWARD_INPUT)) {
            convolution.backwardInput(
                    device.own(dy).address(), weights.address(), device.own(dx).address(), workspace.address());
        }
    }

    @Override
    public void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias) {
        if (!takes(shape, Pass.BACKWARD_WEIGHTS)) {
            own.convBackwardWeights(shape, x, dy, dw, dbias);
            return;
        }
        DnnConvolution convolution = convolution(shape);
        check(shape, x, dw, dy);
        try (CudaFloats gradient = device.floats(shape.weightSize());
                CudaFloats workspace = workspace(convolution, Pass.BACKWARD_WEIGHTS)) {
            convolution.backwardWeights(
                    device.own(x).address(), device.own(dy).address(), gradient.address(), workspace.address());
            transpose(shape.outChannels(), taps(shape), gradient, dw);
        }
        if (dbias != null) {
            own.biasGradient(shape, dy, dbias);
        }
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        own.gemm(transposeA, transposeB, m, n, k, a, b, c);
    }

    /** Whether cuDNN computes this pass; says once per kind of convolution why not. */
    private boolean takes(ConvShape shape, Pass pass) {
        if (shape.inHeight() == 1 && shape.inWidth() == 1 && shape.kernelHeight() == 1 && shape.kernelWidth() == 1) {
            return false; // a dense layer
        }
        if (!shape.isPaddedEqually()) {
            return false; // cuDNN pads opposite sides alike
        }
        String problem = convolution(shape).algorithm(pass).problem();
        if (problem != null && refused.add(pass + " " + shape.withBatch(1))) {
            LOG.log(
                    Level.INFO,
                    () -> "cuDNN does not compute " + shape + ", " + pass + " (" + problem + "): our kernels do");
        }
        return problem == null;
    }

    private DnnConvolution convolution(ConvShape shape) {
        return convolutions.computeIfAbsent(shape, s -> new DnnConvolution(dnn, s));
    }

    private CudaFloats workspace(DnnConvolution convolution, Pass pass) {
        return device.floats((convolution.algorithm(pass).workspaceBytes() + Float.BYTES - 1) / Float.BYTES);
    }

    /** Rows of the matrix that our weights are: kernelHeight x kernelWidth x inChannels/groups. */
    private static int taps(ConvShape shape) {
        return Math.toIntExact(shape.weightSize() / shape.outChannels());
    }

    private CudaFloats transposed(ConvShape shape, Floats w) {
        CudaFloats weights = device.floats(shape.weightSize());
        transpose(taps(shape), shape.outChannels(), w, weights);
        return weights;
    }

    private void transpose(int rows, int columns, Floats from, Floats to) {
        device.kernel("transpose")
                .grid((columns + TILE - 1) / TILE, (rows + TILE - 1) / TILE, 1)
                .block(TILE, TILE_ROWS, 1)
                .value(rows)
                .value(columns)
                .in(from)
                .in(to)
                .work(0, 2.0 * Float.BYTES * rows * columns)
                .run();
    }

    private void check(ConvShape shape, Floats x, Floats w, Floats y) {
        device.own(x, shape.inputSize());
        device.own(w, shape.weightSize());
        device.own(y, shape.outputSize());
    }

    @Override
    public void close() {
        convolutions.values().forEach(DnnConvolution::close);
        convolutions.clear();
    }
}
