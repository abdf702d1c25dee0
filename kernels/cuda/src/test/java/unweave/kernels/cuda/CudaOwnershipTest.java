package unweave.kernels.cuda;

import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.OwnershipChecks;
import unweave.kernels.cpu.CpuBackend;

class CudaOwnershipTest {
    @Test
    void anotherThreadIsRefused() throws Exception {
        try (Backend backend = TestGpu.open()) {
            OwnershipChecks.refusesOtherThreads(backend);
        }
    }

    @Test
    void aThreadThatClaimsTheBackendOwnsIt() throws Exception {
        OwnershipChecks.canBeHandedOver(TestGpu.open());
    }

    @Test
    void memoryOfAnotherBackendIsRefused() {
        try (Backend backend = TestGpu.open();
                Backend other = TestGpu.open();
                Backend cpu = CpuBackend.create(1)) {
            OwnershipChecks.refusesForeignMemory(backend, other);
            OwnershipChecks.refusesForeignMemory(backend, cpu);
            OwnershipChecks.refusesForeignMemory(cpu, backend);
        }
    }
}
