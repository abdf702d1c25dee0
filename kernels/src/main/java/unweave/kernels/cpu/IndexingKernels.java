package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Floats;
import unweave.kernels.Indexing;
import unweave.kernels.Ints;

/** {@link unweave.kernels.Indexing} on arrays: rows are copied and added whole, which C2 vectorises by itself. */
final class IndexingKernels implements Indexing {
    private final WorkerPool pool;
    private final CpuMemory memory;

    IndexingKernels(WorkerPool pool, CpuMemory memory) {
        this.pool = pool;
        this.memory = memory;
    }

    @Override
    public void gather(int width, int sources, Floats x, Ints index, float fill, Floats y) {
        gather(width, sources, memory.array(x), memory.array(index), fill, memory.array(y));
    }

    @Override
    public void gatherBackward(int width, int outputs, Floats dy, Ints starts, Ints places, Floats dx) {
        gatherBackward(width, outputs, memory.array(dy), memory.array(starts), memory.array(places), memory.array(dx));
    }

    private void gather(int width, int sources, float[] x, int[] index, float fill, float[] y) {
        int batch = Indexing.batch(x.length, sources, y.length, index.length, width);
        Elements.forEachRow(pool, batch * index.length, width, (from, to) -> {
            for (int r = from; r < to; r++) {
                int n = r / index.length;
                int source = index[r - n * index.length];
                if (source < 0) {
                    Arrays.fill(y, r * width, (r + 1) * width, fill);
                } else if (width == 1) {
                    y[r] = x[n * sources + source];
                } else {
                    System.arraycopy(x, (n * sources + source) * width, y, r * width, width);
                }
            }
        });
    }

    private void gatherBackward(int width, int outputs, float[] dy, int[] starts, int[] places, float[] dx) {
        int sources = starts.length - 1;
        int batch = Indexing.batch(dy.length, outputs, dx.length, sources, width);
        Elements.forEachRow(pool, batch * sources, width, (from, to) -> {
            for (int r = from; r < to; r++) {
                int n = r / sources;
                int j = r - n * sources;
                if (width == 1) {
                    dx[r] = sum(dy, n * outputs, places, starts[j], starts[j + 1]);
                } else {
                    sumRows(width, dy, n * outputs, places, starts[j], starts[j + 1], dx, r * width);
                }
            }
        });
    }

    private static float sum(float[] dy, int offset, int[] places, int from, int to) {
        float sum = 0;
        for (int k = from; k < to; k++) {
            sum += dy[offset + places[k]];
        }
        return sum;
    }

    private static void sumRows(
            int width, float[] dy, int offset, int[] places, int from, int to, float[] dx, int target) {
        Arrays.fill(dx, target, target + width, 0f);
        for (int k = from; k < to; k++) {
            int row = (offset + places[k]) * width;
            for (int c = 0; c < width; c++) {
                dx[target + c] += dy[row + c];
            }
        }
    }
}
