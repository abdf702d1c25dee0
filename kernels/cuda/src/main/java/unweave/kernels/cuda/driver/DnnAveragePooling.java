package unweave.kernels.cuda.driver;

import static unweave.kernels.cuda.driver.Dnn.check;

import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnPoolingMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import unweave.kernels.PoolShape;

/** Average pooling of one shape by cuDNN; padding counts as zeros. */
public final class DnnAveragePooling implements AutoCloseable {
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer ZERO = Pointer.to(new float[] {0});

    private final Dnn dnn;
    private final PoolShape shape;
    private final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
    private final cudnnPoolingDescriptor pooling = new cudnnPoolingDescriptor();

    public DnnAveragePooling(Dnn dnn, PoolShape shape) {
        this.dnn = dnn;
        this.shape = shape;
        check(JCudnn.cudnnCreateTensorDescriptor(x), "cudnnCreateTensorDescriptor");
        check(JCudnn.cudnnCreateTensorDescriptor(y), "cudnnCreateTensorDescriptor");
        check(JCudnn.cudnnCreatePoolingDescriptor(pooling), "cudnnCreatePoolingDescriptor");
        setImages(x, shape.inHeight(), shape.inWidth());
        setImages(y, shape.outHeight(), shape.outWidth());
        check(
                JCudnn.cudnnSetPooling2dDescriptor(
                        pooling,
                        cudnnPoolingMode.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING,
                        cudnnNanPropagation.CUDNN_PROPAGATE_NAN,
                        shape.kernelHeight(),
                        shape.kernelWidth(),
                        shape.padY(),
                        shape.padX(),
                        shape.strideY(),
                        shape.strideX()),
                "cudnnSetPooling2dDescriptor");
    }

    private void setImages(cudnnTensorDescriptor descriptor, int height, int width) {
        check(
                JCudnn.cudnnSetTensor4dDescriptor(
                        descriptor,
                        cudnnTensorFormat.CUDNN_TENSOR_NHWC,
                        cudnnDataType.CUDNN_DATA_FLOAT,
                        shape.batch(),
                        shape.channels(),
                        height,
                        width),
                "cudnnSetTensor4dDescriptor");
    }

    /** y = the averages of x; addresses. */
    public void forward(long input, long output) {
        dnn.stream().begin();
        check(
                JCudnn.cudnnPoolingForward(
                        dnn.handle(), pooling, ONE, x, Addresses.pointer(input), ZERO, y, Addresses.pointer(output)),
                "cudnnPoolingForward");
        end("cudnnPoolingForward");
    }

    /** The gradient with respect to the input. cuDNN asks for x and y too, but averages do not depend on them. */
    public void backward(long outputGradient, long inputGradient) {
        dnn.stream().begin();
        Pointer dy = Addresses.pointer(outputGradient);
        Pointer dx = Addresses.pointer(inputGradient);
        check(
                JCudnn.cudnnPoolingBackward(dnn.handle(), pooling, ONE, y, dy, y, dy, x, dx, ZERO, x, dx),
                "cudnnPoolingBackward");
        end("cudnnPoolingBackward");
    }

    private void end(String call) {
        double operations = (double) shape.outputSize() * shape.kernelHeight() * shape.kernelWidth();
        dnn.stream().end(call, 0, 0, operations, Float.BYTES * (double) (shape.inputSize() + shape.outputSize()));
    }

    @Override
    public void close() {
        check(JCudnn.cudnnDestroyPoolingDescriptor(pooling), "cudnnDestroyPoolingDescriptor");
        check(JCudnn.cudnnDestroyTensorDescriptor(x), "cudnnDestroyTensorDescriptor");
        check(JCudnn.cudnnDestroyTensorDescriptor(y), "cudnnDestroyTensorDescriptor");
    }
}
