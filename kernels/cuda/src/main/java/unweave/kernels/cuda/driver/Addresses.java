package unweave.kernels.cuda.driver;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** JCuda's pointers from addresses and back. */
final class Addresses {
    private Addresses() {}

    /** A pointer to a place in host or device memory, as the libraries take it. */
    static Pointer pointer(long address) {
        return new AddressPointer(address);
    }

    /** A pointer to a place in device memory, as the driver takes it. */
    static CUdeviceptr device(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }

    /** A pointer whose address can be read once a call has set it. */
    static final class AddressPointer extends Pointer {
        AddressPointer() {}

        AddressPointer(long address) {
            super(address);
        }

        long address() {
            return getNativePointer() + getByteOffset();
        }
    }

    /** A device pointer whose address can be read once a call has set it. */
    static final class DevicePointer extends CUdeviceptr {
        long address() {
            return getNativePointer() + getByteOffset();
        }
    }
}
