package unweave.kernels.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What depends on libraries is in {@code CudaUnavailableTest}, in processes of their own. */
class NativeLibrariesTest {
    @Test
    void otherPlatformsAreNamed() {
        NativeLibraries.requirePlatform("Linux", "amd64");
        CudaUnavailableException e = assertThrows(
                CudaUnavailableException.class, () -> NativeLibraries.requirePlatform("Mac OS X", "aarch64"));
        assertEquals(
                "CUDA is supported on Linux with an x86-64 processor; this is Mac OS X on aarch64", e.getMessage());
        assertTrue(e.driverMissing(), "nobody expects a GPU there");
        assertThrows(CudaUnavailableException.class, () -> NativeLibraries.requirePlatform("Linux", "aarch64"));
    }
}
