package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.kernels.Spans;

class BatchLoaderTest {
    private static final int SIZE = 23;

    /**
     * Input i is i and its seed. Some take long, so that parts get other sizes and end in another order than they
     * began.
     */
    private static final class Numbers implements TrainingData {
        private final AtomicInteger loaded = new AtomicInteger();

        @Override
        public int size() {
            return SIZE;
        }

        @Override
        public void load(int index, long seed, float[] target, int offset) throws IOException {
            if (index % 3 == 0) {
                try {
                    Thread.sleep(2);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            target[offset] = index;
            target[offset + 1] = seed;
            loaded.incrementAndGet();
        }

        @Override
        public int label(int index) {
            return index % 2;
        }
    }

    private static BatchLoader.Pass pass(int... order) {
        IntToLongFunction seeds = index -> 100L * order.length + index;
        return new BatchLoader.Pass(order, seeds);
    }

    private static BatchLoader loader(TrainingData data, LoaderThreads threads, BatchLoader.Pass... passes) {
        return new BatchLoader(
                data, 2, 4, false, threads, Spans.NONE, List.of(passes).iterator());
    }

    @Test
    void batchesComeInOrderWhateverTheNumberOfThreads() throws IOException {
        int[] backwards = IntStream.range(0, SIZE).map(i -> SIZE - 1 - i).toArray();
        for (int count : new int[] {1, 3, 9}) {
            try (LoaderThreads threads = new LoaderThreads(count);
                    BatchLoader loader = loader(new Numbers(), threads, pass(backwards), pass(5, 7))) {
                List<String> seen = new ArrayList<>();
                loader.forEach(batch -> seen.add(Arrays.toString(batch.inputs()) + Arrays.toString(batch.labels())));
                assertEquals(6, seen.size());
                assertEquals("[22.0, 2322.0, 21.0, 2321.0, 20.0, 2320.0, 19.0, 2319.0][0, 1, 0, 1]", seen.get(0));
                assertEquals("[2.0, 2302.0, 1.0, 2301.0, 0.0, 2300.0][0, 1, 0]", seen.get(5));
                seen.clear();
                loader.forEach(batch -> seen.add(Arrays.toString(batch.inputs())));
                assertEquals(List.of("[5.0, 205.0, 7.0, 207.0]"), seen);
                loader.forEach(batch -> assertEquals(0, batch.size(), "no pass is left"));
            }
        }
    }

    @Test
    void onlyAFewBatchesAreLoadedAhead() throws IOException {
        Numbers data = new Numbers();
        try (LoaderThreads threads = new LoaderThreads(3);
                BatchLoader loader =
                        loader(data, threads, pass(IntStream.range(0, SIZE).toArray()))) {
            int[] used = {0};
            loader.forEach(batch -> {
                used[0] += batch.size();
                assertTrue(data.loaded.get() - used[0] <= 8, data.loaded + " loaded, " + used[0] + " used");
            });
        }
    }

    @Test
    void theFirstFailureInOrderIsReported() {
        TrainingData data = new TrainingData() {
            @Override
            public int size() {
                return SIZE;
            }

            @Override
            public void load(int index, long seed, float[] target, int offset) throws IOException {
                if (index >= 6) {
                    throw new IOException("input " + index);
                }
            }

            @Override
            public int label(int index) {
                return 0;
            }
        };
        for (int count : new int[] {1, 3, 9}) {
            try (LoaderThreads threads = new LoaderThreads(count);
                    BatchLoader loader =
                            loader(data, threads, pass(IntStream.range(0, SIZE).toArray()))) {
                assertEquals(
                        "input 6",
                        assertThrows(IOException.class, () -> loader.forEach(batch -> {}))
                                .getMessage());
            }
        }
    }
}
