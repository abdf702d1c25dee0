package unweave.kernels.cpu;

import unweave.kernels.Recording;

/** The tasks of recorded operations, and the arrays between them. */
final class CpuRecording implements Recording {
    private final TaskList tasks;
    private final CpuMemory memory;
    private CpuMemory.Unused arrays;

    private CpuRecording(TaskList tasks, CpuMemory memory, CpuMemory.Unused arrays) {
        this.tasks = tasks;
        this.memory = memory;
        this.arrays = arrays;
    }

    static CpuRecording of(Runnable operations, WorkerPool pool, CpuMemory memory) {
        pool.requireNoRecording("another recording");
        memory.beginRecording();
        CpuMemory.Unused arrays = null;
        try {
            TaskList tasks = pool.record(operations);
            arrays = memory.endRecording();
            return new CpuRecording(tasks, memory, arrays);
        } finally {
            if (arrays == null) {
                memory.giveBack(memory.endRecording());
            }
        }
    }

    @Override
    public void play() {
        memory.owner().require();
        if (arrays == null) {
            throw new IllegalStateException("a recording is played after it was closed");
        }
        tasks.play();
    }

    @Override
    public void close() {
        memory.owner().require();
        if (arrays != null) {
            memory.giveBack(arrays);
            arrays = null;
        }
    }
}
