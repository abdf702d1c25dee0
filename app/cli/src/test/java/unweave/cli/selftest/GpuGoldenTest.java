package unweave.cli.selftest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import unweave.kernels.Backend;
import unweave.kernels.cuda.TestGpu;

/** As {@link GoldenTest}, on a GPU, with the same tolerances. */
@Tag("gpu")
class GpuGoldenTest {
    @TestFactory
    Stream<DynamicTest> agreesWithIndependentSoftware() throws Exception {
        return GoldenFiles.in(GoldenTest.folder()).stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    try (Backend backend = TestGpu.open()) {
                        GoldenTest.compare(file, backend);
                    }
                }));
    }
}
