package unweave.kernels.cuda;

import unweave.kernels.Floats;

/** Sums of rows, {@code sumRows.cu}: a group of lanes for a short row, blocks for the segments of a long one. */
final class RowSums {
    private static final int BLOCK = 256;
    /** 16 values for each lane of a warp; of longer rows there may be too few to keep enough loads in flight. */
    private static final int LONGEST_FOR_LANES = 512;
    /** Values of a row that one block sums; as in sumRows.cu. */
    private static final int SEGMENT = 16_384;
    /** Doubles lie in memory of floats. */
    private static final int FLOATS_PER_DOUBLE = 2;

    private final CudaDevice device;

    RowSums(CudaDevice device) {
        this.device = device;
    }

    void sum(int width, Floats x, Floats sums) {
        long rows = sums.size();
        if (width <= LONGEST_FOR_LANES) {
            sumByLanes("sumRows", width, x, sums);
            return;
        }
        int segments = (width + SEGMENT - 1) / SEGMENT;
        if (segments == 1) {
            sumSegments(width, segments, x, null, sums);
            return;
        }
        try (Floats segmentSums = device.floats(FLOATS_PER_DOUBLE * rows * segments)) {
            sumSegments(width, segments, x, segmentSums, sums);
            sumByLanes("sumSegments", segments, segmentSums, sums);
        }
    }

    private void sumSegments(int width, int segments, Floats x, Floats segmentSums, Floats sums) {
        long rows = sums.size();
        device.kernel("sumRowSegments")
                .value(width)
                .in(x)
                .in(segmentSums)
                .in(sums)
                .value(Math.toIntExact(rows))
                .grid(segments, Math.min(rows, 65_535), 1)
                .block(BLOCK)
                .work((double) x.size(), Float.BYTES * (double) x.size())
                .run();
    }

    private void sumByLanes(String kernel, int width, Floats x, Floats sums) {
        int lanes = Math.min(32, ElementLaunches.powerOfTwoFrom(width));
        device.kernel(kernel)
                .value(width)
                .value(lanes)
                .in(x)
                .in(sums)
                .value(sums.size())
                .over(sums.size() * lanes)
                .work((double) sums.size() * width, Float.BYTES * (double) (x.size() + sums.size()))
                .run();
    }
}
