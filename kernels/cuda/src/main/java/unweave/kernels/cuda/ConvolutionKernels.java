package unweave.kernels.cuda;

import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.Convolutions;
import unweave.kernels.Pooling;
import unweave.kernels.cuda.driver.Dnn;

/**
 * What convolves and pools on a device: our kernels, or cuDNN with all that was made for its shapes.
 *
 * @param description what people should know beside the device: ", cuDNN 9.5.1"; empty for our kernels
 */
record ConvolutionKernels(Convolutions convolutions, Pooling pooling, String description, Runnable closing)
        implements AutoCloseable {

    /** @throws unweave.kernels.cuda.driver.CudaUnavailableException if cuDNN is asked for and cannot be used */
    static ConvolutionKernels of(ConvolutionLibrary library, CudaDevice device) {
        CudaConvolutions ownConvolutions = new CudaConvolutions(device);
        CudaPooling ownPooling = new CudaPooling(device);
        if (library == ConvolutionLibrary.OWN) {
            return new ConvolutionKernels(ownConvolutions, ownPooling, "", () -> {});
        }
        Dnn dnn = new Dnn(device.stream());
        CudnnConvolutions convolutions = new CudnnConvolutions(device, ownConvolutions, dnn);
        CudnnPooling pooling = new CudnnPooling(device, ownPooling, dnn);
        return new ConvolutionKernels(convolutions, pooling, ", " + describe(dnn.version()), () -> {
            convolutions.close();
            pooling.close();
            dnn.close();
        });
    }

    private static String describe(long version) {
        return "cuDNN " + version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
    }

    @Override
    public void close() {
        closing.run();
    }
}
