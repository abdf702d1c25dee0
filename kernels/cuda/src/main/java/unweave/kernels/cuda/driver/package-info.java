/**
 * The CUDA driver, cuBLAS and cuDNN as small classes that own what they stand for and free it when closed. No other
 * package knows JCuda. Device addresses are plain {@code long}s here; what lies at them, and in which order work
 * touches it, is the business of {@code unweave.kernels.cuda}.
 */
package unweave.kernels.cuda.driver;
