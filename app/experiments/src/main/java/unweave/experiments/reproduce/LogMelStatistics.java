package unweave.experiments.reproduce;

import unweave.explain.data.InputSet;

/**
 * Mean and deviation of the values of log-mel spectrograms (thesis A.1, Eq. A.2).
 *
 * <p>mean = sum(x) / n, deviation = sqrt(sum(x^2) / n - mean^2) over all n values of all inputs.
 *
 * @param inputs how many spectrograms
 * @param deviationOfMeans the deviation of the inputs' means: the thesis' "averaged across all instances" may be either
 */
record LogMelStatistics(long inputs, double mean, double deviation, double deviationOfMeans) {

    /** Adds up inputs one after the other, in double precision and in the order they come in. */
    static final class Sums {
        private long inputs;
        private long values;
        private double sum;
        private double squares;
        private double means;
        private double squaredMeans;

        /** @param batch inputs one after the other, each of {@code size} values; not modified */
        void add(float[] batch, int size) {
            for (int first = 0; first < batch.length; first += size) {
                double ofInput = 0;
                for (int i = first; i < first + size; i++) {
                    ofInput += batch[i];
                    squares += (double) batch[i] * batch[i];
                }
                sum += ofInput;
                means += ofInput / size;
                squaredMeans += ofInput / size * (ofInput / size);
                inputs++;
                values += size;
            }
        }

        void add(InputSet set) {
            for (float[] input : set.inputs()) {
                add(input, input.length);
            }
        }

        LogMelStatistics result() {
            double mean = sum / values;
            return new LogMelStatistics(
                    inputs, mean, deviation(squares / values, mean), deviation(squaredMeans / inputs, means / inputs));
        }

        private static double deviation(double meanSquare, double mean) {
            return Math.sqrt(Math.max(0, meanSquare - mean * mean));
        }
    }
}
