package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;

class HarnessTest {
  private final Harness inThisJvm = new Harness(0, 1, 1, TimeValue.milliseconds(100), null);

  @Test
  void readsMedianSpreadAndAllocationFromJmh() {
    Timing timing = inThisJvm.time(JobBenchmark.class, Map.of("name", "log-mel of a toy input"));
    assertTrue(timing.median() > 0 && timing.low() <= timing.median() && timing.median() <= timing.high(), timing.toString());
    assertEquals(List.of(timing.median()), timing.forks());
    assertTrue(timing.allocatedBytes() > 64 * 64 * Float.BYTES, "the result alone is 64 x 64 floats: " + timing);
  }

  @Test
  void aBenchmarkThatThrowsIsReportedWithItsReason() {
    IllegalStateException failure = assertThrows(IllegalStateException.class,
        () -> inThisJvm.time(JobBenchmark.class, Map.of("name", "no such job")));
    assertTrue(failure.getMessage().contains("no such job"), failure.getMessage());
  }

  @Test
  void theRooflineOfOneThreadIsMeasured() {
    Roofline roofline = Roofline.measure(1);
    assertEquals(1, roofline.threads());
    assertTrue(roofline.gflops() > 0 && roofline.gigabytes() > 0 && Double.isFinite(roofline.gflops() + roofline.gigabytes()), roofline.toString());
  }

  @Test
  void aPartTakesItsShareOfTheRun() {
    Timing part = new Timing(6, 3, 9, List.of(6.0, 12.0), 300).dividedBy(3);
    assertEquals(new Timing(2, 1, 3, List.of(2.0, 4.0), 100), part);
  }
}
