package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class EvaluationTest {
    /** A network whose logits are its three inputs. */
    private static final ModelDescription IDENTITY = ModelDescription.parse(
            """
      {"input": {"height": 1, "width": 1, "channels": 3}, "classes": ["a", "b", "c"], "layers": [
        {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 3}]}""");

    private record Rows(float[][] logits, int[] labels) implements TrainingData {
        @Override
        public int size() {
            return labels.length;
        }

        @Override
        public void load(int index, long seed, float[] target, int offset) {
            System.arraycopy(logits[index], 0, target, offset, 3);
        }

        @Override
        public int label(int index) {
            return labels[index];
        }
    }

    /** 9 of 10, 1 of 2 and no input of the third class: (0.9 + 0.5) / 2. */
    @Test
    void balancedAccuracyCountsClassesAlike() {
        Evaluation evaluation = new Evaluation(0, 10. / 12, new int[][] {{9, 1, 0}, {0, 1, 1}, {0, 0, 0}});
        assertEquals(0.7, evaluation.balancedAccuracy(), 1e-12);
        assertArrayEquals(new int[] {10, 2, 0}, evaluation.counts());
    }

    @Test
    void countsAndLossAreThoseOfTheLogits() throws IOException {
        Rows rows = new Rows(new float[][] {{2, 1, 0}, {0, 5, 1}, {1, 1, 1}, {0, 0, 1000}}, new int[] {0, 2, 0, 2});
        float[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.of(IDENTITY, backend, p -> p.role() == Role.BIAS ? new float[3] : identity)) {
            Evaluation evaluation = Evaluation.of(model, rows, 1);
            assertEquals(0.75, evaluation.accuracy());
            assertArrayEquals(new int[][] {{2, 0, 0}, {0, 0, 0}, {0, 1, 1}}, evaluation.confusion());
            double first = Math.log(1 + Math.exp(-1) + Math.exp(-2));
            double second = Math.log(1 + Math.exp(5) + Math.exp(1)) - 1;
            assertEquals((first + second + Math.log(3) + 0) / 4, evaluation.loss(), 1e-6);
        }
    }
}
