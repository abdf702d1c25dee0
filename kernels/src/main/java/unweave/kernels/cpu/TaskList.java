package unweave.kernels.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The tasks that operations give to a {@link WorkerPool}, recorded in order. */
final class TaskList {
    private final WorkerPool pool;
    private final List<Run> runs = new ArrayList<>();

    private record Run(int tasks, IntConsumer task) {}

    TaskList(WorkerPool pool) {
        this.pool = pool;
    }

    void add(int tasks, IntConsumer task) {
        runs.add(new Run(tasks, task));
    }

    /** Runs everything again. Allocates nothing by itself. */
    void play() {
        for (int i = 0; i < runs.size(); i++) { // an iterator would be an object
            Run run = runs.get(i);
            pool.run(run.tasks, run.task);
        }
    }
}
