package unweave.engine.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.file.StateDict;

class WeightNormTest {
    private static final float[] V = {3, 4, 0, 0, 5, 12};

    @TempDir
    Path folder;

    /** v of shape [2, 1, 3]: norms 5 and 13 along the rows, 3, sqrt(41) and 12 along the columns, sqrt(194) of all. */
    @ParameterizedTest
    @CsvSource({
        "conv.weight_g, conv.weight_v",
        "conv.parametrizations.weight.original0, conv.parametrizations.weight.original1"
    })
    void partsBecomeTheWeight(String g, String v) throws IOException {
        assertWeight(g, v, new float[] {10, 26}, new int[] {2, 1, 1}, 6, 8, 0, 0, 10, 24);
        float column = (float) (1 / Math.sqrt(41));
        assertWeight(g, v, new float[] {6, 1, 24}, new int[] {1, 1, 3}, 6, 4 * column, 0, 0, 5 * column, 24);
        float all = (float) (2 / Math.sqrt(194));
        assertWeight(g, v, new float[] {2}, new int[] {}, 3 * all, 4 * all, 0, 0, 5 * all, 12 * all);
    }

    private void assertWeight(String g, String v, float[] values, int[] shape, float... expected) throws IOException {
        Path file = folder.resolve("net.safetensors");
        new SafeTensorsWriter()
                .add(g, values, shape)
                .add(v, V, 2, 1, 3)
                .add("conv.bias", new float[] {1, 2}, 2)
                .write(file);
        try (StateDict tensors = TorchImport.open(file)) {
            assertEquals(Set.of("conv.weight", "conv.bias"), tensors.names());
            assertEquals(List.of(2, 1, 3), tensors.shape("conv.weight"));
            assertArrayEquals(expected, tensors.floats("conv.weight"), 1e-6f);
            assertArrayEquals(new float[] {1, 2}, tensors.floats("conv.bias"));
        }
    }

    /** Names alone make no weight: a part that is missing or has another shape stays as it is. */
    @ParameterizedTest
    @CsvSource({"conv.weight_x, 2", "conv.weight_v, 3"})
    void otherTensorsStay(String v, int length) throws IOException {
        Path file = folder.resolve("net.safetensors");
        new SafeTensorsWriter()
                .add("conv.weight_g", new float[] {1, 2}, 2)
                .add(v, new float[length], length)
                .write(file);
        try (StateDict tensors = TorchImport.open(file)) {
            assertEquals(Set.of("conv.weight_g", v), tensors.names());
        }
    }
}
