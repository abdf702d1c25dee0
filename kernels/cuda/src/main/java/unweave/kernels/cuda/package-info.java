/**
 * The CUDA backend: for every group of operations a class that launches the kernels of
 * {@code kernels/cuda/src/main/cuda} or calls cuBLAS. All computing is queued on one stream of the device, so
 * operations need no other order than that of their calls; transfers have a second stream.
 */
package unweave.kernels.cuda;
