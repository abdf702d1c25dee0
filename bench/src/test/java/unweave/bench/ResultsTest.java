package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.app.output.Json;

class ResultsTest {
  private static final Roofline BOUND = new Roofline(2, 200, 40);
  private static final Timing TEN_MILLISECONDS = new Timing(10, 9, 11, List.of(10.0, 10.5), 2_000);

  private static Results results(Measurement... measurements) {
    Machine machine = new Machine("2026-01-01T00:00:00Z", "A processor", 2, "17", "Linux", "CPU, 512-bit SIMD, 2 threads", 0.1);
    return new Results(machine, new Results.Settings(2, 2, 8, 5, "1 s"), List.of(new Roofline(1, 100, 30), BOUND), List.of(measurements));
  }

  @Test
  void arithmeticIsComparedWithThePeakAndMemoryTrafficWithTheBandwidth() {
    Measurement arithmetic = Measurement.of("a", TEN_MILLISECONDS, 1e9, 1e6, BOUND);
    assertEquals(100, arithmetic.gflops(), 1e-9);
    assertEquals(0.5, arithmetic.rooflineFraction(), 1e-9);
    Measurement traffic = Measurement.of("b", TEN_MILLISECONDS, 1e6, 1e8, BOUND);
    assertEquals(10, traffic.gigabytes(), 1e-9);
    assertEquals(0.25, traffic.rooflineFraction(), 1e-9);
  }

  @Test
  void theTableShowsADashWhereFlopsAndBytesAreUnknown() {
    String row = results(Measurement.of("sounds", TEN_MILLISECONDS, 0, 0, BOUND)).lines().get(6);
    assertEquals("sounds 10.0 9.00 - 11.0 - - - 2.00 kB", row.replaceAll(" +", " "));
  }

  @Test
  void theTableShowsRatesAndTheFractionOfTheRoofline() {
    List<String> lines = results(Measurement.of("step", TEN_MILLISECONDS, 1e9, 1e6, BOUND)).lines();
    assertEquals("roofline, 2 threads: 200 GFLOP/s, copy 40.0 GB/s", lines.get(3));
    assertEquals("step 10.0 9.00 - 11.0 100 0.100 50 % 2.00 kB", lines.get(6).replaceAll(" +", " "));
  }

  @Test
  void jsonHoldsMachineSettingsAndMeasurements() {
    JsonObject json = JsonParser.parseString(Json.pretty(results(Measurement.of("step", TEN_MILLISECONDS, 1e9, 0, BOUND)))).getAsJsonObject();
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
    List<String> lines = List.of("processor\t: 0", "vendor_id\t: AuthenticAMD", "cpu family\t: 25", "model\t\t: 17", "model name\t: AMD EPYC", "",
        "processor\t: 1", "cpu family\t: 26");
    assertEquals("AMD EPYC (family 25, model 17)", Machine.processorModel(lines));
    assertTrue(Machine.processorModel(List.of("Hardware: something")).startsWith("unknown"));
  }
}
