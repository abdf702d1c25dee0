package unweave.bench;

import java.util.List;
import java.util.stream.Stream;
import unweave.bench.network.NetworkCase;

/** The table of jobs. */
public final class Jobs {
    private static final List<Job> MAIN = Stream.of(
                    NetworkJobs.all(), EpochJobs.all(), ExplanationJobs.all(), SubspaceJobs.all(), SoundJobs.all())
            .flatMap(List::stream)
            .toList();
    private static final List<Job> NETWORKS =
            NetworkCase.all().stream().flatMap(Jobs::of).toList();

    private Jobs() {}

    private static Stream<Job> of(NetworkCase network) {
        return Stream.of(
                NetworkJobs.forward(network),
                NetworkJobs.trainingStep(network),
                ExplanationJobs.heatmaps(network),
                ExplanationJobs.concepts(network));
    }

    /** The jobs that are measured where no other is named. */
    static List<Job> main() {
        return MAIN;
    }

    /** The jobs of the group of networks. */
    static List<Job> networks() {
        return NETWORKS;
    }

    /** All jobs. */
    public static List<Job> all() {
        return Stream.concat(MAIN.stream(), NETWORKS.stream()).toList();
    }

    /** @throws IllegalArgumentException if there is no such job */
    static Job named(String name) {
        return all().stream()
                .filter(job -> job.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no job \"" + name + "\""));
    }
}
