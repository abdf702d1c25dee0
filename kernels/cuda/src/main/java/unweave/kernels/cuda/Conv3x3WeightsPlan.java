package unweave.kernels.cuda;

import static unweave.kernels.cuda.Conv3x3Plan.ceilDivide;

import unweave.kernels.ConvShape;

/**
 * How conv3x3_weights.cu cuts the sum over all pixels: into columns of so many rows, several to a block. Depends on the
 * shape alone.
 *
 * @param rows rows of pixels that a block walks down at a time
 * @param perBlock how many columns of that height a block takes
 * @param parts blocks that share the sum
 */
record Conv3x3WeightsPlan(Version version, int rows, int perBlock, int parts) {
    /** Two blocks on each of 132 multiprocessors. */
    private static final int WANTED_BLOCKS = 264;

    private static final int LEAST_ROWS = 4;

    /** Versions of the kernel. */
    enum Version {
        C8(8, 32, 96),
        C16(16, 16, 96),
        C32(32, 16, 192);

        /** Input channels, and output channels, of a block. */
        final int channels;
        /** Pixels of a row of a column. */
        final int width;

        final int threads;

        Version(int channels, int width, int threads) {
            this.channels = channels;
            this.width = width;
            this.threads = threads;
        }

        String kernel() {
            return "conv3x3_weights_c" + channels;
        }
    }

    static Conv3x3WeightsPlan of(ConvShape s) {
        int most = Math.max(s.inChannels(), s.outChannels());
        Version version = most <= 8 ? Version.C8 : most <= 16 ? Version.C16 : Version.C32;
        int channelTiles = ceilDivide(s.inChannels(), version.channels) * ceilDivide(s.outChannels(), version.channels);
        int wanted = Math.max(1, WANTED_BLOCKS / channelTiles);
        int columns = s.batch() * ceilDivide(s.inWidth(), version.width);
        int pieces = Math.max(1, Math.min(wanted / columns, s.inHeight() / LEAST_ROWS));
        int rows = ceilDivide(s.inHeight(), pieces);
        int all = columns * ceilDivide(s.inHeight(), rows);
        int perBlock = ceilDivide(all, Math.min(all, wanted));
        return new Conv3x3WeightsPlan(version, rows, perBlock, ceilDivide(all, perBlock));
    }
}
