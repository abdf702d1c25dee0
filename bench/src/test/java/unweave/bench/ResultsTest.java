package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unweave.explain.output.Json;

class ResultsTest {
    private static final Roofline BOUND = Roofline.of(2, 200, 40);
    private static final Timing TEN_MILLISECONDS = new Timing(10, 9, 11, List.of(10.0, 10.5), 2_000, 1.25e9);

    private static Results results(Measurement... measurements) {
        Machine machine = new Machine(
                "2026-01-01T00:00:00Z", "A processor", 2, "17", "Linux", "CPU, 512-bit SIMD, 2 threads", 0.1);
        return new Results(
                machine,
                new Results.Settings("cpu", 2, 2, 8, 5, "1 s"),
                Map.of(),
                List.of(Roofline.of(1, 100, 30), BOUND),
                List.of(measurements));
    }

    @Test
    void arithmeticIsComparedWithThePeakAndMemoryTrafficWithTheBandwidth() {
        Measurement arithmetic = Measurement.of("a", TEN_MILLISECONDS, 1e9, 1e6, Double.NaN, BOUND);
        assertEquals(100, arithmetic.gflops(), 1e-9);
        assertEquals(0.5, arithmetic.rooflineFraction(), 1e-9);
        Measurement traffic = Measurement.of("b", TEN_MILLISECONDS, 1e6, 1e8, Double.NaN, BOUND);
        assertEquals(10, traffic.gigabytes(), 1e-9);
        assertEquals(0.25, traffic.rooflineFraction(), 1e-9);
    }

    @Test
    void theTableShowsADashWhereFlopsAndBytesAreUnknown() {
        String row = results(Measurement.of("sounds", TEN_MILLISECONDS, 0, 0, 5e6, BOUND))
                .lines()
                .get(6);
        assertEquals("sounds 10.0 9.00 - 11.0 - - - - 2.00 kB 5.00 MB", row.replaceAll(" +", " "));
    }

    @Test
    void theTableShowsRatesAndTheFractionOfTheRoofline() {
        List<String> lines = results(Measurement.of("step", TEN_MILLISECONDS, 1e9, 1e6, Double.NaN, BOUND))
                .lines();
        assertEquals("roofline, 2 threads: 200 GFLOP/s, copy 40.0 GB/s", lines.get(3));
        assertEquals(
                "step 10.0 9.00 - 11.0 100 0.100 50 % 80 % 2.00 kB -",
                lines.get(6).replaceAll(" +", " "));
    }

    @Test
    void aPeerStandsBelowTheJobWithTheRatios() {
        Measurement ours = Measurement.of("step", TEN_MILLISECONDS, 1e9, 0, 40e6, BOUND);
        Measurement.Beside peer = ours.beside("PyTorch", new Timing(25, 24, 26, List.of(25.0), Double.NaN, 5e9), 200e6);
        assertEquals(2.5, peer.timesAsFast(), 1e-9);
        assertEquals(0.2, peer.memoryOfPeer(), 1e-9);
        assertEquals(0.2, peer.rooflineFraction(), 1e-9);
        Results alone = results(ours.withPeers(List.of(peer)));
        List<String> lines = new Results(
                        alone.machine(),
                        alone.settings(),
                        Map.of("PyTorch", "2.7.1"),
                        alone.roofline(),
                        alone.measurements())
                .lines();
        assertEquals(
                "step 10.0 9.00 - 11.0 100 - 50 % 80 % 2.00 kB 40.0 MB",
                lines.get(6).replaceAll(" +", " "));
        assertEquals(
                " PyTorch 25.0 24.0 - 26.0 20 % 20 % 200 MB 2.50 x 20 %",
                lines.get(7).replaceAll(" +", " "));
        assertEquals("PyTorch: 2.7.1", lines.get(9));
    }

    @Test
    void theWorstAndTheBestJobBesideAPeerAreNamed() {
        Measurement slow = Measurement.of("slow", TEN_MILLISECONDS, 1e9, 0, 40e6, BOUND);
        Measurement fast = Measurement.of("fast", TEN_MILLISECONDS, 1e9, 0, 40e6, BOUND);
        Measurement alone = Measurement.of("alone", TEN_MILLISECONDS, 1e9, 0, 40e6, BOUND);
        Results results = results(
                fast.withPeers(
                        List.of(fast.beside("ORT", new Timing(25, 24, 26, List.of(25.0), Double.NaN, 5e9), 200e6))),
                alone,
                slow.withPeers(List.of(slow.beside("ORT", new Timing(5, 4, 6, List.of(5.0), Double.NaN, 5e9), 200e6))));
        List<String> lines = new Results(
                        results.machine(),
                        results.settings(),
                        Map.of("ORT", "1"),
                        results.roofline(),
                        results.measurements())
                .lines();
        assertEquals(
                List.of("beside ORT we are from 0.500 x as fast (slow) to 2.50 x (fast)", "ORT: 1"),
                lines.subList(lines.size() - 2, lines.size()));
    }

    @Test
    void residentMemoryIsReadFromLinux() {
        List<String> lines = List.of("Name:\tjava", "VmHWM:\t    3000 kB", "VmRSS:\t    2180 kB");
        assertEquals(2180 * 1024, ResidentMemory.bytes("VmRSS", lines));
        assertTrue(Double.isNaN(ResidentMemory.bytes("VmSwap", lines)));
    }

    @Test
    void jsonHoldsMachineSettingsAndMeasurements() {
        JsonObject json = JsonParser.parseString(
                        Json.pretty(results(Measurement.of("step", TEN_MILLISECONDS, 1e9, 0, Double.NaN, BOUND))))
                .getAsJsonObject();
        assertEquals("A processor", json.getAsJsonObject("machine").get("cpu").getAsString());
        assertEquals(2, json.getAsJsonObject("settings").get("threads").getAsInt());
        JsonObject measurement = json.getAsJsonArray("measurements").get(0).getAsJsonObject();
        assertEquals(10, measurement.getAsJsonObject("timing").get("median").getAsDouble());
        assertTrue(measurement.get("gigabytes").isJsonNull());
    }

    @Test
    void numbersHaveThreeDigits() {
        assertEquals("0.0571", Results.number(0.05714));
        assertEquals("2.29", Results.number(2.294));
        assertEquals("12345", Results.number(12345.4));
        assertEquals("0", Results.number(0));
        assertEquals("-", Results.number(Double.NaN));
    }

    @Test
    void theProcessorIsReadFromLinux() {
        List<String> lines = List.of(
                "processor\t: 0",
                "vendor_id\t: AuthenticAMD",
                "cpu family\t: 25",
                "model\t\t: 17",
                "model name\t: AMD EPYC",
                "",
                "processor\t: 1",
                "cpu family\t: 26");
        assertEquals("AMD EPYC (family 25, model 17)", Machine.processorModel(lines));
        assertTrue(Machine.processorModel(List.of("Hardware: something")).startsWith("unknown"));
    }
}
