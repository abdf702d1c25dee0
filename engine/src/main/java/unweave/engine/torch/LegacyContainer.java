package unweave.engine.torch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The format before PyTorch 1.6: pickles of a magic number, a version, the machine, the saved value and the keys of its
 * storages, then each storage as its number of values (64 bits) and the values.
 */
final class LegacyContainer implements TorchContainer {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;

    private final FileChannel channel;
    private final Object root;
    private final ByteOrder order;
    /** The first byte of each storage, its count left out. */
    private final Map<String, Long> places = new HashMap<>();

    private LegacyContainer(FileChannel channel) throws IOException {
        this.channel = channel;
        Counted in = new Counted(Channels.newInputStream(channel));
        Unpickler pickles = new Unpickler(in);
        if (!MAGIC.equals(pickles.read())) {
            throw new Malformed("is no file of torch.save, of safetensors or of ONNX");
        }
        if (!Long.valueOf(VERSION).equals(pickles.read())) {
            throw new Malformed("is of another version of torch.save than " + VERSION + "; save it again");
        }
        order = pickles.read() instanceof Map<?, ?> machine && Boolean.FALSE.equals(machine.get("little_endian"))
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN;
        root = pickles.read();
        Map<String, Storage> storages = pickles.storages();
        if (!(pickles.read() instanceof List<?> keys)) {
            throw new Malformed("has no list of its storages");
        }
        findPlaces(keys, storages, in.position);
    }

    static boolean begins(byte[] first) {
        return first.length >= 2 && (first[0] & 0xff) == 0x80 && first[1] >= 2 && first[1] <= 5;
    }

    static LegacyContainer open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new LegacyContainer(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void findPlaces(List<?> keys, Map<String, Storage> storages, long start) throws IOException {
        long position = start;
        for (Object key : keys) {
            long count =
                    read(position, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
            Storage storage = storages.get(key);
            if (storage == null || storage.type() == null) {
                throw new Malformed("has a storage " + key + " of numbers of an unknown type; save it again");
            }
            int bytes = storage.type().bytes();
            if (count < 0 || count > (channel.size() - position - Long.BYTES) / bytes) {
                throw new Malformed("ends in the middle of storage " + key);
            }
            places.put(storage.key(), position + Long.BYTES);
            position += Long.BYTES + count * bytes;
        }
    }

    private ByteBuffer read(long position, long length) throws IOException {
        if (length > Integer.MAX_VALUE || length > channel.size() - position) {
            throw new Malformed("ends in the middle of its tensors");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) length);
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {}
        return buffer.flip();
    }

    @Override
    public Object root() {
        return root;
    }

    @Override
    public ByteBuffer bytes(Storage storage) throws IOException {
        Long place = places.get(storage.key());
        if (place == null) {
            throw new Malformed("its storage " + storage.key() + " is not in the file");
        }
        return read(place, storage.count() * storage.type().bytes()).order(order);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Knows how many bytes were read. */
    private static final class Counted extends InputStream {
        private final InputStream in;
        private long position;

        Counted(InputStream in) {
            this.in = new BufferedInputStream(in);
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            position += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            position += Math.max(read, 0);
            return read;
        }
    }
}
