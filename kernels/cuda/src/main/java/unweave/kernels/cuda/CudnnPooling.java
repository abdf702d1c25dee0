package unweave.kernels.cuda;

import java.util.HashMap;
import java.util.Map;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;
import unweave.kernels.cuda.driver.Dnn;
import unweave.kernels.cuda.driver.DnnAveragePooling;

/**
 * Average pooling by cuDNN, where all windows count alike. Maxima stay with our kernels: cuDNN does not say which of
 * equal values won, and the backward pass takes that.
 */
final class CudnnPooling implements Pooling, AutoCloseable {
    private final CudaDevice device;
    private final CudaPooling own;
    private final Dnn dnn;
    private final Map<PoolShape, DnnAveragePooling> averages = new HashMap<>();

    CudnnPooling(CudaDevice device, CudaPooling own, Dnn dnn) {
        this.device = device;
        this.own = own;
        this.dnn = dnn;
    }

    @Override
    public void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners) {
        own.maxPoolForward(shape, x, y, winners);
    }

    @Override
    public void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx) {
        own.maxPoolBackward(shape, dy, winners, dx);
    }

    @Override
    public void lpPoolForward(PoolShape shape, float exponent, Floats x, Floats y) {
        own.lpPoolForward(shape, exponent, x, y);
    }

    @Override
    public void lpPoolBackward(PoolShape shape, float exponent, Floats x, Floats y, Floats dy, Floats dx) {
        own.lpPoolBackward(shape, exponent, x, y, dy, dx);
    }

    /** cuDNN pads opposite sides alike and knows no dilation of windows. */
    private static boolean takes(PoolShape s) {
        return s.hasEqualDivisors()
                && s.dilationY() == 1
                && s.dilationX() == 1
                && s.padY() == s.padBottom()
                && s.padX() == s.padRight()
                && 2 * s.padY() <= s.kernelHeight()
                && 2 * s.padX() <= s.kernelWidth();
    }

    @Override
    public void avgPoolForward(PoolShape shape, Floats x, Floats y) {
        if (!takes(shape)) {
            own.avgPoolForward(shape, x, y);
            return;
        }
        average(shape)
                .forward(
                        device.own(x, shape.inputSize()).address(),
                        device.own(y, shape.outputSize()).address());
    }

    @Override
    public void avgPoolBackward(PoolShape shape, Floats dy, Floats dx) {
        if (!takes(shape)) {
            own.avgPoolBackward(shape, dy, dx);
            return;
        }
        average(shape)
                .backward(
                        device.own(dy, shape.outputSize()).address(),
                        device.own(dx, shape.inputSize()).address());
    }

    private DnnAveragePooling average(PoolShape shape) {
        return averages.computeIfAbsent(shape, s -> new DnnAveragePooling(dnn, s));
    }

    @Override
    public void close() {
        averages.values().forEach(DnnAveragePooling::close);
        averages.clear();
    }
}
