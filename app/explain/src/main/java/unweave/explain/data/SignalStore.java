package unweave.explain.data;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.kernels.BadInputException;

/**
 * Mono signals of any length to read parts of, in blocks: the first ones in memory, the others in a temporary file that
 * has no name any more and goes with the program. Several threads may use one.
 */
final class SignalStore {
    private static final int BLOCK = 1 << 16;
    /** Of the heap. */
    private static final int PART_IN_MEMORY = 4;
    /** Of one signal. */
    private static final int MOST_SAMPLES = Integer.MAX_VALUE - 8;

    private final Path folder;
    private long samplesInMemory;
    /** Null as long as all are in memory. */
    private RandomAccessFile file;

    /** A store that takes a quarter of the heap before it uses a file. */
    SignalStore() {
        this(
                Runtime.getRuntime().maxMemory() / PART_IN_MEMORY / Float.BYTES,
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * @param samplesInMemory of all signals together
     * @param folder of the file
     */
    SignalStore(long samplesInMemory, Path folder) {
        this.samplesInMemory = samplesInMemory;
        this.folder = folder;
    }

    /** Where samples come from, see {@link SignalReader#read}. */
    interface Source {
        int read(float[] target, int offset, int count) throws IOException;
    }

    /** @param samples null where they are in the file, from {@code position} on */
    private record Block(float[] samples, long position) {}

    /**
     * Takes in a signal to its end.
     *
     * @throws IOException if it cannot be read, or there is no room for the file
     * @throws BadInputException if it has more samples than an array can have
     */
    Signal add(Source source) throws IOException {
        List<Block> blocks = new ArrayList<>();
        float[] samples = new float[BLOCK];
        long length = 0;
        for (int read; (read = source.read(samples, 0, BLOCK)) > 0; length += read) {
            blocks.add(keep(samples, read));
            if (length + read > MOST_SAMPLES) {
                throw new BadInputException("more than " + MOST_SAMPLES + " samples are too many to cut slices from");
            }
        }
        return new Signal(blocks, (int) length);
    }

    private synchronized Block keep(float[] samples, int count) throws IOException {
        if (count <= samplesInMemory) {
            samplesInMemory -= count;
            return new Block(Arrays.copyOf(samples, count), 0);
        }
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES);
        bytes.asFloatBuffer().put(samples, 0, count);
        byte[] all = new byte[bytes.capacity()];
        bytes.get(all);
        try {
            if (file == null) {
                file = nameless();
            }
            long position = file.length();
            file.seek(position);
            file.write(all);
            return new Block(null, position);
        } catch (IOException e) {
            throw new IOException(
                    "sounds beyond a quarter of the heap go to a file in " + folder + ", which failed: "
                            + UnreadableFile.reason(e)
                            + "; UNWEAVE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another folder",
                    e);
        }
    }

    private RandomAccessFile nameless() throws IOException {
        Path path = Files.createTempFile(folder, "unweave-", ".sounds");
        File named = path.toFile();
        RandomAccessFile opened = new RandomAccessFile(named, "rw");
        if (!named.delete()) { // not every system gives up the name of an open file
            named.deleteOnExit();
        }
        return opened;
    }

    /** Not a channel: that would be closed for all when one of the threads that read from it is interrupted. */
    private synchronized void read(long position, float[] target, int offset, int count) throws IOException {
        byte[] bytes = new byte[count * Float.BYTES];
        file.seek(position);
        file.readFully(bytes);
        ByteBuffer.wrap(bytes).asFloatBuffer().get(target, offset, count);
    }

    /** A signal that is kept here. */
    final class Signal {
        private final List<Block> blocks;
        private final int length;

        private Signal(List<Block> blocks, int length) {
            this.blocks = blocks;
            this.length = length;
        }

        /** Number of samples. */
        int length() {
            return length;
        }

        /** A part of the signal, with zeros behind its end. */
        float[] part(int first, int count) throws IOException {
            float[] part = new float[count];
            int end = (int) Math.min(length, (long) first + count);
            for (int place = first; place < end; ) {
                int inBlock = place % BLOCK;
                int now = Math.min(end - place, BLOCK - inBlock);
                Block block = blocks.get(place / BLOCK);
                if (block.samples() != null) {
                    System.arraycopy(block.samples(), inBlock, part, place - first, now);
                } else {
                    read(block.position() + (long) inBlock * Float.BYTES, part, place - first, now);
                }
                place += now;
            }
            return part;
        }

        /** Whether all samples from {@code first} on, before {@code end}, are zero. */
        boolean silent(int first, long end) throws IOException {
            return sounding(first, end, 0) < 0;
        }

        /** How many of these samples are not zero. */
        int sounding(int first, long end) throws IOException {
            int count = 0;
            int last = (int) Math.min(length, end);
            for (int place = first; place < last; place += BLOCK) {
                for (float value : part(place, Math.min(BLOCK, last - place))) {
                    count += value != 0 ? 1 : 0;
                }
            }
            return count;
        }

        /**
         * The place of one of these samples that are not zero.
         *
         * @param number of it among them, from 0
         * @return -1 if there are not so many
         */
        int sounding(int first, long end, int number) throws IOException {
            int left = number;
            int last = (int) Math.min(length, end);
            for (int place = first; place < last; place += BLOCK) {
                float[] part = part(place, Math.min(BLOCK, last - place));
                for (int n = 0; n < part.length; n++) {
                    if (part[n] != 0 && left-- == 0) {
                        return place + n;
                    }
                }
            }
            return -1;
        }
    }
}
