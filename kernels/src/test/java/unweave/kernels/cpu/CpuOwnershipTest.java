package unweave.kernels.cpu;

import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.OwnershipChecks;
import unweave.kernels.profile.ProfilingBackend;
import unweave.kernels.profile.Timeline;

class CpuOwnershipTest {
    @Test
    void anotherThreadIsRefused() throws Exception {
        try (Backend backend = CpuBackend.create(2)) {
            OwnershipChecks.refusesOtherThreads(backend);
        }
    }

    @Test
    void anotherThreadIsRefusedWhileAProfileIsTaken() throws Exception {
        try (Backend backend = ProfilingBackend.of(CpuBackend.create(1), new Timeline(0))) {
            OwnershipChecks.refusesOtherThreads(backend);
        }
    }

    @Test
    void aThreadThatClaimsTheBackendOwnsIt() throws Exception {
        OwnershipChecks.canBeHandedOver(CpuBackend.create(2));
        OwnershipChecks.canBeHandedOver(ProfilingBackend.of(CpuBackend.create(2), new Timeline(0)));
    }

    @Test
    void memoryOfAnotherBackendIsRefused() {
        try (Backend backend = CpuBackend.create(1);
                Backend other = CpuBackend.create(1)) {
            OwnershipChecks.refusesForeignMemory(backend, other);
        }
    }
}
