package unweave.kernels.reference;

/** The definition of {@link unweave.kernels.Indexing}. */
public final class ReferenceIndexing {
    private ReferenceIndexing() {}

    /** See {@link unweave.kernels.Indexing#gather}. */
    public static void gather(int width, int sources, double[] x, int[] index, double fill, double[] y) {
        for (int n = 0; n < x.length / (sources * width); n++) {
            for (int i = 0; i < index.length; i++) {
                for (int c = 0; c < width; c++) {
                    y[(n * index.length + i) * width + c] =
                            index[i] < 0 ? fill : x[(n * sources + index[i]) * width + c];
                }
            }
        }
    }

    /** See {@link unweave.kernels.Indexing#gatherBackward}. */
    public static void gatherBackward(int width, int outputs, double[] dy, int[] starts, int[] places, double[] dx) {
        int sources = starts.length - 1;
        for (int n = 0; n < dy.length / (outputs * width); n++) {
            for (int j = 0; j < sources; j++) {
                for (int c = 0; c < width; c++) {
                    double sum = 0;
                    for (int k = starts[j]; k < starts[j + 1]; k++) {
                        sum += dy[(n * outputs + places[k]) * width + c];
                    }
                    dx[(n * sources + j) * width + c] = sum;
                }
            }
        }
    }
}
