package unweave.engine.onnx.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.MutatedOnnxTest;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxFile;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxValue;

/** A damaged file that can still be read is computed, or refused with one line. */
class MutatedGraphTest {
    private static final int FILES = 3_000;

    @TempDir
    Path folder;

    @Test
    void computesOrRefuses() throws IOException {
        Files.write(folder.resolve("net.data"), new byte[32]);
        Path file = folder.resolve("net.onnx");
        int computed = 0;
        int refused = 0;
        for (int seed = 0; seed < FILES; seed++) {
            Files.write(file, MutatedOnnxTest.mutate(MutatedOnnxTest.model(), new Random(seed)));
            OnnxGraph graph;
            try {
                graph = OnnxFile.open(file);
            } catch (ModelFileException e) {
                continue;
            }
            long begin = System.nanoTime();
            try {
                Map<String, NdArray> image = Map.of("x", NdArray.of(new double[16], 1, 1, 4, 4));
                List<String> outputs =
                        graph.outputs().stream().map(OnnxValue::name).toList();
                assertEquals(
                        outputs.size(), Evaluator.run(graph, image, outputs).size());
                computed++;
            } catch (ModelFileException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertTrue(System.nanoTime() - begin < 2_000_000_000L, "seed " + seed);
        }
        assertTrue(computed > 100 && refused > 10, computed + " computed, " + refused + " refused");
    }
}
