package unweave.kernels.cuda;

import unweave.kernels.ConvShape;

/**
 * How conv3x3.cuh cuts a convolution into blocks: which version of the kernel, which tile of pixels, and into how many
 * parts the sum over the input channels. Depends on the shape alone, so that the results do, too.
 *
 * @param inChannels channels of what is read: dy's for the input gradient
 * @param tiles tiles of pixels, of all images
 * @param channelsPerPart input channels that one block sums over
 */
record Conv3x3Plan(Version version, Tile tile, int inChannels, int outChannels, int tiles, int channelsPerPart) {
    /** Blocks that keep the largest devices of today busy (two or so on each of 132 multiprocessors). */
    private static final int WANTED_BLOCKS = 256;
    /**
     * Input channels that a part should have at least: two steps of the main loop, of which the first waits for memory.
     */
    private static final int LEAST_CHANNELS = 8;

    /** Versions of the kernel. */
    enum Version {
        N8(8, 256, 64),
        N16(16, 256, 128),
        N32(32, 256, 128),
        N64(64, 128, 128);

        /** Output channels of a block. */
        final int channels;
        /** Output pixels of a block. */
        final int pixels;

        final int threads;

        Version(int channels, int pixels, int threads) {
            this.channels = channels;
            this.pixels = pixels;
            this.threads = threads;
        }

        static Version of(int outChannels) {
            if (outChannels <= 8) {
                return N8;
            }
            if (outChannels <= 16) {
                return N16;
            }
            int rest = outChannels % N64.channels;
            return rest > 0 && rest <= N32.channels ? N32 : N64;
        }

        /** What the name of a kernel ends with. */
        String suffix() {
            return "_n" + channels;
        }
    }

    /**
     * The pixels of a block.
     *
     * @param images where images are smaller than a block, how many share it
     * @param pitch floats from row to row in shared memory: room for width + 2, chosen against bank conflicts
     */
    record Tile(int width, int height, int images, int pitch) {
        int countOf(int batch, int imageHeight, int imageWidth) {
            return ceilDivide(batch, images) * ceilDivide(imageHeight, height) * ceilDivide(imageWidth, width);
        }
    }

    /** Whether the fast path can compute this convolution, forwards and towards its input. */
    static boolean suits(ConvShape s) {
        return isPlain(s)
                && s.inChannels() % 4 == 0
                && s.outChannels() % 4 == 0
                && Math.max(s.inputSize(), s.outputSize()) <= Integer.MAX_VALUE;
    }

    /** 3x3, stride 1, padding 1, no dilation, one group. */
    static boolean isPlain(ConvShape s) {
        return s.equals(ConvShape.same(s.batch(), s.inHeight(), s.inWidth(), s.inChannels(), s.outChannels(), 3));
    }

    static Conv3x3Plan forward(ConvShape s) {
        return of(s, s.inChannels(), s.outChannels());
    }

    static Conv3x3Plan towardsInput(ConvShape s) {
        return of(s, s.outChannels(), s.inChannels());
    }

    private static Conv3x3Plan of(ConvShape s, int inChannels, int outChannels) {
        Version version = Version.of(outChannels);
        Tile best = null;
        for (Tile tile : candidates(version.pixels)) {
            if (best == null || tilesOf(tile, s) < tilesOf(best, s)) {
                best = tile;
            }
        }
        int blocks = tilesOf(best, s) * ceilDivide(outChannels, version.channels);
        int parts = Math.max(1, Math.min(inChannels / LEAST_CHANNELS, WANTED_BLOCKS / blocks));
        return new Conv3x3Plan(
                version, best, inChannels, outChannels, tilesOf(best, s), 4 * ceilDivide(inChannels / 4, parts));
    }

    private static Tile[] candidates(int pixels) {
        return new Tile[] {
            new Tile(16, pixels / 16, 1, 24), new Tile(32, pixels / 32, 1, 36), new Tile(8, 8, pixels / 64, 12)
        };
    }

    private static int tilesOf(Tile tile, ConvShape s) {
        return tile.countOf(s.batch(), s.inHeight(), s.inWidth());
    }

    int parts() {
        return ceilDivide(inChannels, channelsPerPart);
    }

    int outputTiles() {
        return ceilDivide(outChannels, version.channels);
    }

    static int ceilDivide(int a, int b) {
        return (a + b - 1) / b;
    }

    static long ceilDivide(long a, long b) {
        return (a + b - 1) / b;
    }
}
