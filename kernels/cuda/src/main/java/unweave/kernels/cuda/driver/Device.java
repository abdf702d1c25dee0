package unweave.kernels.cuda.driver;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/** A GPU that the driver knows. */
public final class Device {
    private static final int NAME_BYTES = 256;
    private final CUdevice handle = new CUdevice();
    private final DeviceProperties properties;

    private Device(int ordinal) {
        Status.check(JCudaDriver.cuDeviceGet(handle, ordinal), "cuDeviceGet");
        byte[] name = new byte[NAME_BYTES];
        Status.check(JCudaDriver.cuDeviceGetName(name, NAME_BYTES, handle), "cuDeviceGetName");
        long[] memory = new long[1];
        Status.check(JCudaDriver.cuDeviceTotalMem(memory, handle), "cuDeviceTotalMem");
        properties = new DeviceProperties(
                ordinal,
                text(name),
                attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                memory[0],
                attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
                attribute(CU_DEVICE_ATTRIBUTE_CLOCK_RATE),
                attribute(CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE),
                attribute(CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH));
    }

    /** How many devices there are; the driver must have been started ({@link Driver#start}). */
    public static int count() {
        int[] count = new int[1];
        Status.check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
        return count[0];
    }

    /** The device of that number, less than {@link #count}. */
    public static Device of(int ordinal) {
        return new Device(ordinal);
    }

    public DeviceProperties properties() {
        return properties;
    }

    CUdevice handle() {
        return handle;
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        Status.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, handle), "cuDeviceGetAttribute");
        return value[0];
    }

    private static String text(byte[] zeroTerminated) {
        int length = 0;
        while (length < zeroTerminated.length && zeroTerminated[length] != 0) {
            length++;
        }
        return new String(zeroTerminated, 0, length, StandardCharsets.UTF_8);
    }
}
