package unweave.kernels.cuda;

import unweave.kernels.Floats;

/** Float32 values in the memory of a GPU. */
final class CudaFloats extends CudaValues implements Floats {
    CudaFloats(CudaMemory memory, long size) {
        super(memory, size);
    }
}
