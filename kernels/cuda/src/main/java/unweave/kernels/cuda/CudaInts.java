package unweave.kernels.cuda;

import unweave.kernels.Ints;

/** Int32 values in the memory of a GPU. */
final class CudaInts extends CudaValues implements Ints {
    CudaInts(CudaMemory memory, long size) {
        super(memory, size);
    }
}
