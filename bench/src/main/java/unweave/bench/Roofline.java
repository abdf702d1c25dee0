package unweave.bench;

import java.util.List;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.cpu.CpuBackend;

/**
 * The bounds that no program on this machine passes (Williams, Waterman, Patterson: "Roofline", 2009): work of F
 * additions and multiplications on B bytes takes at least max(F / peak, B / bandwidth).
 *
 * @param threads how many threads worked at once; 0 for a GPU
 * @param gflops peak of float32 arithmetic from registers, in 10^9 additions and multiplications per second
 * @param gigabytes bandwidth of copying large arrays, in 10^9 bytes read or written per second
 * @param rounds in which both were measured, one after each job; the best is the ceiling, as other programs and
 *     machines can only slow it down
 * @param lowestGflops of a round: far below the best where the machine was busy in between
 * @param lowestGigabytes of a round
 */
public record Roofline(
        int threads, double gflops, double gigabytes, int rounds, double lowestGflops, double lowestGigabytes) {
    /** Measures both once. */
    static Roofline measure(int threads) {
        try (Backend backend = CpuBackend.create(threads)) {
            return of(threads, backend.measureCeilings());
        }
    }

    /** Measures those of a GPU once. */
    static Roofline ofGpu(Backend gpu) {
        return of(0, gpu.measureCeilings());
    }

    private static Roofline of(int threads, Ceilings ceilings) {
        return of(threads, ceilings.flopsPerSecond() * 1e-9, ceilings.bytesPerSecond() * 1e-9);
    }

    /** One round. */
    static Roofline of(int threads, double gflops, double gigabytes) {
        return new Roofline(threads, gflops, gigabytes, 1, gflops, gigabytes);
    }

    /** The best of several rounds on the same threads. */
    static Roofline best(List<Roofline> rounds) {
        return rounds.stream()
                .reduce((a, b) -> new Roofline(
                        a.threads,
                        Math.max(a.gflops, b.gflops),
                        Math.max(a.gigabytes, b.gigabytes),
                        a.rounds + b.rounds,
                        Math.min(a.lowestGflops, b.lowestGflops),
                        Math.min(a.lowestGigabytes, b.lowestGigabytes)))
                .orElseThrow();
    }

    /**
     * The least possible time as a part of the time taken: 1 is perfect. Work whose operands stay in the caches can
     * exceed 1, as it does not wait for memory. NaN if neither flops nor bytes are known.
     *
     * @param flops additions and multiplications
     * @param bytes read and written at least; 0 if unknown
     * @param seconds the time taken
     */
    double fraction(double flops, double bytes, double seconds) {
        double least = Math.max(flops / (gflops * 1e9), bytes / (gigabytes * 1e9));
        return least == 0 ? Double.NaN : least / seconds;
    }

    @Override
    public String toString() {
        String spread = rounds == 1
                ? ""
                : " (best of " + rounds + " rounds; the lowest " + Results.number(lowestGflops) + " and "
                        + Results.number(lowestGigabytes) + ")";
        String device = threads == 0 ? "the GPU" : threads == 1 ? "1 thread" : threads + " threads";
        return "roofline, " + device + ": " + Results.number(gflops) + " GFLOP/s, copy " + Results.number(gigabytes)
                + " GB/s" + spread;
    }
}
