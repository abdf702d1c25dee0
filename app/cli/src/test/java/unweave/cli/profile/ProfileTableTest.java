package unweave.cli.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.kernels.Ceilings;
import unweave.kernels.profile.Cost;
import unweave.kernels.profile.Timeline.Total;

class ProfileTableTest {
    private static final Ceilings CEILINGS = new Ceilings(100e9, 10e9);

    /**
     * Convolutions of two shapes, 3 s in all for 120 GFLOP and 6 GB, and a copy of 0.25 s for 2 GB, in a run of 5 s.
     */
    @Test
    void ratesAndSharesByHand() {
        List<Total> totals = List.of(
                new Total("convForward", "large", 10, 2_000_000_000L, new Cost(110e9, 4e9)),
                new Total("convForward", "small", 1000, 1_000_000_000L, new Cost(10e9, 2e9)),
                new Total("copy", "", 1, 250_000_000L, new Cost(0, 2e9)));
        assertEquals(
                """
        ceilings measured: 100.0 GFLOP/s multiplying and adding, 10.0 GB/s copying
        operation                                          calls       time   share     GB/s  of copy   GFLOP/s  of peak
        convForward                                        1,010    3.000 s  92.3 %      2.0   20.0 %      40.0   40.0 %
        copy                                                   1 250.000 ms   7.7 %      8.0   80.0 %         -        -
        all operations                                     1,011    3.250 s 100.0 %
        operations took 3.25 s of 5.00 s (65.0 %); the rest is the host's other work, or waiting

        by shape                                           calls       time   share     GB/s  of copy   GFLOP/s  of peak
        convForward large                                     10    2.000 s  61.5 %      2.0   20.0 %      55.0   55.0 %
        convForward small                                  1,000    1.000 s  30.8 %      2.0   20.0 %      10.0   10.0 %
        copy                                                   1 250.000 ms   7.7 %      8.0   80.0 %         -        -
        """
                        .strip(),
                String.join("\n", new ProfileTable(totals, CEILINGS, 5).lines()));
    }
}
