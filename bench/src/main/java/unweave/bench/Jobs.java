package unweave.bench;

import java.util.List;
import java.util.stream.Stream;

/** The table of jobs. */
public final class Jobs {
    private static final List<Job> ALL = Stream.of(
                    NetworkJobs.all(), EpochJobs.all(), ExplanationJobs.all(), SubspaceJobs.all(), SoundJobs.all())
            .flatMap(List::stream)
            .toList();

    private Jobs() {}

    /** All jobs. */
    public static List<Job> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException if there is no such job */
    static Job named(String name) {
        return ALL.stream()
                .filter(job -> job.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no job \"" + name + "\""));
    }
}
