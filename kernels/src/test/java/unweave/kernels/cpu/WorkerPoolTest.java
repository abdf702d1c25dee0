package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
    @Test
    void everyTaskRunsOnceAndIsDoneOnReturn() {
        for (int threads : new int[] {1, 2, 5}) {
            try (WorkerPool pool = new WorkerPool(threads)) {
                int[] once = new int[7];
                Arrays.fill(once, 1);
                for (int round = 0; round < 2000; round++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(7);
                    pool.run(7, runs::incrementAndGet);
                    int[] counted = new int[7];
                    Arrays.setAll(counted, runs::get);
                    assertArrayEquals(once, counted);
                }
            }
        }
    }

    @Test
    void sleepingWorkersWakeUp() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicInteger sum = new AtomicInteger();
            for (int round = 0; round < 20; round++) {
                Thread.sleep(2);
                pool.run(4, sum::addAndGet);
            }
            assertEquals(20 * 6, sum.get());
        }
    }

    @Test
    void anExceptionOfATaskReachesTheCallerAndThePoolGoesOn() {
        try (WorkerPool pool = new WorkerPool(2)) {
            for (int round = 0; round < 200; round++) {
                IllegalStateException thrown = assertThrows(
                        IllegalStateException.class,
                        () -> pool.run(8, i -> {
                            if (i == 3) {
                                throw new IllegalStateException("task 3");
                            }
                        }));
                assertEquals("task 3", thrown.getMessage());
            }
            AtomicInteger runs = new AtomicInteger();
            pool.run(8, i -> runs.incrementAndGet());
            assertEquals(8, runs.get());
        }
    }

    @Test
    void aTaskMayRunTasksOfItsOwn() {
        try (WorkerPool pool = new WorkerPool(2)) {
            AtomicInteger runs = new AtomicInteger();
            pool.run(4, outer -> pool.run(5, inner -> runs.incrementAndGet()));
            assertEquals(20, runs.get());
        }
    }

    @Test
    void aClosedPoolRefusesWork() {
        WorkerPool pool = new WorkerPool(2);
        pool.close();
        assertThrows(IllegalStateException.class, () -> pool.run(1, i -> {}));
    }

    @Test
    void aNegativeNumberOfThreadsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new WorkerPool(-1));
    }
}
