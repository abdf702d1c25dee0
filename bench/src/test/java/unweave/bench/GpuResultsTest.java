package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.bench.GpuResults.Difference;
import unweave.bench.GpuResults.Line;

class GpuResultsTest {
    private static final Line STEP =
            new Line("gtzan training step, batch 64", 4, 3.9, 4.2, 0.25, null, null, null, null, null);

    @Test
    void aPeerSaysWhetherTheTargetIsMet() {
        assertEquals(true, STEP.against("PyTorch", 5, 1).met());
        assertEquals(1.25, STEP.against("PyTorch", 5, 1).speedOfPeer());
        assertEquals(false, STEP.against("PyTorch", 3.9, 1).met());
        assertEquals(true, STEP.against("cuDNN", 2.5, 0.6).met());
        assertNull(STEP.against("PyTorch", 5, Double.NaN).met());
    }

    @Test
    void theTableShowsTimesTargetsAndVerdicts() {
        Machine machine = new Machine("2026-01-02T03:04:05Z", "some CPU", 2, "17", "Linux", "CPU", 0);
        GpuResults results = new GpuResults(
                machine,
                "Some GPU",
                60,
                4000,
                List.of(STEP.against("PyTorch", 5, 1), STEP.against("PyTorch", 2, 1), STEP),
                List.of(new Difference("DRSA, D 16", 1e-7, 5000, 2e-6)),
                List.of("no cuDNN"));
        List<String> table = results.table();
        assertEquals("Some GPU; 2026-01-02T03:04:05Z", table.get(0));
        assertTrue(
                table.get(4).matches(".*batch 64 +4\\.00 +25 % +PyTorch +5\\.00 +1\\.25 x +1\\.0 x PyTorch +met"),
                table.get(4));
        assertTrue(table.get(5).endsWith("0.50 x  1.0 x PyTorch      MISSED"), table.get(5));
        assertTrue(table.get(6).endsWith("25 %"), table.get(6));
        assertEquals(
                "DRSA, D 16: Newton-Schulz differs from eigenvalues by 1.0e-07 in U after 1 step, "
                        + "2.0e-06 in J after 5000 steps",
                table.get(7));
        assertEquals("note: no cuDNN", table.get(8));
    }

    @Test
    void timesOfPyTorchStandBesideTheLineOfThatName() {
        GpuPeers peers = GpuPeers.parse(
                """
                a warning
                {"description": "PyTorch 2", "milliseconds": {"gtzan training step, batch 64": 8}}
                """);
        assertEquals("PyTorch 2", peers.description());
        assertEquals(2.0, peers.beside(STEP, 1).speedOfPeer());
        assertEquals(
                "no PyTorch: its times cannot be read: Killed",
                GpuPeers.parse("Killed").description());
        assertEquals(STEP, GpuPeers.parse("Killed").beside(STEP, 1));
    }

    @Test
    void aScriptThatFailsIsNoPeer(@TempDir Path folder) throws IOException {
        Path script = Files.writeString(
                folder.resolve("peers.py"),
                """
                echo warning
                echo 'ModuleNotFoundError: No module named torch'
                exit 1
                """);
        assertEquals(
                "no PyTorch: ModuleNotFoundError: No module named torch",
                GpuPeers.run("sh", script, "cuda", GpuPlan.quick()).description());
        assertTrue(GpuPeers.run("/no/such/python", script, "cuda", GpuPlan.quick())
                .description()
                .endsWith("cannot be started"));
        assertTrue(GpuPeers.run("sh", folder.resolve("none.py"), "cuda", GpuPlan.quick())
                .description()
                .endsWith("is missing"));
    }

    @Test
    void theScriptGetsThePlan(@TempDir Path folder) throws IOException {
        Path script =
                Files.writeString(folder.resolve("peers.py"), "echo \"{'description': '$*', 'milliseconds': {}}\"\n");
        assertEquals(
                "--device cuda:1 --model gtzan --heatmaps 64 --runs 50 --trainings gtzan:64 gtzan:16 toy:16",
                GpuPeers.run("sh", script, "cuda:1", GpuPlan.full()).description());
    }

    @Test
    void plansHaveTheFiveConvolutionsOfTheNetwork() {
        assertEquals(
                "64x128x128x1-32 3x3 p1", GpuPlan.full().convolutions().get(0).toString());
        assertEquals(
                "64x8x8x64-128 3x3 p1", GpuPlan.full().convolutions().get(4).toString());
        assertEquals("2x4x4x16-16 3x3 p1", GpuPlan.quick().convolutions().get(4).toString());
    }
}
