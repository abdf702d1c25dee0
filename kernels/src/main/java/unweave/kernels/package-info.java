/**
 * Arithmetic on buffers; knows no network.
 *
 * <p>{@link unweave.kernels.Backend} is the one interface that everything above computes through. Its parts are grouped
 * by subject ({@link unweave.kernels.Convolutions}, {@link unweave.kernels.Pooling}, ...), and each method's comment
 * begins with its formula. Three implementations agree on every operation: {@code reference} (float64, plain loops, the
 * definition), {@code cpu} (SIMD with a scalar twin) and, on machines that have one, a GPU. The table of operations in
 * {@code operations} drives the proof that they agree.
 *
 * <p>Conventions: images are channels-last, N H W C; convolution weights are kernel height, kernel width, input
 * channels per group, output channels; a dense layer is the 1 x 1 convolution of a 1 x 1 image. All values are float32,
 * indices int32.
 */
package unweave.kernels;
