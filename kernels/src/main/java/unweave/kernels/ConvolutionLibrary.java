package unweave.kernels;

/** Whose kernels convolve and average on a GPU. */
public enum ConvolutionLibrary {
    /** This program's. */
    OWN,
    /** NVIDIA's cuDNN, for comparison and for those who want it; what it cannot do, this program's kernels do. */
    CUDNN
}
