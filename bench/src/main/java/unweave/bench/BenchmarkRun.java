package unweave.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.bench.Harness.Target;
import unweave.cli.console.Console;
import unweave.explain.Devices;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.Backend;
import unweave.kernels.ConvolutionLibrary;

/**
 * Measures a list of entries one after the other, each next to the peers that know it, and between them the roofline.
 *
 * @param device cpu, or a GPU, on which only operations are measured
 * @param threads of the CPU to compute with; 0 for one per processor
 * @param otherJava to measure us on as well, in turn; null for none
 * @param peers to measure beside us
 */
record BenchmarkRun(Harness harness, String device, int threads, OtherJava otherJava, List<Peer> peers) {
    /** The device that is measured unless another is asked for. */
    static final String CPU = "cpu";

    /**
     * A line to measure.
     *
     * @param flops of what is reported; 0 if unknown
     * @param bytes of what is reported; 0 if unknown
     * @param reportedRuns as in {@link Job}
     * @param benchmark where JMH finds it
     */
    record Entry(String name, double flops, double bytes, double reportedRuns, Class<?> benchmark) {}

    /** What was measured of an entry, by us and by each peer that knows it. */
    private record Measured(Entry entry, Timing ours, double peakBytes, List<MeasuredPeer> peers) {
        Measurement against(Roofline roofline) {
            Measurement measurement =
                    Measurement.of(entry.name(), ours, entry.flops(), entry.bytes(), peakBytes, roofline);
            return measurement.withPeers(peers.stream()
                    .map(peer -> measurement.beside(peer.name(), peer.timing(), peer.peakBytes()))
                    .toList());
        }
    }

    private record MeasuredPeer(String name, Timing timing, double peakBytes) {}

    Results measure(List<Entry> entries, Console console) {
        Machine machine = machine();
        int threadCount =
                onGpu() ? 0 : threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        List<Roofline> one = new ArrayList<>(threadCount > 1 ? List.of(Roofline.measure(1)) : List.of());
        List<Roofline> all = new ArrayList<>();
        List<Measured> measured = new ArrayList<>();
        try (Progress progress = console.progress("benchmarks", entries.size() + 1L)) {
            all.add(roofline(threadCount));
            progress.at(1, "roofline");
            for (Entry entry : entries) {
                Measured done = measure(entry);
                measured.add(done);
                all.add(roofline(threadCount));
                progress.at(
                        measured.size() + 1L,
                        entry.name() + " " + Results.number(done.ours().median()) + " ms");
            }
            if (threadCount > 1) {
                one.add(Roofline.measure(1));
            }
        }
        Roofline bound = Roofline.best(all);
        List<Roofline> rooflines = threadCount > 1 ? List.of(Roofline.best(one), bound) : List.of(bound);
        Map<String, String> descriptions = new LinkedHashMap<>();
        if (otherJava != null) {
            descriptions.put(otherJava.name(), "the same on " + otherJava.program());
        }
        peers.forEach(peer -> descriptions.put(peer.name(), peer.description()));
        Results.Settings settings = new Results.Settings(
                device,
                threadCount,
                harness.forks(),
                harness.warmup(),
                harness.iterations(),
                harness.length().toString());
        return new Results(
                machine,
                settings,
                descriptions,
                rooflines,
                measured.stream().map(line -> line.against(bound)).toList());
    }

    private boolean onGpu() {
        return !device.equals(CPU);
    }

    private Machine machine() {
        if (!onGpu()) {
            return Machine.describe(threads);
        }
        try (Backend gpu = gpu()) {
            return Machine.describe(gpu);
        }
    }

    private Roofline roofline(int threadCount) {
        if (!onGpu()) {
            return Roofline.measure(threadCount);
        }
        try (Backend gpu = gpu()) {
            return Roofline.ofGpu(gpu);
        }
    }

    private Backend gpu() {
        return Devices.open(device, ConvolutionLibrary.OWN, 0, Monitor.silent());
    }

    private Measured measure(Entry entry) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("name", entry.name());
        parameters.put("threads", String.valueOf(threads));
        if (onGpu()) {
            parameters.put("device", device);
        }
        Target ours = new Target(entry.benchmark(), parameters, false);
        List<Target> targets = new ArrayList<>(List.of(ours));
        List<KnownJob> others = new ArrayList<>();
        if (otherJava != null) {
            others.add(new KnownJob(otherJava.name(), entry.reportedRuns(), ours.on(otherJava)));
        }
        others.addAll(known(entry));
        others.forEach(job -> targets.add(job.target()));
        List<Timing> timings = harness.time(targets);
        List<MeasuredPeer> beside = new ArrayList<>();
        for (int i = 0; i < others.size(); i++) {
            KnownJob job = others.get(i);
            double peakBytes = entry.benchmark() == JobBenchmark.class
                    ? harness.peakBytes(job.target().unchecked())
                    : Double.NaN;
            beside.add(new MeasuredPeer(job.peer(), timings.get(i + 1).times(job.reportedRuns()), peakBytes));
        }
        double peakBytes = entry.benchmark() == JobBenchmark.class ? harness.peakBytes(ours) : Double.NaN;
        return new Measured(entry, timings.get(0).times(entry.reportedRuns()), peakBytes, beside);
    }

    /** The same job as done by a peer or on another Java. */
    private record KnownJob(String peer, double reportedRuns, Target target) {}

    private List<KnownJob> known(Entry entry) {
        return peers.stream()
                .flatMap(peer -> peer.jobs().stream()
                        .filter(job -> job.name().equals(entry.name()))
                        .map(job -> new KnownJob(
                                peer.name(),
                                job.reportedRuns(),
                                new Target(
                                        PeerBenchmark.class,
                                        Map.of(
                                                "name",
                                                job.name(),
                                                "peer",
                                                peer.name(),
                                                "threads",
                                                String.valueOf(threads)),
                                        true))))
                .toList();
    }
}
